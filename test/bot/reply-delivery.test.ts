import { expect, onTestFinished, test } from "vitest";
import { createReplyDelivery, type ReplyDelivery } from "../../src/bot/reply-delivery.ts";
import type { UserRequest } from "../../src/domain/inbound-event.ts";
import type { PostedCard } from "../../src/domain/ports/messaging.ts";
import type { PostedCards } from "../../src/domain/ports/store.ts";
import type { Reply } from "../../src/domain/replies/reply.ts";
import { createHttp } from "../../src/http.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { createCardLookup } from "../../src/webex/inbound.ts";
import { onFile, type TestDatabase } from "../support/databases.ts";
import { type ReceivedRequest, type ScriptedResponse, startLoopback } from "../support/loopback.ts";
import { openGate } from "../support/open-gate.ts";
import { NO_SECRETS } from "../support/secrets.ts";
import { NOTHING_LATE } from "../support/under-way.ts";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const POSTED = { json: { id: "new", roomId: "r1", personId: "bot", created: "2026-11-23T12:00:01.000Z" } };

const SUMMARY: PostedCard = {
  messageId: "summary",
  roomId: "r1",
  kind: "summary",
  command: "summary",
  senderId: "vera",
  rows: [],
  edits: 0,
  shownAt: NOON,
};

const REQUEST: UserRequest = {
  kind: "request",
  id: "press-1",
  text: "export",
  roomId: "r1",
  isDirect: false,
  senderId: "vera",
  at: NOON + 500,
  pressedMessageId: "summary",
};

function exportOf(content: () => AsyncIterable<Uint8Array>): Reply {
  return {
    view: { kind: "notice", tone: "info", title: "2 customers", lines: [], facts: [], buttons: [] },
    file: { text: "2 customers", file: { name: "customers.csv", type: "text/csv", content } },
  };
}

async function* rows(): AsyncIterable<Uint8Array> {
  yield Buffer.from("a\r\nb\r\n");
}

const NO_ALERTS = {
  alertsOnCard: async () => undefined,
  reservePressEdit: async () => true,
  recordPressEdit: async () => undefined,
};

const isFile = ({ headers }: ReceivedRequest) => String(headers["content-type"]).startsWith("multipart/");

function deliveryOf(cards: PostedCards, baseUrl: string): ReplyDelivery {
  const http = createHttp({ secrets: NO_SECRETS, baseUrl, connections: 2, timeoutMs: 60_000, retries: 0 });
  onTestFinished(() => http.close());
  const api = createWebexApi(http, "token");
  const log = { info() {}, warn() {}, error() {} };
  const gate = openGate({
    api,
    log,
    zoneOf: async () => undefined,
    render: (view) => ({ card: {}, text: "title" in view ? (view.title ?? "") : "" }),
    lint: () => [],
  });
  const lookUpCard = createCardLookup(api, { id: "bot", displayName: "Bot", emails: [], orgId: "", type: "bot" });
  return createReplyDelivery({
    cards,
    alerts: NO_ALERTS,
    gate,
    underWay: NOTHING_LATE,
    lookUpCard,
    clock: () => NOON,
    log,
  });
}

/** Delivers an export that was pressed on a summary; `onFile` answers the upload. */
async function deliver(
  database: TestDatabase,
  { reply, onFile: answer }: { reply: Reply; onFile: () => ScriptedResponse },
) {
  const { cards } = await database.open();
  await cards.save(SUMMARY);
  const webex = await startLoopback(async (request) => (isFile(request) ? answer() : POSTED));
  const delivery = deliveryOf(cards, webex.url);
  const target = await delivery.targetOf(REQUEST);
  const delivered = await delivery.deliver(reply, {
    request: REQUEST,
    target,
    command: "export",
    shown: "no customers",
    replaces: false,
  });
  const texts = webex.requests.map((request) => (isFile(request) ? "file" : JSON.parse(request.body).text));
  return { texts, cards: "cards" in delivered ? delivered.cards.map(({ card }) => card) : [] };
}

onFile((database) => {
  test("a card without a record is known from its first press on, also when Webex has it no more", async () => {
    const { cards } = await database.open();
    const answers: ScriptedResponse[] = [{ json: { ...POSTED.json, id: "summary" } }, { status: 404 }];
    const webex = await startLoopback(async () => answers.shift() ?? { status: 500 });
    const { targetOf } = deliveryOf(cards, webex.url);
    const isKnown = async () => (await targetOf(REQUEST)).card !== undefined;
    expect([await isKnown(), await isKnown()]).toEqual([true, true]);
  });

  test("a file is sent after its card; the press is recorded with the end of its event, so after a crash both are sent again", async () => {
    const { texts, cards } = await deliver(database, { reply: exportOf(rows), onFile: () => POSTED });
    expect(texts).toEqual(["2 customers", "file"]);
    const lastPress = { command: "export", senderId: "vera", at: REQUEST.at };
    expect(cards).toMatchObject([{ messageId: "new" }, { messageId: "summary", lastPress }]);
  });

  test("when Webex refuses the file, the space is notified, and nothing is sent twice", async () => {
    const { texts } = await deliver(database, { reply: exportOf(rows), onFile: () => ({ status: 413 }) });
    expect(texts).toEqual(["2 customers", "file", "customers.csv could not be sent"]);
  });

  test("when the file cannot be produced, the space is notified of an internal error", async () => {
    const broken = async function* (): AsyncIterable<Uint8Array> {
      yield Buffer.from("a\r\n");
      throw new Error("a bug");
    };
    const { texts } = await deliver(database, { reply: exportOf(broken), onFile: () => POSTED });
    expect(texts.at(-1)).toBe("The bot made an error");
  });
});
