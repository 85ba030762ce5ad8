import { expect, test } from "vitest";
import { replyAck } from "../../../src/domain/replies/ack.ts";
import { alertOf, card, contact, inSpace, MINUTE, NOW, told } from "./space.ts";

const CONTOSO = alertOf(1042, contact("Contoso"));
const FABRIKAM = alertOf(1043, contact("Fabrikam"));
const ACK = { personId: "ana", name: "Ana", at: NOW };
const TAKEN = { ...FABRIKAM, ack: { personId: "bob", name: "Bob", at: NOW - 2 * MINUTE } };
const OVER = { ...FABRIKAM, state: "closed", reason: "recovered", closedAt: NOW } as const;

const ack = (alerts: readonly number[] | "all", note?: string) =>
  ({ name: "ack", alerts, ...(note !== undefined && { note }) }) as const;

test("an alert is taken with a note, and its cards are brought up to date (ALERTS 22)", async () => {
  const reply = await replyAck(ack([1042], "on it"), inSpace({ alerts: [CONTOSO] }));
  expect(reply.view).toMatchObject({
    title: "Ana has taken alert 1042: Contoso · Meetings",
    lines: ["“on it”"],
  });
  const change = { kind: "ack", alerts: [1042], ack: { ...ACK, note: "on it" } };
  expect(reply.changes).toEqual([{ kind: "alerting", change }]);
  expect(reply.refresh).toEqual([1042]);
});

test("whoever presses Acknowledge sees that very card, taken (ALERTS 30)", async () => {
  const shown = [{ alert: CONTOSO, told: told(1042) }];
  const reply = await replyAck(ack([1042]), inSpace({ alerts: [CONTOSO], shown, pressed: card("alert") }));
  expect(reply.view).toMatchObject({ kind: "alert", news: "present", alert: { ack: ACK } });
  expect(reply.beside).toBeUndefined();
});

test("a card of several stays one of several when it is taken, and a storm stays a storm", async () => {
  const alerts = [CONTOSO, FABRIKAM];
  const shown = alerts.map((alert) => ({ alert, told: told(alert.id) }));
  const crowd = inSpace({ alerts, shown, pressed: card("alerts") });
  expect((await replyAck(ack([1042, 1043]), crowd)).view.kind).toBe("alerts");
  const storm = inSpace({ alerts, shown, pressed: card("storm"), desk: { told: [told(1042), told(1043)] } });
  const { view } = await replyAck(ack("all"), storm);
  expect(view).toMatchObject({ kind: "storm", told: 2, acked: 2, since: NOW - 4 * MINUTE });
});

test("all of a card are those on it, and no others that the space was told of", async () => {
  const alerts = [CONTOSO, FABRIKAM];
  const desk = { told: [told(1042), told(1043)] };
  const shown = [{ alert: CONTOSO, told: told(1042) }];
  const reply = await replyAck(ack("all"), inSpace({ alerts, desk, shown, pressed: card("storm") }));
  expect(reply.refresh).toEqual([1042]);
  const taken = { ...CONTOSO, ack: ACK };
  const context = inSpace({
    alerts: [taken, FABRIKAM],
    desk,
    pressed: card("storm"),
    shown: [{ alert: taken, told: told(1042) }],
  });
  expect((await replyAck(ack("all"), context)).view).toMatchObject({
    title: "There is nothing left to take",
    lines: ["Every open alert of this card is taken, or there is none."],
  });
});

test("what somebody has taken stays with them (ALERTS 22)", async () => {
  const reply = await replyAck(ack([1043]), inSpace({ alerts: [TAKEN] }));
  expect(reply).toMatchObject({ view: { title: "Bob took alert 1043 at 14:58 UTC" }, beside: true });
  expect(reply.changes).toBeUndefined();
});

test("of several, those that can be taken are, and the others are named", async () => {
  const reply = await replyAck(ack([7, 1042, 1043]), inSpace({ alerts: [CONTOSO, OVER] }));
  expect(reply.refresh).toEqual([1042]);
  expect(reply.view).toMatchObject({ lines: ["There is no alert 7 here", "Alert 1043 is over already"] });
});

test("a drill of another space is not known here", async () => {
  const drill = alertOf(9, contact("Drill"), { drill: "r2" });
  const { view } = await replyAck(ack([9]), inSpace({ alerts: [drill] }));
  expect(view).toMatchObject({ title: "There is no alert 9 here" });
});

test("all are those that this space was told of and that nobody has", async () => {
  const alerts = [CONTOSO, TAKEN, alertOf(1044, contact("Unknown here"))];
  const reply = await replyAck(ack("all"), inSpace({ alerts, desk: { told: [told(1042), told(1043)] } }));
  expect(reply.refresh).toEqual([1042]);
});

test("an answer in words never takes the place of a card of alerts", async () => {
  const reply = await replyAck(ack([1042]), inSpace({ alerts: [CONTOSO], pressed: card("alerts") }));
  expect(reply).toMatchObject({ view: { kind: "notice" }, beside: true });
});

test("without a number, those that nobody has are buttons, five at most", async () => {
  const alerts = Array.from({ length: 7 }, (_, i) => alertOf(i + 1, contact(`Customer ${i + 1}`)));
  const { view } = await replyAck(ack([]), inSpace({ alerts }));
  expect(view.buttons.map(({ command }) => command)).toEqual(["ack 1", "ack 2", "ack 3", "ack 4", "ack 5"]);
});
