import { expect, test } from "vitest";
import { createRefreshCards, type RefreshCardsDeps } from "../../src/bot/refresh-cards.ts";
import { alertOf, customerOf, NOW, notifiedOf, postedCardOf, replyContext } from "../domain/replies/reply-context.ts";

const ALERT = alertOf(1042, customerOf("Contoso"));

/** Refreshes alert 1042, which is on three cards; returns which were edited, and to what. */
async function refreshed(parts: Partial<RefreshCardsDeps["messenger"]> = {}, except?: string) {
  const edited: string[] = [];
  const logged: string[] = [];
  const { alerts } = replyContext({ alerts: [ALERT], shown: [{ alert: ALERT, notified: notifiedOf(1042) }] });
  const record = (event: string) => void logged.push(event);
  const refresh = createRefreshCards({
    alerts: {
      ...alerts,
      cardsOf: async () => ["m1", "m2", "m3", "m1"].map((messageId) => ({ roomId: "r1", messageId })),
      reserveEdit: async (_roomId, messageId) => messageId !== "m3",
    },
    cards: { find: async () => postedCardOf("alert") },
    messenger: {
      async edit({ roomId, messageId }, view) {
        edited.push(`${messageId} ${view.kind}`);
        return { messageId, roomId, edits: 0, at: NOW };
      },
      ...parts,
    },
    clock: () => NOW,
    log: { info: record, warn: record, error: record },
  });
  await refresh([1042], except);
  return { edited, logged };
}

test("each card of an alert is edited once, unless it has had its eight edits (ALERTS 30)", async () => {
  expect(await refreshed()).toEqual({ edited: ["m1 alert", "m2 alert"], logged: [] });
});

test("the pressed card, which is up to date already, is not edited", async () => {
  expect((await refreshed({}, "m1")).edited).toEqual(["m2 alert"]);
});

test("a card that cannot be edited is only logged", async () => {
  const edit = async () => {
    throw new Error("Webex is unavailable");
  };
  expect((await refreshed({ edit })).logged).toEqual(["cards.refresh_failed", "cards.refresh_failed"]);
});
