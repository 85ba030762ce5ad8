import { expect, test } from "vitest";
import type { OutboxEntry } from "../../../src/domain/ports/alerting.ts";
import { replyOutbox } from "../../../src/domain/replies/outbox.ts";
import { HOUR, MINUTE } from "../../support/time.ts";
import { NOW, replyContext } from "./reply-context.ts";

const waiting: OutboxEntry = {
  recipient: "War room",
  kind: "alert",
  state: "waiting",
  count: 2,
  alertIds: [7, 8],
  since: NOW - 3 * MINUTE,
};
const dead: OutboxEntry = { ...waiting, state: "dead", cause: "rejected", nextTryAt: NOW + HOUR };

async function answer(undelivered: readonly OutboxEntry[], sendsAgain = false) {
  const { view, changes } = await replyOutbox({ name: "outbox", sendsAgain }, replyContext({ undelivered }));
  if (view.kind !== "notice") throw new Error("not a notice");
  return { ...view, changes, commands: view.buttons.map(({ command }) => command) };
}

test("ALERTS 29: what was given up comes first, with its cause and its next try", async () => {
  const { title, tone, lines, commands } = await answer([waiting, dead]);
  expect({ title, tone }).toEqual({ title: "2 notices could not be delivered, 2 waiting", tone: "warning" });
  expect(lines).toEqual([
    "Given up: War room: 2 × alert (7, 8), since 3 min: Webex refused it, as a card and as plain text. Next try in 1 h.",
    "Waits: War room: 2 × alert (7, 8), since 3 min.",
  ]);
  expect(commands).toEqual(["outbox now", "outbox"]);
});

test("ALERTS 29: what waits for guests to leave says so", async () => {
  const { lines } = await answer([{ ...waiting, cause: "guests", nextTryAt: NOW + MINUTE }]);
  expect(lines).toEqual([
    "Waits: War room: 2 × alert (7, 8), since 3 min: a guest is in the space. Next try in 1 min.",
  ]);
});

test("an empty outbox has no button to send it", async () => {
  expect(await answer([])).toMatchObject({ title: "Nothing waits", tone: "info", lines: [], commands: ["outbox"] });
  expect((await answer([waiting])).title).toBe("2 notices waiting, none given up");
});

test("ALERTS 29: “Send again” tries everything again", async () => {
  const { title, changes } = await answer([dead, waiting], true);
  expect(title).toBe("4 notices: tried again now");
  expect(changes).toEqual([{ kind: "alerting", change: { kind: "send again" } }]);
});
