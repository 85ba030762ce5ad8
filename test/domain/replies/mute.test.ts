import { expect, test } from "vitest";
import type { Mute } from "../../../src/domain/alerts/mute.ts";
import { formatFilter } from "../../../src/domain/commands/format.ts";
import type { MuteCommand, MuteTarget } from "../../../src/domain/commands/mute.ts";
import type { Filter } from "../../../src/domain/customers/filter.ts";
import { replyMute, replyMutes, replyUnmute } from "../../../src/domain/replies/mute.ts";
import type { Reply } from "../../../src/domain/replies/reply.ts";
import { fieldFilter, muteOf } from "../../support/alert-fixtures.ts";
import { inUtc } from "../../support/in-utc.ts";
import { HOUR } from "../../support/time.ts";
import { alertOf, customerOf, NOW, notifiedOf, postedCardOf, replyContext } from "./reply-context.ts";

const MEETINGS: Filter = [{ field: "package", negated: false, values: [{ text: "webex_meetings", prefix: false }] }];
const CONTOSO = alertOf(1042, customerOf("Contoso"));

const mute = (target: MuteTarget, span = HOUR): MuteCommand => ({
  name: "mute",
  target,
  durationMs: span,
  because: "maintenance",
});

const muted = (number: number, until = NOW + HOUR): Mute =>
  muteOf({ roomId: "r1", number, filter: MEETINGS, from: NOW - HOUR, until, because: "known", by: "Bob" });

/** The mute that a reply saves. */
function savedMute({ changes = [] }: Reply) {
  const [change] = changes;
  if (change?.kind !== "alerting" || change.change.kind !== "mute") throw new Error("no mute");
  return change.change.mute;
}

test("a mute shows how many alerts it covers now, and until when (ALERTS 23)", async () => {
  const calling = alertOf(7, customerOf("Other", { packages: [] }));
  const reply = await replyMute(mute({ by: "filter", filter: MEETINGS }), replyContext({ alerts: [CONTOSO, calling] }));
  expect(inUtc(reply.view)).toMatchObject({ title: "Muted until 16:00 UTC: package=webex_meetings" });
  expect(JSON.stringify(reply.view)).toContain("covers 1 open alert now");
  expect(savedMute(reply)).toMatchObject({ from: NOW, until: NOW + HOUR, by: "Ana", personId: "ana" });
});

test("a mute by words that are in no name says so, because it would mute nothing (ALERTS 23)", async () => {
  const filter = fieldFilter("text", "fjord until tomorrow");
  const none = await replyMute(mute({ by: "filter", filter }), replyContext({}));
  expect(none.view).toMatchObject({
    lines: ["No customer has “fjord until tomorrow” in its name, ID or city.", COVERS],
  });
  const some = await replyMute(
    mute({ by: "filter", filter }),
    replyContext({ customers: [customerOf("Fjord until tomorrow")] }),
  );
  expect(some.view).toMatchObject({ lines: ["Searched names, IDs and cities for “fjord until tomorrow”.", COVERS] });
  expect((await replyMute(mute({ by: "filter", filter: MEETINGS }), replyContext({}))).view).toMatchObject({
    lines: [COVERS],
  });
});

const COVERS = "It covers 0 open alerts now, and new ones until then. Alerts still open when it ends are sent then.";

test("a mute lasts seven days at most (ALERTS 23)", async () => {
  const reply = await replyMute(mute({ by: "filter", filter: [] }, 30 * 24 * HOUR), replyContext({}));
  expect(savedMute(reply).until).toBe(NOW + 7 * 24 * HOUR);
});

test("a mute of an alert is of its customer and package, and so covers later alerts", async () => {
  const reply = await replyMute(mute({ by: "alert", alert: 1042 }), replyContext({ alerts: [CONTOSO] }));
  expect(formatFilter(savedMute(reply).filter)).toBe("externalId=Contoso package=webex_meetings");
});

test("a mute of an alert of the customer itself is of the whole customer", async () => {
  const { externalId: _, ...whole } = customerOf("Contoso", { orgId: "org-1", packages: [] });
  const reply = await replyMute(mute({ by: "alert", alert: 5 }), replyContext({ alerts: [alertOf(5, whole)] }));
  expect(formatFilter(savedMute(reply).filter)).toBe("orgId=org-1");
});

test("the same mute is not saved twice, a longer one is", async () => {
  const roomState = { mutes: [muted(1)] };
  const command = mute({ by: "filter", filter: MEETINGS });
  const reply = await replyMute(command, replyContext({ roomState }));
  expect(inUtc(reply)).toMatchObject({ view: { title: "Already muted until 16:00 UTC" }, isSeparate: true });
  expect(reply.changes).toBeUndefined();
  expect((await replyMute({ ...command, durationMs: 2 * HOUR }, replyContext({ roomState }))).changes).toHaveLength(1);
});

test("after Mute the same card is shown as muted, after Unmute as before", async () => {
  const shown = [{ alert: CONTOSO, notified: notifiedOf(1042) }];
  const space = { alerts: [CONTOSO], shown, pressed: postedCardOf("alert") };
  const { view } = await replyMute(mute({ by: "alert", alert: 1042 }), replyContext(space));
  expect(view).toMatchObject({ kind: "alert", muted: { until: NOW + HOUR, by: "Ana" } });
  const after = await replyUnmute(
    { name: "unmute", number: 1 },
    replyContext({ ...space, roomState: { mutes: [muted(1)] } }),
  );
  expect(after.view).not.toHaveProperty("muted");
  expect(after.changes).toEqual([{ kind: "alerting", change: { kind: "unmute", number: 1, shownOn: "root" } }]);
});

test("ended mutes are not listed, and cannot be ended again", async () => {
  const space = replyContext({ roomState: { mutes: [muted(1), muted(2, NOW)] } });
  const { view } = await replyMutes(space);
  expect(inUtc(view)).toMatchObject({
    facts: [{ title: "1", value: "package=webex_meetings · until 16:00 UTC · Bob: known" }],
  });
  expect(await replyUnmute({ name: "unmute", number: 2 }, space)).toMatchObject({
    view: { title: "There is no active mute 2" },
  });
});
