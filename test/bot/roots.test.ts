import { expect, test } from "vitest";
import { createReplyDelivery } from "../../src/bot/reply-delivery.ts";
import { NO_ASIDES } from "../../src/domain/alerts/asides.ts";
import type { Gate } from "../../src/domain/ports/messaging.ts";
import { alertOf, customerOf, NOW, notifiedOf, postedCardOf } from "../domain/replies/reply-context.ts";
import { NOTHING_LATE } from "../support/under-way.ts";

const ALERT = alertOf(1042, customerOf("Contoso"));
const ROOT = postedCardOf("alert");
const PRESS = { senderId: "ana", at: NOW };

interface Case {
  readonly isRoot?: boolean;
  readonly mayEdit?: boolean;
  readonly isRejected?: boolean;
}

/** Delivers the reply to a press that is shown in place of its card; returns what was done and which cards were saved. */
async function answered({ isRoot = true, mayEdit = true, isRejected = false }: Case) {
  const done: string[] = [];
  const posted = (messageId: string) => ({ messageId, roomId: "r1", edits: 0, at: NOW });
  const gate: Gate = {
    refusal: async () => undefined,
    async post({ threadId }) {
      done.push(`post in ${threadId}`);
      return posted("new");
    },
    async edit({ messageId }) {
      done.push(`edit ${messageId}`);
      return isRejected ? undefined : posted(messageId);
    },
    async replace({ messageId }) {
      done.push(`replace ${messageId}`);
      return posted("new");
    },
    postFile: async () => posted("file"),
    notify: async () => posted("notice"),
  };
  const delivery = createReplyDelivery({
    underWay: NOTHING_LATE,
    alerts: {
      alertsOnCard: async () =>
        isRoot
          ? { shown: [{ alert: ALERT, notified: notifiedOf(1042) }], postedAt: NOW, asides: NO_ASIDES }
          : undefined,
      reservePressEdit: async () => mayEdit,
      recordPressEdit: async (messageId) => void done.push(`recorded ${messageId}`),
    },
    cards: {
      find: async () => ROOT,
      keep: async () => undefined,
      lastList: async () => undefined,
      recent: async () => [],
    },
    gate,
    lookUpCard: async () => undefined,
    clock: () => NOW,
    log: { info() {}, warn() {}, error() {} },
  });
  const view = { kind: "notice", tone: "info", title: "", lines: [], facts: [], buttons: [] } as const;
  const target = { place: { roomId: "r1" }, card: ROOT };
  const delivered = await delivery.deliver(
    { view },
    { request: PRESS, target, command: "ack 1042", shown: "no customers", replaces: true },
  );
  return { done, saved: "cards" in delivered ? delivered.cards.map(({ card }) => card) : [] };
}

test("the root of a thread is edited", async () => {
  const { done, saved } = await answered({});
  expect(done).toEqual(["edit root", "recorded root"]);
  expect(saved).toMatchObject([{ messageId: "root", command: "ack 1042", edits: 1 }]);
});

test("a root without edits left stays and is answered in its thread (ALERTS 30)", async () => {
  const { done, saved } = await answered({ mayEdit: false });
  expect(done).toEqual(["post in root"]);
  expect(saved.find(({ messageId }) => messageId === "root")?.lastPress?.command).toBe("ack 1042");
});

test("a root whose edit Webex rejects stays and is answered in its thread", async () => {
  expect((await answered({ isRejected: true })).done).toEqual(["edit root", "post in root"]);
});

test("a card of alerts that is not the root of a thread is replaced like any other", async () => {
  expect((await answered({ isRoot: false })).done).toEqual(["replace root"]);
});
