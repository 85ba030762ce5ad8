import { expect, test } from "vitest";
import { acknowledge } from "../../../src/domain/alerts/alert.ts";
import { replyAck, replyUnack } from "../../../src/domain/replies/ack.ts";
import type { Reply } from "../../../src/domain/replies/reply.ts";
import { inUtc } from "../../support/in-utc.ts";
import { MINUTE } from "../../support/time.ts";
import { alertOf, customerOf, NOW, notifiedOf, postedCardOf, replyContext, WATCH_ALL } from "./reply-context.ts";

const CONTOSO = alertOf(1042, customerOf("Contoso"));
const FABRIKAM = alertOf(1043, customerOf("Fabrikam"));
const ACK = { personId: "ana", name: "Ana", at: NOW };
const ACKED = { ...FABRIKAM, ack: { personId: "bob", name: "Bob", at: NOW - 2 * MINUTE } };
const CLOSED = { ...FABRIKAM, state: "closed", reason: "recovered", closedAt: NOW } as const;

const ack = (alerts: readonly number[] | "all", note?: string) =>
  ({ name: "ack", alerts, ...(note !== undefined && { note }) }) as const;

function ackedBy({ changes = [] }: Reply) {
  const [change] = changes;
  return change?.kind === "alerting" ? change.change : undefined;
}

test("an alert is acknowledged with a note of this space (ALERTS 22)", async () => {
  const reply = await replyAck(ack([1042], "on it"), replyContext({ alerts: [CONTOSO] }));
  expect(reply.view).toMatchObject({
    title: "Ana acknowledged alert 1042: Contoso · Meetings",
    lines: ["“on it”"],
  });
  const change = { kind: "ack", alerts: [1042], ack: { ...ACK, note: "on it", notedIn: "r1" } };
  expect(reply.changes).toEqual([{ kind: "alerting", change }]);
});

test("a note or an end for an alert that is acknowledged already is said to be lost, and how to give it (ALERTS 22)", async () => {
  const context = replyContext({ alerts: [ACKED] });
  const lost = async (parts: object) => {
    const { view, changes } = await replyAck({ ...ack([1043]), ...parts }, context);
    expect(changes).toBeUndefined();
    return view.kind === "notice" ? [...view.lines, ...view.buttons.map(({ command }) => command)] : [];
  };
  const how = "Undo it first, then acknowledge the alert again.";
  expect(await lost({ note: "back in 1h" })).toEqual([
    `The note “back in 1h” was not added. ${how}`,
    "unack 1043",
    "alerts",
  ]);
  expect(await lost({ durationMs: 60 * MINUTE })).toEqual([
    `It was not limited to 1 h. ${how}`,
    "unack 1043",
    "alerts",
  ]);
  expect(await lost({})).toEqual(["alerts"]);
});

test("whoever acknowledged an alert gives it another note and another end, and keeps what is not said anew (ALERTS 22)", async () => {
  const mine = {
    ...FABRIKAM,
    ack: { ...ACK, at: NOW - MINUTE, note: "on it", notedIn: "r1", until: NOW + 60 * MINUTE },
  };
  const changed = async (parts: object, alert = mine) => {
    const reply = await replyAck({ ...ack([1043]), ...parts }, replyContext({ alerts: [alert] }));
    const change = ackedBy(reply);
    if (change?.kind !== "ack" || reply.view.kind !== "notice") throw new Error("nothing was changed");
    return { view: reply.view, ack: acknowledge(alert, change.ack).ack };
  };
  const noted = await changed({ note: "back in an hour" });
  expect(noted.ack).toEqual({ ...mine.ack, note: "back in an hour" });
  expect(inUtc(noted.view)).toMatchObject({
    title: "Ana changed the acknowledgement of alert 1043: Fabrikam · Meetings",
    lines: ["“back in an hour”", "Until 16:00 UTC; then reminders go on."],
    buttons: [{ title: "Undo ack" }, { title: "Alerts" }],
  });
  const ended = await changed({ durationMs: 120 * MINUTE });
  expect(ended.ack).toEqual({ ...mine.ack, until: NOW + 120 * MINUTE });
  expect(inUtc(ended.view)).toMatchObject({ lines: ["“on it”", "Until 17:00 UTC; then reminders go on."] });
  // The note of another space is kept, and not shown here.
  const elsewhere = await changed({ durationMs: 120 * MINUTE }, { ...mine, ack: { ...mine.ack, notedIn: "r2" } });
  expect(elsewhere.ack).toMatchObject({ note: "on it", notedIn: "r2" });
  expect(JSON.stringify(elsewhere.view)).not.toContain("on it");
  // An end that has come, and that no reminder has followed yet, is not kept.
  expect((await changed({ note: "still" }, { ...mine, ack: { ...mine.ack, until: NOW } })).ack).toEqual({
    ...ACK,
    at: NOW - MINUTE,
    note: "still",
    notedIn: "r1",
  });
});

test("ack all with a note changes one's own acknowledgements only where nothing else is open (ALERTS 22)", async () => {
  const mine = { ...CONTOSO, ack: ACK };
  const said = (...alerts: readonly (typeof CONTOSO)[]) =>
    replyAck(ack("all", "until lunch"), replyContext({ alerts, roomState: { watches: [WATCH_ALL] } }));
  expect(ackedBy(await said(mine, ACKED))).toMatchObject({ alerts: [1042], ack: { note: "until lunch" } });
  expect(ackedBy(await said(mine, FABRIKAM))).toMatchObject({ alerts: [1043] });
  expect((await said(ACKED)).view).toMatchObject({
    title: "Nothing left to acknowledge",
    lines: ["Every open alert of this space is acknowledged.", "The note “until lunch” was not added."],
  });
});

test("after Acknowledge the same card shows the acknowledgement (ALERTS 30)", async () => {
  const shown = [{ alert: CONTOSO, notified: notifiedOf(1042) }];
  const reply = await replyAck(ack([1042]), replyContext({ alerts: [CONTOSO], shown, pressed: postedCardOf("alert") }));
  expect(reply.view).toMatchObject({ kind: "alert", update: "current", alert: { ack: ACK } });
  expect(reply.isSeparate).toBeUndefined();
  // The answer edits this card, so no other edit of it is owed.
  expect(ackedBy(reply)).toMatchObject({ alerts: [1042], shownOn: "root" });
});

test("a card whose delivery is not recorded yet is answered beside it, and owes its edit (ALERTS 30)", async () => {
  for (const kind of ["alert", "unknown"] as const) {
    const context = replyContext({ alerts: [CONTOSO], shown: [], pressed: postedCardOf(kind) });
    const reply = await replyAck(ack([1042]), context);
    expect(reply).toMatchObject({
      view: { title: "Ana acknowledged alert 1042: Contoso · Meetings" },
      isSeparate: true,
    });
    expect(ackedBy(reply)).not.toHaveProperty("shownOn");
  }
});

test("a card of several alerts keeps its kind when it is acknowledged, and so does a storm", async () => {
  const alerts = [CONTOSO, FABRIKAM];
  const shown = alerts.map((alert) => ({ alert, notified: notifiedOf(alert.id) }));
  const group = replyContext({ alerts, shown, pressed: postedCardOf("alerts") });
  expect((await replyAck(ack([1042, 1043]), group)).view.kind).toBe("alerts");
  // The space had been told of one of them before the storm, which began with its card.
  const told = notifiedOf(CONTOSO.id, { notifiedAt: NOW - 30 * MINUTE });
  const storm = replyContext({
    alerts,
    shown: [{ alert: CONTOSO, notified: told }, ...shown.slice(1)],
    pressed: postedCardOf("storm"),
    roomState: { notified: [notifiedOf(1042), notifiedOf(1043)] },
  });
  const { view } = await replyAck(ack("all"), storm);
  expect(view).toMatchObject({ kind: "storm", notified: 2, acked: 2, since: NOW - 4 * MINUTE });
});

test("all means the open alerts of this space, typed or pressed", async () => {
  const alerts = [CONTOSO, FABRIKAM];
  const roomState = { notified: [notifiedOf(1042), notifiedOf(1043)] };
  const shown = [{ alert: CONTOSO, notified: notifiedOf(1042) }];
  const pressed = replyContext({ alerts, roomState, shown, pressed: postedCardOf("storm") });
  for (const context of [pressed, replyContext({ alerts, roomState })]) {
    expect(ackedBy(await replyAck(ack("all"), context))).toMatchObject({ alerts: [1042, 1043] });
  }
  const acked = replyContext({ alerts: [{ ...CONTOSO, ack: ACK }], roomState });
  expect((await replyAck(ack("all"), acked)).view).toMatchObject({
    title: "Nothing left to acknowledge",
    lines: ["Every open alert of this space is acknowledged."],
  });
});

test("an acknowledged alert is not acknowledged again (ALERTS 22)", async () => {
  const reply = await replyAck(ack([1043]), replyContext({ alerts: [ACKED] }));
  expect(inUtc(reply)).toMatchObject({ view: { title: "Bob acknowledged alert 1043 at 14:58 UTC" }, isSeparate: true });
  expect(reply.changes).toBeUndefined();
});

test("of several alerts, those that can be acknowledged are, and the others are named", async () => {
  const reply = await replyAck(ack([7, 1042, 1043]), replyContext({ alerts: [CONTOSO, CLOSED] }));
  expect(ackedBy(reply)).toMatchObject({ alerts: [1042] });
  expect(reply.view).toMatchObject({ lines: ["There is no alert 7 here", "Alert 1043 is already over"] });
});

test("a drill of another space cannot be acknowledged", async () => {
  const drill = alertOf(9, customerOf("Drill"), { drill: "r2" });
  const { view } = await replyAck(ack([9]), replyContext({ alerts: [drill] }));
  expect(view).toMatchObject({ title: "There is no alert 9 here" });
});

test("all leaves out what the space neither watches nor was told of", async () => {
  const alerts = [CONTOSO, ACKED, alertOf(1044, customerOf("Unknown here"))];
  const filter = [{ field: "name", negated: false, values: [{ text: "Contoso", prefix: false }] }] as const;
  const roomState = { watches: [{ ...WATCH_ALL, filter }], notified: [notifiedOf(1043)] };
  expect(ackedBy(await replyAck(ack("all"), replyContext({ alerts, roomState })))).toMatchObject({ alerts: [1042] });
});

test("an acknowledgement may end by itself, and carries the command that takes it back (ALERTS 22)", async () => {
  const command = { ...ack([1042]), durationMs: 120 * MINUTE };
  const reply = await replyAck(command, replyContext({ alerts: [CONTOSO] }));
  expect(ackedBy(reply)).toMatchObject({ ack: { ...ACK, until: NOW + 120 * MINUTE } });
  expect(inUtc(reply.view)).toMatchObject({
    lines: ["Until 17:00 UTC; then reminders go on."],
    buttons: [
      { title: "Undo", command: "unack 1042" },
      { title: "Alerts", command: "alerts" },
    ],
  });
});

test("after Acknowledge the card has its undo, and after that Acknowledge again (ALERTS 22)", async () => {
  const shownAs = (alert: typeof CONTOSO) => ({
    alerts: [alert],
    shown: [{ alert, notified: notifiedOf(1042) }],
    pressed: postedCardOf("alert"),
  });
  const titles = ({ view }: Reply) => view.buttons.map(({ title, command }) => `${title}: ${command}`);
  const acked = await replyAck(ack([1042]), replyContext(shownAs(CONTOSO)));
  expect(titles(acked)).toContain("Undo ack: unack 1042");
  const undo = await replyUnack({ name: "unack", alerts: [1042] }, replyContext(shownAs({ ...CONTOSO, ack: ACK })));
  expect(ackedBy(undo)).toEqual({ kind: "unack", alerts: [1042], shownOn: "root" });
  expect(titles(undo)).toContain("Acknowledge: ack 1042");
});

test("on a card of several, undo takes back the last acknowledgement alone", async () => {
  const alerts = [CONTOSO, ACKED, alertOf(1044, customerOf("Northwind"))];
  const shown = alerts.map((alert) => ({ alert, notified: notifiedOf(alert.id) }));
  const context = replyContext({ alerts, shown, pressed: postedCardOf("alerts") });
  const { view } = await replyAck(ack([1042, 1044]), context);
  expect(view.buttons.map(({ command }) => command)).toContain("unack 1042,1044");
});

test("what is not acknowledged cannot be taken back", async () => {
  const context = replyContext({ alerts: [CONTOSO, ACKED] });
  expect(await replyUnack({ name: "unack", alerts: [1042] }, context)).toMatchObject({
    view: { title: "Alert 1042 is not acknowledged" },
    isSeparate: true,
  });
  const { view } = await replyUnack({ name: "unack", alerts: [] }, context);
  expect(view.buttons.map(({ command }) => command)).toEqual(["unack 1043"]);
});

test("a text never replaces a card of alerts", async () => {
  const reply = await replyAck(ack([1042]), replyContext({ alerts: [CONTOSO], pressed: postedCardOf("alerts") }));
  expect(reply).toMatchObject({ view: { kind: "notice" }, isSeparate: true });
});

test("without a number, at most five unacknowledged alerts are offered as buttons", async () => {
  const alerts = Array.from({ length: 7 }, (_, i) => alertOf(i + 1, customerOf(`Customer ${i + 1}`)));
  const { view } = await replyAck(ack([]), replyContext({ alerts }));
  expect(view.buttons.map(({ command }) => command)).toEqual(["ack 1", "ack 2", "ack 3", "ack 4", "ack 5"]);
});
