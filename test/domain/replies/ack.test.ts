import { expect, test } from "vitest";
import { replyAck } from "../../../src/domain/replies/ack.ts";
import { MINUTE } from "../../support/time.ts";
import { alertOf, customerOf, NOW, notifiedOf, postedCardOf, replyContext } from "./reply-context.ts";

const CONTOSO = alertOf(1042, customerOf("Contoso"));
const FABRIKAM = alertOf(1043, customerOf("Fabrikam"));
const ACK = { personId: "ana", name: "Ana", at: NOW };
const ACKED = { ...FABRIKAM, ack: { personId: "bob", name: "Bob", at: NOW - 2 * MINUTE } };
const CLOSED = { ...FABRIKAM, state: "closed", reason: "recovered", closedAt: NOW } as const;

const ack = (alerts: readonly number[] | "all", note?: string) =>
  ({ name: "ack", alerts, ...(note !== undefined && { note }) }) as const;

test("an alert is acknowledged with a note, and its cards are edited (ALERTS 22)", async () => {
  const reply = await replyAck(ack([1042], "on it"), replyContext({ alerts: [CONTOSO] }));
  expect(reply.view).toMatchObject({
    title: "Ana acknowledged alert 1042: Contoso · Meetings",
    lines: ["“on it”"],
  });
  const change = { kind: "ack", alerts: [1042], ack: { ...ACK, note: "on it" } };
  expect(reply.changes).toEqual([{ kind: "alerting", change }]);
  expect(reply.refreshAlerts).toEqual([1042]);
});

test("after Acknowledge the same card shows the acknowledgement (ALERTS 30)", async () => {
  const shown = [{ alert: CONTOSO, notified: notifiedOf(1042) }];
  const reply = await replyAck(ack([1042]), replyContext({ alerts: [CONTOSO], shown, pressed: postedCardOf("alert") }));
  expect(reply.view).toMatchObject({ kind: "alert", update: "current", alert: { ack: ACK } });
  expect(reply.isSeparate).toBeUndefined();
});

test("a card of several alerts keeps its kind when it is acknowledged, and so does a storm", async () => {
  const alerts = [CONTOSO, FABRIKAM];
  const shown = alerts.map((alert) => ({ alert, notified: notifiedOf(alert.id) }));
  const group = replyContext({ alerts, shown, pressed: postedCardOf("alerts") });
  expect((await replyAck(ack([1042, 1043]), group)).view.kind).toBe("alerts");
  const storm = replyContext({
    alerts,
    shown,
    pressed: postedCardOf("storm"),
    roomState: { notified: [notifiedOf(1042), notifiedOf(1043)] },
  });
  const { view } = await replyAck(ack("all"), storm);
  expect(view).toMatchObject({ kind: "storm", notified: 2, acked: 2, since: NOW - 4 * MINUTE });
});

test("pressed on a card, all means the alerts on the card", async () => {
  const alerts = [CONTOSO, FABRIKAM];
  const roomState = { notified: [notifiedOf(1042), notifiedOf(1043)] };
  const shown = [{ alert: CONTOSO, notified: notifiedOf(1042) }];
  const reply = await replyAck(ack("all"), replyContext({ alerts, roomState, shown, pressed: postedCardOf("storm") }));
  expect(reply.refreshAlerts).toEqual([1042]);
  const acked = { ...CONTOSO, ack: ACK };
  const context = replyContext({
    alerts: [acked, FABRIKAM],
    roomState,
    pressed: postedCardOf("storm"),
    shown: [{ alert: acked, notified: notifiedOf(1042) }],
  });
  expect((await replyAck(ack("all"), context)).view).toMatchObject({
    title: "Nothing left to acknowledge",
    lines: ["Every alert on this card is acknowledged or over."],
  });
});

test("an acknowledged alert is not acknowledged again (ALERTS 22)", async () => {
  const reply = await replyAck(ack([1043]), replyContext({ alerts: [ACKED] }));
  expect(reply).toMatchObject({ view: { title: "Bob acknowledged alert 1043 at 14:58 UTC" }, isSeparate: true });
  expect(reply.changes).toBeUndefined();
});

test("of several alerts, those that can be acknowledged are, and the others are named", async () => {
  const reply = await replyAck(ack([7, 1042, 1043]), replyContext({ alerts: [CONTOSO, CLOSED] }));
  expect(reply.refreshAlerts).toEqual([1042]);
  expect(reply.view).toMatchObject({ lines: ["There is no alert 7 here", "Alert 1043 is already over"] });
});

test("a drill of another space cannot be acknowledged", async () => {
  const drill = alertOf(9, customerOf("Drill"), { drill: "r2" });
  const { view } = await replyAck(ack([9]), replyContext({ alerts: [drill] }));
  expect(view).toMatchObject({ title: "There is no alert 9 here" });
});

test("typed, all means the notified alerts that nobody has acknowledged", async () => {
  const alerts = [CONTOSO, ACKED, alertOf(1044, customerOf("Unknown here"))];
  const reply = await replyAck(
    ack("all"),
    replyContext({ alerts, roomState: { notified: [notifiedOf(1042), notifiedOf(1043)] } }),
  );
  expect(reply.refreshAlerts).toEqual([1042]);
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
