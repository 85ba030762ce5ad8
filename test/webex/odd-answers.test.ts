import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { GONE, nextTry } from "../../src/domain/unanswered.ts";
import { Failure } from "../../src/errors.ts";
import type { HttpCall, HttpResponse } from "../../src/http.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { createFramework, type FrameworkAdapter } from "../../src/webex/framework.ts";

const BOT = { id: "bot", displayName: "Wholesale Bot", emails: ["bot@webex.bot"], orgId: "org", type: "bot" };
const WRITTEN = { id: "m1", roomId: "r1", personId: "ana", created: "2026-11-23T15:00:00Z" };
const PATHS = { messages: "/messages/m1", attachmentActions: "/attachment/actions/m1" } as const;
const RIGHT = {
  "/messages/m1": { ...WRITTEN, text: "customers" },
  "/attachment/actions/m1": { ...WRITTEN, messageId: "card", inputs: { command: "customers" } },
  "/memberships": { items: [{ id: "in", roomId: "r1", personId: "bot" }] },
  "/rooms/r1": { id: "r1", title: "War room", type: "group" },
  "/people/ana": { id: "ana" },
};

const answerOf = (status: number, body: string): HttpResponse => ({
  status,
  headers: {},
  hasNext: false,
  json() {
    try {
      return JSON.parse(body);
    } catch {
      return undefined;
    }
  },
});

// The framework prints each failure that it swallows.
beforeAll(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterAll(() => void vi.restoreAllMocks());

let framework: FrameworkAdapter | undefined;
afterEach(() => framework?.stop());

/** Dispatches an event twice; only its first call to `path` gets `odd`. */
async function dispatchTwice(resource: keyof typeof PATHS, path: string, odd: HttpResponse, roomId = "r1") {
  let isFirst = true;
  const request = async (call: HttpCall): Promise<HttpResponse> => {
    if (call.path === path && isFirst) {
      isFirst = false;
      return odd;
    }
    const right: unknown = RIGHT[call.path as keyof typeof RIGHT];
    return right === undefined ? answerOf(404, "{}") : answerOf(200, JSON.stringify(right));
  };
  framework = createFramework(createWebexApi({ request, close: async () => undefined }, "token"), BOT);
  await framework.start();
  const event = { name: "", resource, event: "created", data: { id: "m1", roomId } } as const;
  const first: unknown = await framework.dispatch({ ...event, actorId: "ana" } as never).catch((error) => error);
  const second = await framework.dispatch({ ...event, actorId: "ana" } as never);
  return { first, second };
}

const ODD_ANSWERS = [
  ...[400, 401, 403, 404, 405, 409, 410, 415, 428, 302, 423, 429, 500, 503].map(
    (status) => [`${status}`, answerOf(status, "{}")] as const,
  ),
  ["204", answerOf(204, "")],
  ["HTML", answerOf(200, "<html>Sign in</html>")],
  ["empty", answerOf(200, "")],
  ["null", answerOf(200, "null")],
  ["[]", answerOf(200, "[]")],
] as const;

for (const resource of ["messages", "attachmentActions"] as const) {
  test.each(ODD_ANSWERS)(`${resource} read with %s once: tried again, not lost`, async (_, odd) => {
    const { first, second } = await dispatchTwice(resource, PATHS[resource], odd);
    expect(first).toBeInstanceOf(Failure);
    const { code, retryable, outcomeUnknown } = first as Failure;
    expect(code === GONE).toBe(odd.status === 404);
    expect(nextTry({ code, since: 0, retryable, outcomeUnknown }, 0, 0)).toBe(1_000);
    expect(second).toMatchObject({ room: { space: "War room" } });
  });

  test.each([...ODD_ANSWERS, ["no members", answerOf(200, '{"items":[]}')] as const])(
    `${resource}: the member list read with %s once: tried again, not lost`,
    async (_, odd) => {
      const { first, second } = await dispatchTwice(resource, "/memberships", odd);
      expect(first).toBeInstanceOf(Failure);
      expect((first as Failure).code).not.toBe(GONE);
      expect(second).toMatchObject({ room: { space: "War room" } });
    },
  );
}

test.each(["messages", "attachmentActions"] as const)(
  "%s: an event that names another space is answered where Webex says it was written",
  async (resource) => {
    const { first } = await dispatchTwice(resource, "/none", answerOf(500, ""), "another room");
    expect(first).toMatchObject({ room: { space: "War room" } });
  },
);

test("a message of the bot itself is no question, whoever is said to have written it", async () => {
  const own = answerOf(200, JSON.stringify({ ...WRITTEN, personId: "bot", text: "customers" }));
  expect((await dispatchTwice("messages", PATHS.messages, own)).first).toBeUndefined();
});

test("a message without a text, such as a file, is no question", async () => {
  const file = answerOf(200, JSON.stringify(WRITTEN));
  expect((await dispatchTwice("messages", PATHS.messages, file)).first).toBeUndefined();
});
