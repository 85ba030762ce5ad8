import { expect, onTestFinished, test } from "vitest";
import type { View } from "../../src/domain/views/views.ts";
import { createHttp } from "../../src/http.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { createMessenger } from "../../src/webex/messenger.ts";
import { startLoopback } from "../support/loopback.ts";
import { NO_SECRETS } from "../support/secrets.ts";

const POSTED = { id: "m1", roomId: "r1", personId: "p1", created: "2026-11-23T15:02:00.000Z" };
const VIEW: View = { kind: "notice", tone: "info", title: "1 customer", facts: [], lines: [], buttons: [] };

interface Rejections {
  readonly threadId?: string;
  readonly rejections: number;
  readonly isValid?: boolean;
  readonly status?: number;
}

/** Webex rejects as many posts as said; the last one is accepted. Returns the forms that were tried, and the thread of the message, or how it failed. */
async function postOf({ threadId, rejections, isValid = true, status = 400 }: Rejections) {
  const rejected = Array.from({ length: rejections }, () => ({ status }));
  const webex = await startLoopback([...rejected, { json: POSTED }]);
  const http = createHttp({ secrets: NO_SECRETS, baseUrl: webex.url, connections: 1, timeoutMs: 2_000, retries: 0 });
  onTestFinished(() => http.close());
  const messenger = createMessenger({
    api: createWebexApi(http, "token"),
    log: { info() {}, warn() {}, error() {} },
    zoneOf: async () => undefined,
    render: () => ({ card: {}, text: "1 customer" }),
    lint: () => (isValid ? [] : ["card: is empty"]),
  });
  const posted = messenger.post({ roomId: "r1", ...(threadId !== undefined && { threadId }) }, VIEW);
  const failure = await posted.then(
    (message) => (message.threadId === undefined ? [] : [`in ${message.threadId}`]),
    (error: { code: string }) => [error.code],
  );
  const forms = webex.requests.map(({ body }) => {
    const { parentId, attachments } = JSON.parse(body);
    return [parentId === undefined ? "room" : "thread", attachments === undefined ? "text" : "card"].join(": ");
  });
  return [...forms, ...failure];
}

test("a rejected card is posted without its thread, then as plain text", async () => {
  expect(await postOf({ threadId: "t1", rejections: 0, isValid: true })).toEqual(["thread: card", "in t1"]);
  expect(await postOf({ threadId: "t1", rejections: 2, isValid: true })).toEqual([
    "thread: card",
    "room: card",
    "room: text",
  ]);
  expect(await postOf({ rejections: 1, isValid: true })).toEqual(["room: card", "room: text"]);
});

test("the plain text of an invalid card is never posted twice in one way", async () => {
  expect(await postOf({ threadId: "t1", rejections: 1, isValid: false })).toEqual(["thread: text", "room: text"]);
  expect(await postOf({ threadId: "t1", rejections: 2, isValid: false })).toEqual([
    "thread: text",
    "room: text",
    "webex.bad_request",
  ]);
  expect(await postOf({ rejections: 0, isValid: false })).toEqual(["room: text"]);
});

test("ALERTS 29: a refused room is not asked again in another form", async () => {
  expect(await postOf({ rejections: 3, status: 403 })).toEqual(["room: card", "webex.forbidden"]);
  expect(await postOf({ rejections: 3, status: 404 })).toEqual(["room: card", "webex.not_found"]);
  expect(await postOf({ threadId: "t1", rejections: 3, status: 403 })).toEqual(["thread: card", "webex.forbidden"]);
  // A 404 with a thread may be about the root of the thread.
  expect(await postOf({ threadId: "t1", rejections: 1, status: 404 })).toEqual(["thread: card", "room: card"]);
  expect(await postOf({ threadId: "t1", rejections: 3, status: 404 })).toEqual([
    "thread: card",
    "room: card",
    "webex.not_found",
  ]);
});
