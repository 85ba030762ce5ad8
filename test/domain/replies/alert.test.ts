import { expect, test } from "vitest";
import { endAck } from "../../../src/domain/alerts/alert.ts";
import { replyAlert } from "../../../src/domain/replies/alert.ts";
import { MINUTE } from "../../support/time.ts";
import { alertOf, customerOf, NOW, notifiedOf, replyContext } from "./reply-context.ts";

const ACK = { personId: "ana", name: "Ana", at: NOW - 3 * MINUTE };
const OPEN = alertOf(1042, customerOf("Contoso"), { ack: ACK });

test("an alert is shown with its story: statuses, acknowledgements, and what this space was told", async () => {
  const alert = endAck(OPEN, "taken back", NOW - 2 * MINUTE);
  const told = [{ at: NOW - 4 * MINUTE, kind: "alert" as const }];
  const context = replyContext({ alerts: [alert], told, roomState: { notified: [notifiedOf(1042, { reminded: 2 })] } });
  const step = { customerId: "Contoso", title: "Contoso", codes: [], from: "error", to: "provisioning" };
  const transitions = [
    { ...step, item: "webex_meetings", at: NOW - MINUTE },
    { ...step, item: "webex_calling", at: NOW - MINUTE },
  ];
  const { view } = await replyAlert(
    { name: "alert", number: 1042 },
    { ...context, snapshot: { ...context.snapshot, history: async () => transitions } },
  );
  expect(view).toMatchObject({ kind: "alert", update: "current", facts: [{ title: "Reminders", value: "2" }] });
  expect(view).toHaveProperty("story", [
    { at: NOW - 5 * MINUTE, title: "Opened" },
    { at: NOW - 4 * MINUTE, title: "Told here", text: "alert" },
    { at: NOW - 3 * MINUTE, title: "Acknowledged", text: "Ana" },
    { at: NOW - 2 * MINUTE, title: "Acknowledgement ended", text: "taken back" },
    { at: NOW - MINUTE, title: "Status", from: "error", to: "provisioning" },
  ]);
  expect(view.buttons.map(({ command }) => command)).toContain("alert 1042");
});

test.each([
  ["code-change", "another code"],
  ["came-and-went", "came and went"],
  ["escalation", "escalated"],
] as const)("the story has words for the notice %s", async (kind, text) => {
  const told = [{ at: NOW - 3 * MINUTE, kind }];
  const { view } = await replyAlert({ name: "alert", number: 1042 }, replyContext({ alerts: [OPEN], told }));
  expect(view).toHaveProperty("story", expect.arrayContaining([{ at: NOW - 3 * MINUTE, title: "Told here", text }]));
});

test("an alert that this space was told of in a summary, or not at all", async () => {
  const inSummary = replyContext({ alerts: [OPEN], roomState: { notified: [notifiedOf(1042)] } });
  const { view } = await replyAlert({ name: "alert", number: 1042 }, inSummary);
  expect(view).toMatchObject({ story: [{}, { at: NOW - 4 * MINUTE, title: "Told here", text: "in a summary" }, {}] });
  const untold = await replyAlert({ name: "alert", number: 1042 }, replyContext({ alerts: [OPEN] }));
  expect(untold.view).toMatchObject({ facts: [{ title: "Told here", value: "no" }] });
  const unknown = await replyAlert({ name: "alert", number: 7 }, replyContext({}));
  expect(unknown.view).toMatchObject({ title: "There is no alert 7 here" });
});
