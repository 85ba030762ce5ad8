import { describe, expect, test } from "vitest";
import { outcomeOf } from "./history-notation.ts";

/** One rule of docs/alerts.md; `history-notation.ts` describes the notation. */
function chapter(title: string, rows: readonly (readonly [sentence: string, history: string])[]): void {
  describe(title, () => {
    test.each(rows)("%s: %s", (_, history) => {
      const [steps = "", outcome = ""] = history.split(" -> ");
      expect(outcomeOf(steps)).toBe(outcome);
    });
  });
}

chapter("what is bad (ALERTS 2, 9)", [
  ["ALERTS 9: a package in error opens an alert", "t0[error] -> open: t0 alert"],
  ["ALERTS 9: also one that was good", "t0[provisioned] t5[error] -> open: t5 alert"],
  ["ALERTS 5, 9: a quick poll opens", "t0[poll error] -> open: t0 alert"],
  ["ALERTS 5, 9: a page opens, whatever becomes of its sweep", "t0[page error] -> open: t0 alert"],
  ["ALERTS 6, 9: so does a suspect sweep", "t0[suspect error] -> open: t0 alert"],
  [
    "ALERTS 9, 19: it is told once, however often it is seen",
    "t0[error] t1[poll error] t5[error] t9[page error] t10[error] -> open: t0 alert",
  ],
  [
    "ALERTS 2: whatever moves is not in error, unknown statuses neither",
    "t0[provisioning] t5[pending_rpl_review] t10[of_tomorrow] -> nothing: silence",
  ],
  ["ALERTS 2: the customer itself may be in error", "t0[customer error] -> open: t0 alert of the customer"],
  [
    "ALERTS 2: it is told of by its packages where one is in error",
    "t0[customer provisioned_with_errors error] -> open: t0 alert",
  ],
  [
    "ALERTS 2: and by itself where none is",
    "t0[customer provisioned_with_errors provisioned] -> open: t0 alert of the customer",
  ],
  [
    "ALERTS 2: in error both, it is inhibited until the package has recovered",
    "t0[customer error error] t5[customer error] t10[customer error]" +
      " -> open / recovered: t0 alert, t10 alert of the customer, t10 recovery",
  ],
]);

chapter("retries (ALERTS 10)", [
  [
    "ALERTS 10: an attempt that is under way leaves it open, and tells nothing",
    "t0[error] t5[provisioning] t10[updating] -> open, retrying, attempt 2: t0 alert",
  ],
  [
    "ALERTS 10: a retry that failed is told in its thread",
    "t0[error] t5[provisioning] t10[error] -> open, attempt 2: t0 alert, t10 retry failed",
  ],
  [
    "ALERTS 10: so is every other one",
    "t0[error] t5[provisioning] t10[error] t15[updating] t20[error]" +
      " -> open, attempt 3: t0 alert, t10 retry failed, t20 retry failed",
  ],
  [
    "ALERTS 10, 11: it failed also if it was good for one reading",
    "t0[error] t5[provisioning] t10[provisioned] t15[error] -> open, attempt 2: t0 alert, t15 retry failed",
  ],
  [
    "ALERTS 10: a page is enough to say that it failed, and the rest of its sweep does not say so again",
    "t0[error] t5[provisioning] t10[page error] t11[error] -> open, attempt 2: t0 alert, t10 retry failed",
  ],
  ["ALERTS 10, c: a page does not begin a retry", "t0[error] t5[page provisioning] t10[error] -> open: t0 alert"],
  [
    "ALERTS 10: what is being deleted is not reminded of",
    "t0[error] t5[deleting] -> open, attempt 2, suspended: t0 alert",
  ],
  [
    "ALERTS 10: unless it is in error again",
    "t0[error] t5[deleting] t10[error] -> open, attempt 2: t0 alert, t10 retry failed",
  ],
  [
    "ALERTS 10, 11: a retry that worked is a recovery",
    "t0[error] t5[provisioning] t10[provisioned] t15[provisioned]" + " -> recovered, attempt 2: t0 alert, t15 recovery",
  ],
]);

chapter("healing (ALERTS 11)", [
  ["ALERTS 11: good once is not recovered", "t0[error] t5[provisioned] -> healing: t0 alert"],
  ["ALERTS 11: good twice is", "t0[error] t5[provisioned] t10[provisioned] -> recovered: t0 alert, t10 recovery"],
  [
    "ALERTS 5, 11: quick polls heal too",
    "t0[error] t1[poll provisioned] t2[poll provisioned] -> recovered: t0 alert, t2 recovery",
  ],
  [
    "ALERTS 11, c: pages do not",
    "t0[error] t1[page provisioned] t2[page provisioned] t3[page provisioned] -> open: t0 alert",
  ],
  [
    "ALERTS 11: in error again before that, nothing is said",
    "t0[error] t5[provisioned] t10[error] t15[provisioned] -> healing: t0 alert",
  ],
  [
    "ALERTS 10, 11: good and moving again is one more attempt, and no recovery yet",
    "t0[error] t5[provisioned] t10[updating] t15[provisioned] -> healing, attempt 2: t0 alert",
  ],
  [
    "ALERTS 10, 11: and when that one fails, it is said",
    "t0[error] t5[provisioned] t10[updating] t15[error] -> open, attempt 2: t0 alert, t15 retry failed",
  ],
]);

chapter("re-opening (ALERTS 12)", [
  [
    "ALERTS 12: within REOPEN_WINDOW it is the same alert",
    "t0[error] t5[provisioned] t10[provisioned] t40[error] -> open: t0 alert, t10 recovery, t40 reopen",
  ],
  [
    "ALERTS 12: later it is a new one",
    "t0[error] t5[provisioned] t10[provisioned] t41[error]" + " -> recovered / open: t0 alert, t10 recovery, t41 alert",
  ],
  [
    "ALERTS 12, 22: and no longer acknowledged",
    "t0[error] t1[ack] t5[provisioned] t10[provisioned] t15[error]" + " -> open: t0 alert, t10 recovery, t15 reopen",
  ],
  [
    "ALERTS 22: it stays acknowledged while it is retried or heals",
    "t0[error] t1[ack] t5[provisioning] t10[error] t15[provisioned] t20[error]" +
      " -> open, attempt 2, ack: t0 alert, t10 retry failed",
  ],
]);

/** Opened at 0, and re-opened at 15, 30 and 45. */
const FLAPS =
  "t0[error] t5[provisioned] t10[provisioned] t15[error] t20[provisioned] t25[provisioned]" +
  " t30[error] t35[provisioned] t40[provisioned] t45[error]";
const FLAP_MESSAGES = "t0 alert, t10 recovery, t15 reopen, t25 recovery, t30 reopen, t40 recovery, t45 flapping";

/** Re-opened at 20 and at 80, and recovered since. */
const SLOW_REOPENS =
  "t0[error] t5[provisioned] t10[provisioned] t20[error] t60[provisioned] t65[provisioned]" +
  " t80[error] t100[provisioned] t105[provisioned]";
const SLOW_MESSAGES = "t0 alert, t10 recovery, t20 reopen, t65 recovery, t80 reopen, t105 recovery";

/** Three alerts of the key: each opened after `REOPEN_WINDOW`. */
const NEW_ALERTS =
  "t0[error] t1[poll provisioned] t2[poll provisioned] t33[error] t34[poll provisioned] t35[poll provisioned]" +
  " t66[error] t67[poll provisioned] t68[poll provisioned]";
const NEW_ALERT_MESSAGES = "t0 alert, t2 recovery, t33 alert, t35 recovery, t66 alert, t68 recovery";

chapter("flapping (ALERTS 13)", [
  ["ALERTS 13: the third re-opening in 2 h is told as that", `${FLAPS} -> open, flapping: ${FLAP_MESSAGES}`],
  [
    "ALERTS 13: then there is silence",
    `${FLAPS} t50[provisioned] t55[provisioned] t60[error] t65[provisioning] t70[error]` +
      ` -> open, attempt 2, flapping: ${FLAP_MESSAGES}`,
  ],
  [
    "ALERTS 13: until 30 min and 5 readings without a change, when it is told that it is open",
    `${FLAPS} t50[error] t55[error] t60[error] t65[error] t70[error] t75[error] -> open: ${FLAP_MESSAGES}, t75 flapping-end`,
  ],
  [
    "ALERTS 13: or that it has recovered",
    `${FLAPS} t50[provisioned] t55[provisioned] t60[provisioned] t65[provisioned] t70[provisioned]` +
      ` t80[provisioned] -> recovered: ${FLAP_MESSAGES}, t80 recovery`,
  ],
  [
    "ALERTS 13: five readings are not enough before the time",
    `${FLAPS} t46[poll error] t47[poll error] t48[poll error] t49[poll error] t50[poll error] t74[poll error]` +
      ` -> open, flapping: ${FLAP_MESSAGES}`,
  ],
  [
    "ALERTS 13: nor is the time without five readings, and pages are none",
    `${FLAPS} t80[page error] t81[page error] t82[page error] t83[page error] t84[page error] t90[error]` +
      ` -> open, flapping: ${FLAP_MESSAGES}`,
  ],
  [
    "ALERTS 13: four are none either",
    `${FLAPS} t50[error] t55[error] t60[error] t80[error] -> open, flapping: ${FLAP_MESSAGES}`,
  ],
  [
    "ALERTS 13: four entries in exactly 2 h are enough",
    `${SLOW_REOPENS} t120[error] -> open, flapping: ${SLOW_MESSAGES}, t120 flapping`,
  ],
  ["ALERTS 13: a minute later they are not", `${SLOW_REOPENS} t121[error] -> open: ${SLOW_MESSAGES}, t121 reopen`],
  [
    "ALERTS 13: so are four alerts of one key, each of them new",
    `${NEW_ALERTS} t99[error]` +
      ` -> recovered / recovered / recovered / open, flapping: ${NEW_ALERT_MESSAGES}, t99 flapping`,
  ],
  [
    "ALERTS 13: and of this one, flapping ends as well",
    `${NEW_ALERTS} t99[error] t105[error] t110[error] t115[error] t120[error] t129[error]` +
      ` -> recovered / recovered / recovered / open: ${NEW_ALERT_MESSAGES}, t99 flapping, t129 flapping-end`,
  ],
  [
    "ALERTS 13: they are counted over 2 h, too",
    `${NEW_ALERTS} t121[error] -> recovered / recovered / recovered / open: ${NEW_ALERT_MESSAGES}, t121 alert`,
  ],
  [
    "ALERTS 12, 13: while it flaps it is the same alert, after REOPEN_WINDOW too",
    `${FLAPS} t50[provisioned] t55[provisioned] t100[error] -> open, flapping: ${FLAP_MESSAGES}`,
  ],
  [
    "ALERTS 13, 14: a package that is removed while it flaps has stopped, and that is told",
    `${FLAPS} t50[dropped] t55[dropped] t56[lookup dropped] -> package removed: ${FLAP_MESSAGES}, t56 recovery`,
  ],
  [
    "ALERTS 13, 14: so a new one in its place is a new alert, and the old one is not silent for ever",
    `${FLAPS} t50[absent] t55[absent] t56[404] t60[error]` +
      ` -> customer removed / open: ${FLAP_MESSAGES}, t56 recovery, t60 alert`,
  ],
  [
    "ALERTS 13, 23: a space that has muted it is not told",
    `${FLAPS.replace("t45", "t44[mute 60] t45")} t110[wait]` +
      ` -> open, flapping: ${FLAP_MESSAGES.replace("t45 flapping", "t110 flapping (was muted)")}`,
  ],
  [
    "ALERTS 13, 23: a mute that ends while it flaps leaves the silence as it is",
    `${FLAPS} t46[mute 10] t57[wait] t60[error] -> open, flapping: ${FLAP_MESSAGES}`,
  ],
  [
    "ALERTS 13, 18: nor is a space that does not watch it any more",
    `${FLAPS.replace("t45", "t44[unwatch] t45")} -> open, flapping: ${FLAP_MESSAGES.replace(", t45 flapping", "")}`,
  ],
  [
    "ALERTS 13, 19, 23: a space that was never told of it is told that it flaps when its mute ends",
    `t0[mute 50] ${FLAPS} t51[wait] t55[error] t60[error] t65[error] t70[error] t75[error]` +
      " -> open: t51 flapping (was muted), t75 flapping-end",
  ],
  [
    "ALERTS 13, 23: also when it is healthy at that time",
    `t0[mute 60] ${FLAPS} t50[provisioned] t55[provisioned] t61[wait] -> recovered, flapping: t61 flapping (was muted)`,
  ],
  [
    "ALERTS 13, 15: a new watch is told of it as well, whatever it is at that time",
    `t0[unwatch] ${FLAPS} t50[provisioned] t55[provisioned] t56[watch] -> recovered, flapping: t56 1 already`,
  ],
  [
    "ALERTS 12, 13, 22: an acknowledgement stays while it flaps",
    `${FLAPS} t46[ack] t50[provisioned] t55[provisioned] t60[error] -> open, flapping, ack: ${FLAP_MESSAGES}`,
  ],
  [
    "ALERTS 13, 22: somebody may acknowledge it while it is healthy",
    `${FLAPS} t50[provisioned] t55[provisioned] t56[ack] t60[error] -> open, flapping, ack: ${FLAP_MESSAGES}`,
  ],
]);

chapter("removal (ALERTS 6, 14)", [
  ["ALERTS 14: absent once is nothing", "t0[error] t5[absent] -> open, absent 1: t0 alert"],
  ["ALERTS 14: nor is it twice", "t0[error] t5[absent] t10[absent] -> open, absent 2: t0 alert"],
  [
    "ALERTS 14: with a look-up that finds nobody, it is removed, and never recovered",
    "t0[error] t5[absent] t10[absent] t11[404] -> customer removed: t0 alert, t11 recovery",
  ],
  [
    "ALERTS 14: a package can go as well",
    "t0[error] t5[dropped] t10[dropped] t11[lookup dropped] -> package removed: t0 alert, t11 recovery",
  ],
  [
    "ALERTS 14: a look-up after one absence removes nobody",
    "t0[error] t5[absent] t6[404] t10[absent] -> open, absent 2: t0 alert",
  ],
  [
    "ALERTS 14: a customer that is found is not absent, and the count restarts",
    "t0[error] t5[absent] t10[absent] t11[lookup error] t15[absent] t16[404] -> open, absent 1: t0 alert",
  ],
  [
    "ALERTS 5: a quick poll removes nobody",
    "t0[error] t1[poll absent] t2[poll absent] t3[poll absent] -> open: t0 alert",
  ],
  ["ALERTS 5: nor does a page", "t0[error] t1[page absent] t2[page absent] t3[404] -> open: t0 alert"],
  ["ALERTS 6: nor a suspect sweep", "t0[error] t5[suspect absent] t10[suspect absent] t11[404] -> open: t0 alert"],
  [
    "ALERTS 14: back in error it is a new alert, however soon",
    "t0[error] t5[absent] t10[absent] t11[404] t15[error]" +
      " -> customer removed / open: t0 alert, t11 recovery, t15 alert",
  ],
  [
    "ALERTS 11, 14: away in between, good twice is still recovered",
    "t0[error] t5[provisioned] t10[absent] t15[provisioned] -> recovered: t0 alert, t15 recovery",
  ],
]);

chapter("reconciling (ALERTS 15, 18, 19)", [
  [
    "ALERTS 15: a new watch is told what is already, by one card",
    "t0[unwatch] t1[error] t5[watch] t10[error] -> open: t5 1 already",
  ],
  [
    "ALERTS 15, 19: and of that its recovery",
    "t0[unwatch] t1[error] t5[watch] t10[provisioned] t15[provisioned]" + " -> recovered: t5 1 already, t15 recovery",
  ],
  [
    "ALERTS 18: a space without watches is told nothing",
    "t0[unwatch] t1[error] t5[provisioning] t10[error] -> open, attempt 2: silence",
  ],
  [
    "ALERTS 19: but the end of what was told, however the watches were changed",
    "t0[error] t1[unwatch] t5[provisioned] t10[provisioned] -> recovered: t0 alert, t10 recovery",
  ],
  [
    "ALERTS 19: of what was not told, not even that",
    "t0[unwatch] t1[error] t5[provisioned] t10[provisioned] t11[watch]" + " -> recovered: t11 0 already",
  ],
]);

chapter("muting (ALERTS 23)", [
  [
    "ALERTS 23: what is muted is not told, until the mute ends",
    "t0[mute 30] t5[error] t29[wait] t30[wait] t35[error] -> open: t30 alert (was muted)",
  ],
  ["ALERTS 23: also when somebody ends the mute", "t0[mute 30] t5[error] t9[unmute] -> open: t9 alert (was muted)"],
  [
    "ALERTS 23: what has gone by then is not told at all",
    "t0[mute 30] t5[error] t10[provisioned] t15[provisioned] t30[wait] -> recovered: silence",
  ],
  [
    "ALERTS 23: a recovery of what was told goes out all the same",
    "t0[error] t1[mute 30] t5[provisioned] t10[provisioned] -> recovered: t0 alert, t10 recovery",
  ],
  [
    "ALERTS 23: what was told before is not told again at its end",
    "t0[error] t1[mute 30] t5[error] t31[wait] -> open: t0 alert",
  ],
  [
    "ALERTS 10, 23: but that a retry has failed meanwhile",
    "t0[error] t1[mute 30] t5[provisioning] t10[error] t31[wait] -> open, attempt 2: t0 alert, t31 retry failed",
  ],
  [
    "ALERTS 12, 23: or that it was re-opened",
    "t0[error] t1[mute 30] t5[provisioned] t10[provisioned] t15[error] t31[wait]" +
      " -> open: t0 alert, t10 recovery, t31 reopen (was muted)",
  ],
  [
    "ALERTS 23: of two mutes the longer one counts",
    "t0[mute 10] t1[mute 30] t5[error] t11[wait] t31[wait] -> open: t31 alert (was muted)",
  ],
  ["ALERTS 23: a mute of the past marks nothing", "t0[mute 5] t10[error] -> open: t10 alert"],
]);

chapter("outages (ALERTS 31)", [
  [
    "ALERTS 31: what is seen during an outage opens and heals",
    "t0[refused] t1[page error] t2[poll provisioned] t3[poll provisioned] -> recovered: t1 alert, t3 recovery",
  ],
  [
    "ALERTS 14, 31: nothing is removed during an outage, and a look-up heals",
    "t0[error] t5[absent] t10[absent] t11[refused] t12[404] t13[lookup provisioned]" + " -> healing: t0 alert",
  ],
  [
    "ALERTS 6, 31: a suspect sweep only opens",
    "t0[error] t1[suspect provisioned] t2[suspect provisioned] -> open: t0 alert",
  ],
  ["ALERTS 31: a complete sweep tells nothing twice", "t0[refused] t1[page error] t5[error] -> open: t1 alert"],
]);
