import { expect, test } from "vitest";
import { createReplyDelivery } from "../../src/bot/reply-delivery.ts";
import type { Messenger, PostedCard } from "../../src/domain/ports/messaging.ts";
import { alertOf, customerOf, NOW, notifiedOf, postedCardOf } from "../domain/replies/reply-context.ts";

const ALERT = alertOf(1042, customerOf("Contoso"));
const ROOT = postedCardOf("alert");
const SAID = { senderId: "ana", at: NOW };

interface Case {
  readonly isRoot?: boolean;
  readonly mayEdit?: boolean;
  readonly isRefused?: boolean;
}

/** What is done in the space when the answer to a press is to take the place of its card, and which cards are kept. */
async function answered({ isRoot = true, mayEdit = true, isRefused = false }: Case) {
  const done: string[] = [];
  const saved: PostedCard[] = [];
  const posted = (messageId: string) => ({ messageId, roomId: "r1", edits: 0, at: NOW });
  const messenger: Messenger = {
    async post({ threadId }) {
      done.push(`post in ${threadId}`);
      return posted("new");
    },
    async edit({ messageId }) {
      done.push(`edit ${messageId}`);
      return isRefused ? undefined : posted(messageId);
    },
    async replace({ messageId }) {
      done.push(`replace ${messageId}`);
      return posted("new");
    },
    postFile: async () => posted("file"),
    notify: async () => posted("news"),
  };
  const show = createReplyDelivery({
    alerts: {
      alertsOnCard: async () => (isRoot ? [{ alert: ALERT, notified: notifiedOf(1042) }] : []),
      reserveEdit: async () => mayEdit,
    },
    cards: {
      find: async () => ROOT,
      lastList: async () => undefined,
      save: async (one) => void saved.push(one),
    },
    messenger,
    lookUpCard: async () => undefined,
    log: { info() {}, warn() {}, error() {} },
  });
  const view = { kind: "notice", tone: "info", title: "", lines: [], facts: [], buttons: [] } as const;
  const target = { place: { roomId: "r1" }, card: ROOT };
  await show.deliver({ view }, { request: SAID, target, command: "ack 1042", replaces: true });
  return { done, saved };
}

test("the root of a thread is edited where it is", async () => {
  const { done, saved } = await answered({});
  expect(done).toEqual(["edit root"]);
  expect(saved).toMatchObject([{ messageId: "root", command: "ack 1042", edits: 1 }]);
});

test("a root that has had its edits is answered in its thread, and stays (ALERTS 30)", async () => {
  const { done, saved } = await answered({ mayEdit: false });
  expect(done).toEqual(["post in root"]);
  expect(saved.find(({ messageId }) => messageId === "root")?.lastPress?.command).toBe("ack 1042");
});

test("a root that Webex does not let be edited is answered in its thread, and stays", async () => {
  expect((await answered({ isRefused: true })).done).toEqual(["edit root", "post in root"]);
});

test("a list of alerts that nobody was told by gives way like any other card", async () => {
  expect((await answered({ isRoot: false })).done).toEqual(["replace root"]);
});
