import { expect, test } from "vitest";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { closeAlert } from "../../src/domain/alerts/lifecycle.ts";
import { buildMessage } from "../../src/domain/alerts/messages.ts";
import type { OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import type { StormView } from "../../src/domain/views/views.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { customerOf, problemWithCode } from "../support/alert-fixtures.ts";
import { MINUTE } from "../support/time.ts";
import { ackChange } from "./alert-fixtures.ts";
import { postedInThread } from "./deliver-messages.ts";
import {
  alert,
  alertsFrom,
  closed,
  type OutboxHarness,
  onEveryOutbox,
  TIMINGS,
  WAITED,
  WAR,
  WINDOW,
} from "./outbox-fixtures.ts";

/** New alerts in each half minute of a storm that grows. */
const GROWTH = 12;

/** An alert with another code than the storm. */
const other = (id: number, code = 92101, at = NOON): Alert =>
  alert(id, {
    openedAt: at,
    badSince: at,
    subject: customerOf(`c${id}`, { webex_calling: "error" }, [problemWithCode(code)]),
  });

const stormOf = async ({ queue }: OutboxHarness) => JSON.parse((await queue(WAR)).storm ?? "null");

const viewOf = (message: OutgoingMessage, now: number) => buildMessage(message, now).view as StormView;

const idsOf = ({ notices }: OutgoingMessage) => notices.map(({ alertId }) => alertId);

/** Puts alerts and compares the room with them. */
async function see(harness: OutboxHarness, at: number, ...alerts: readonly Alert[]): Promise<void> {
  await harness.put(...alerts);
  await harness.reconcile(WAR, at);
}

onEveryOutbox((open) => {
  test("ALERTS 21: more than ten alerts at once are a storm, whose summary is edited and ends with one more", async () => {
    const harness = await open();
    const { deliverNext, notified, runScheduled, noticeStates, queue } = harness;
    await harness.deliverAlerts(11);
    expect(await stormOf(harness)).toMatchObject({ since: WAITED, messageId: "root", lastAt: WAITED, codes: [2560] });
    await see(harness, WAITED, closed(alert(1), WAITED), alert(12, { previousStatus: "provisioned" }));
    const edit = await deliverNext(WINDOW);
    expect(edit).toMatchObject({ form: "storm", storm: { step: "edit" } });
    expect(buildMessage(edit, WINDOW)).toMatchObject({
      editOf: "root",
      view: { notified: 12, open: 11, recovered: 1, removed: 0 },
    });
    expect((await notified(WAR)).map(({ messageId }) => messageId)).toEqual(Array(12).fill("root"));
    // An edit is no message, so it opens no window.
    expect((await queue(WAR)).lastGroupSentAt).toBe(WAITED);
    const quiet = WAITED + 2 * TIMINGS.intervalMs;
    await runScheduled(quiet - 1);
    expect(await noticeStates(WAR)).not.toContain("storm-end pending");
    await runScheduled(quiet);
    await runScheduled(quiet);
    const end = await deliverNext(quiet + TIMINGS.waitMs);
    expect(end).toMatchObject({ form: "storm", storm: { step: "end" }, notices: [{ kind: "storm-end" }] });
    expect(viewOf(end, quiet)).toMatchObject({ state: "over", notified: 12, open: 11, recovered: 1 });
    expect(await stormOf(harness)).toBeNull();
  });

  test("ALERTS 21: an alert that only the last summary tells stays on the card of the storm", async () => {
    const harness = await open();
    await harness.deliverAlerts(11);
    // After these edits the next one is due 40 minutes after the first summary.
    for (const [i, minutes] of [5, 10, 20].entries()) {
      const at = WAITED + minutes * MINUTE;
      await see(harness, at - TIMINGS.waitMs, alert(12 + i));
      expect(await harness.deliverNext(at)).toMatchObject({ storm: { step: "edit" } });
    }
    await see(harness, WAITED + 21 * MINUTE, alert(15));
    const quiet = WAITED + 21 * MINUTE + 2 * TIMINGS.intervalMs;
    await harness.runScheduled(quiet);
    const end = await harness.deliverNext(quiet + TIMINGS.waitMs, "end");
    expect(end).toMatchObject({ storm: { step: "end" }, notices: [{ kind: "alert" }, { kind: "storm-end" }] });
    expect((await harness.notified(WAR)).map(({ storm }) => storm)).toEqual(Array(15).fill("root"));
  });

  test("ALERTS 21: a new alert before the last summary keeps the storm going", async () => {
    const harness = await open();
    await harness.deliverAlerts(11);
    const quiet = WAITED + 2 * TIMINGS.intervalMs;
    await harness.runScheduled(quiet);
    await see(harness, quiet, ...alertsFrom(12, 2));
    expect(await harness.deliverNext(quiet + TIMINGS.waitMs)).toMatchObject({ storm: { step: "edit" } });
    expect((await harness.noticeStates(WAR)).filter((one) => one.startsWith("storm-end"))).toEqual([
      "storm-end cancelled",
    ]);
    expect(await harness.claim(quiet + TIMINGS.intervalMs)).toBeUndefined();
    await harness.runScheduled(quiet + 2 * TIMINGS.intervalMs);
    expect(await harness.deliverNext(quiet + 3 * TIMINGS.intervalMs)).toMatchObject({ storm: { step: "end" } });
    expect(await stormOf(harness)).toBeNull();
  });

  test("ALERTS 21: what fails with another code meanwhile is told by name, with the next window", async () => {
    const harness = await open();
    await harness.deliverAlerts(11);
    await see(harness, WAITED + MINUTE, other(12), alert(13), closed(alert(1), WAITED));
    expect(await harness.claim(WINDOW - 1)).toBeUndefined();
    const edit = await harness.deliverNext(WINDOW);
    expect(edit).toMatchObject({ storm: { step: "edit" } });
    expect(idsOf(edit).sort()).toEqual([1, 13]);
    const named = await harness.deliverNext(WINDOW, "named");
    expect(named).toMatchObject({ form: "single", notices: [{ alertId: 12, kind: "alert" }] });
    expect(await harness.claim(WINDOW)).toBeUndefined();
    await see(harness, WINDOW, closed(other(12), WINDOW));
    expect(await harness.deliverNext(WINDOW + TIMINGS.intervalMs)).toMatchObject({
      form: "single",
      notices: [{ alertId: 12, kind: "recovery" }],
    });
  });

  test("ALERTS 21: the recovery of what was told by name before the storm is told by name", async () => {
    const harness = await open();
    await harness.watch(WAR);
    await see(harness, NOON, other(50));
    await harness.deliverNext(WAITED, "single");
    await see(harness, WAITED, closed(other(50), WAITED), ...alertsFrom(1, 11));
    const first = await harness.deliverNext(WINDOW, "root");
    expect([first.storm?.step, first.notices.length, first.alerts.length]).toEqual(["first", 11, 11]);
    expect(await harness.deliverNext(WINDOW + TIMINGS.intervalMs)).toMatchObject({
      form: "single",
      notices: [{ alertId: 50, kind: "recovery" }],
    });
  });

  test("ALERTS 21: over ten of another code join the storm, with one reply that counts everything", async () => {
    const harness = await open();
    await harness.deliverAlerts(11);
    await see(harness, WAITED + MINUTE, alert(12));
    await harness.deliverNext(WINDOW);
    const joining = Array.from({ length: 11 }, (_, i) => other(20 + i));
    await see(harness, WINDOW, alert(13), ...joining);
    const reply = await harness.deliverNext(WINDOW + TIMINGS.waitMs, "reply");
    expect(reply.storm).toEqual({ step: "reply", codes: [2560, 92101], before: [] });
    expect(buildMessage(reply, WINDOW)).toMatchObject({ threadId: "root", view: { notified: 24, open: 24 } });
    expect(await stormOf(harness)).toMatchObject({ messageId: "root", codes: [2560, 92101], told: 24, posted: 24 });
    expect((await harness.notified(WAR)).every(({ messageId }) => messageId === "root")).toBe(true);
  });

  test("ALERTS 21: 20 of one code within 30 minutes are a storm; the others of that message are told by name", async () => {
    const harness = await open();
    await harness.watch(WAR);
    for (const round of [0, 1, 2]) {
      const at = NOON + round * TIMINGS.intervalMs;
      await see(harness, at, ...alertsFrom(1 + 6 * round, 6));
      expect(await harness.deliverNext(at + TIMINGS.waitMs)).toMatchObject({ form: "group" });
    }
    const at = NOON + 3 * TIMINGS.intervalMs;
    await see(harness, at, ...alertsFrom(19, 2), other(40));
    const first = await harness.deliverNext(at + TIMINGS.waitMs, "root");
    expect([first.storm?.step, idsOf(first), first.storm?.before.length]).toEqual(["first", [19, 20], 18]);
    expect(viewOf(first, at)).toMatchObject({ notified: 2, open: 2, before: 18 });
    expect(await harness.deliverNext(at + TIMINGS.waitMs + TIMINGS.intervalMs)).toMatchObject({
      form: "single",
      notices: [{ alertId: 40 }],
    });
    // The same alerts do not begin another storm.
    const later = at + 5 * TIMINGS.intervalMs;
    await harness.runScheduled(later);
    await harness.deliverNext(later + TIMINGS.waitMs);
    await see(harness, later, alert(21));
    expect(await harness.deliverNext(later + TIMINGS.waitMs + TIMINGS.intervalMs)).toMatchObject({ form: "single" });
  });

  test("ALERTS 21: customers that are removed while in error are counted as removed, not as well again", async () => {
    const harness = await open();
    await harness.deliverAlerts(12);
    const gone = alertsFrom(1, 12).map((one) => closeAlert(one, "customer removed", WAITED));
    await see(harness, WAITED, ...gone);
    const view = viewOf(await harness.deliverNext(WINDOW), WINDOW);
    expect(view).toMatchObject({ notified: 12, open: 0, recovered: 0, removed: 12 });
  });

  test("ALERTS 21, 30: where Webex refuses edits, a reply says the same, in the next window", async () => {
    const harness = await open();
    await harness.deliverAlerts(11);
    await see(harness, WAITED, alert(12));
    const edit = await harness.claimNext(WINDOW);
    expect(edit).toMatchObject({ storm: { step: "edit" } });
    expect(await harness.outbox.failed(edit, { kind: "edit rejected" }, WINDOW, 0.5)).toBe("retry");
    const reply = await harness.deliverNext(WINDOW, "reply");
    expect(reply).toMatchObject({ storm: { step: "reply" }, notices: [{ alertId: 12, possiblySent: false }] });
    expect(buildMessage(reply, WINDOW)).toMatchObject({ threadId: "root", view: { notified: 12 } });
    expect(await harness.claim(WINDOW + TIMINGS.intervalMs)).toBeUndefined();
  });

  test("ALERTS 27, e: a storm and its card are not edited at the same time, so that no old numbers come last", async () => {
    const harness = await open();
    const { outbox } = harness;
    const [first, second] = [WAITED + 5 * MINUTE, WAITED + 10 * MINUTE];
    await harness.deliverAlerts(11);
    await see(harness, WAITED, alert(12));
    const growth = await harness.claimNext(first);
    expect(growth).toMatchObject({ storm: { step: "edit" } });
    await harness.change(WAR, ackChange("ada", [1]), first);
    expect(await outbox.claimEdit(first, MINUTE)).toBeUndefined();
    expect(await outbox.nextEditDue()).toBe(growth.leasedUntil);
    await outbox.delivered(growth, postedInThread(growth, "root"), first);

    const edit = await outbox.claimEdit(second, 5 * MINUTE);
    expect(edit?.shown).toHaveLength(12);
    await see(harness, second, alert(13));
    expect(await harness.claim(second + MINUTE)).toBeUndefined();
    if (edit) await outbox.recordEdit(edit, "shown", second + MINUTE);
    expect(await harness.claimNext(second + 2 * MINUTE)).toMatchObject({ storm: { step: "edit" } });
  });

  test("ALERTS 21, f: a storm that grows for ten minutes is one message, edits and one end, with the numbers of the world", async () => {
    const harness = await open();
    await harness.watch(WAR);
    const posted: string[] = [];
    let put = 0;
    let last: StormView | undefined;
    for (let now = NOON; now <= NOON + 30 * MINUTE; now += MINUTE / 2) {
      const growth = now <= NOON + 10 * MINUTE ? GROWTH : 0;
      await see(harness, now, ...alertsFrom(put + 1, growth));
      put += growth;
      await harness.runScheduled(now);
      for (let message = await harness.claim(now); message !== undefined; message = await harness.claim(now)) {
        const { view } = buildMessage(message, now);
        last = view as StormView;
        posted.push(`${(now - NOON) / MINUTE}: ${message.storm?.step} ${last.notified} of ${put}, ${last.open} open`);
        await harness.outbox.delivered(
          message,
          postedInThread(message, posted.length === 1 ? "root" : `m${posted.length}`),
          now,
        );
      }
    }
    expect(posted).toEqual([
      `0.5: first ${2 * GROWTH} of ${2 * GROWTH}, ${2 * GROWTH} open`,
      `5.5: reply ${12 * GROWTH} of ${12 * GROWTH}, ${12 * GROWTH} open`,
      `10.5: edit ${21 * GROWTH} of ${21 * GROWTH}, ${21 * GROWTH} open`,
      `20.5: end ${21 * GROWTH} of ${21 * GROWTH}, ${21 * GROWTH} open`,
    ]);
    expect(
      (await harness.notified(WAR)).every(({ state, messageId }) => state === "open" && messageId === "root"),
    ).toBe(true);
    expect(await harness.outbox.state()).toMatchObject({ waiting: 0 });
  });

  test("ALERTS 20, d: a report of removals is part of the next message", async () => {
    const harness = await open();
    await harness.queueAlerts(1);
    await harness.enqueue(WAR, "removals", NOON, { lines: ["Removed from Webex", "Acme · Calling"] });
    const message = await harness.deliverNext(WAITED, "card");
    expect(message).toMatchObject({ form: "group", notices: [{ kind: "alert" }, { kind: "removals" }] });
    expect(buildMessage(message, WAITED).view).toMatchObject({
      kind: "alerts",
      lines: ["Removed from Webex: Acme · Calling"],
    });
    await harness.enqueue(WAR, "removals", WAITED, { lines: ["Removed from Webex", "Bell"], namesCustomers: true });
    expect(await harness.claim(WINDOW - 1)).toBeUndefined();
    const alone = await harness.deliverNext(WINDOW);
    expect(buildMessage(alone, WINDOW).view).toMatchObject({ kind: "notice", title: "Removed from Webex: Bell" });
    expect((await harness.queue(WAR)).lastGroupSentAt).toBe(WINDOW);
  });
});
