import { expect, onTestFinished, test } from "vitest";
import type { View } from "../../src/domain/views/views.ts";
import { createHttp } from "../../src/http.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { createMessenger } from "../../src/webex/messenger.ts";
import { startLoopback } from "../support/loopback.ts";

const POSTED = { id: "m1", roomId: "r1", personId: "p1", created: "2026-11-23T15:02:00.000Z" };
const VIEW: View = { kind: "notice", tone: "info", title: "1 customer", facts: [], lines: [], buttons: [] };

/** Webex rejects as many posts as said; the last one is accepted. */
async function postOf({ threadId, rejections, isValid }: { threadId?: string; rejections: number; isValid: boolean }) {
  const rejected = Array.from({ length: rejections }, () => ({ status: 400 }));
  const webex = await startLoopback([...rejected, { json: POSTED }]);
  const http = createHttp({ baseUrl: webex.url, connections: 1, timeoutMs: 2_000, retries: 0 });
  onTestFinished(() => http.close());
  const messenger = createMessenger({
    api: createWebexApi(http, "token"),
    log: { info() {}, warn() {}, error() {} },
    render: () => ({ card: {}, text: "1 customer" }),
    lint: () => (isValid ? [] : ["card: is empty"]),
  });
  await messenger.post({ roomId: "r1", ...(threadId !== undefined && { threadId }) }, VIEW);
  return webex.requests.map(({ body }) => {
    const { parentId, attachments } = JSON.parse(body);
    return [parentId === undefined ? "room" : "thread", attachments === undefined ? "text" : "card"].join(": ");
  });
}

test("a rejected card is posted without its thread, then as plain text", async () => {
  expect(await postOf({ threadId: "t1", rejections: 2, isValid: true })).toEqual([
    "thread: card",
    "room: card",
    "room: text",
  ]);
  expect(await postOf({ rejections: 1, isValid: true })).toEqual(["room: card", "room: text"]);
});

test("the plain text of an invalid card is never posted twice in one way", async () => {
  expect(await postOf({ threadId: "t1", rejections: 1, isValid: false })).toEqual(["thread: text", "room: text"]);
  await expect(postOf({ threadId: "t1", rejections: 2, isValid: false })).rejects.toMatchObject({
    code: "webex.bad_request",
  });
  expect(await postOf({ rejections: 0, isValid: false })).toEqual(["room: text"]);
});
