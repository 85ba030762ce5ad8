import { expect, test } from "vitest";
import { createHttp, type HttpCall } from "../src/http.ts";
import { createSecrets } from "../src/secrets.ts";
import { failureOf as webexFailure } from "../src/webex/failures.ts";
import { failureOf as wholesaleFailure } from "../src/wholesale/failures.ts";
import { type ScriptedResponse, startLoopback } from "./support/loopback.ts";

const TOKEN = "t0ken/with+every=thing";
const OTHER = "a-token-of-somebody-else";
const QUOTED = 'q0ted/"with" \\ all';
const SECRETS = createSecrets([TOKEN, QUOTED]);

async function answerTo(script: ScriptedResponse, call: Pick<HttpCall, "answersSecret" | "onItems"> = {}) {
  const { url } = await startLoopback([script]);
  const http = createHttp({ baseUrl: url, connections: 1, timeoutMs: 60_000, retries: 0, secrets: SECRETS });
  return http.request({ method: "GET", path: "/", ...call });
}

const shown = (value: unknown): string => JSON.stringify(value);

test.each([
  ["a message", { json: { message: `no: Bearer ${TOKEN}` } }],
  ["a list of errors", { json: { message: "no", errors: [{ description: `${TOKEN} and ${OTHER.slice(0, 3)}` }] } }],
  ["a tracking id", { json: { message: "no", trackingId: `T_${TOKEN}` } }],
  ["a header", { json: { message: "no" }, headers: { trackingid: `Bearer ${TOKEN}` } }],
  ["escapes", { body: `{"message":"no: ${[...TOKEN].map(unicodeEscape).join("")}"}` }],
  ["escaped slashes", { body: `{"message":"no: ${TOKEN.replaceAll("/", "\\/")}"}` }],
  ["an address", { json: { message: `no: ?token=${encodeURIComponent(TOKEN)}` } }],
  ["a quoted request", { json: { message: shown({ authorization: `Bearer ${TOKEN}` }) } }],
  ["a token that nobody here knows", { json: { message: `no: authorization: bearer ${OTHER}` } }],
])("PRODUCT 5: an error that repeats a token in %s shows none", async (_, script) => {
  for (const status of [400, 401, 429, 503]) {
    const answer = await answerTo({ status, ...script });
    const failures = [webexFailure(answer, "GET x"), wholesaleFailure(answer)];
    const all = shown([answer.headers, answer.json(), ...failures.map(everythingOf)]);
    expect(all).not.toContain("t0ken");
    expect(all).not.toContain(OTHER);
    expect(shown(failures.map(everythingOf))).toContain("Webex");
  }
});

test("PRODUCT 5: an error that names an address of a person shows none", async () => {
  const answer = await answerTo({
    status: 404,
    json: { message: "Nobody is called ana.lima@meridian-voice.example." },
  });
  expect(answer.json()).toEqual({ message: "Nobody is called [address]" });
});

function unicodeEscape(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function everythingOf(error: Error): unknown {
  return [error.message, error.cause, error.stack, { ...error }];
}

test("PRODUCT 5: a good answer that repeats a token shows none, and keeps everything else", async () => {
  const items = [{ id: "a", status: "error", errors: [{ errorCode: 1, description: `a "quoted" ${TOKEN}` }] }];
  const { json } = await answerTo({ json: { items, [TOKEN]: 1 } });
  const expected = [{ id: "a", status: "error", errors: [{ errorCode: 1, description: 'a "quoted" [redacted]' }] }];
  expect(json()).toMatchObject({ items: expected });
});

test.each([
  ["as it is", (secret: string) => shown(secret)],
  ["in a quoted request", (secret: string) => shown(shown({ authorization: secret }))],
  ["in escapes", (secret: string) => `"${[...secret].map(unicodeEscape).join("")}"`],
  ["with escaped slashes", (secret: string) => shown(secret).replaceAll("/", "\\/")],
])("PRODUCT 5: a good answer that repeats a secret %s shows none, also while it comes", async (_, write) => {
  for (const secret of [TOKEN, QUOTED]) {
    const body = `{"a":${write(secret)},"items":[{"b":${write(secret)}}]}`;
    const taken: unknown[] = [];
    const onItems = async (items: readonly unknown[]) => void taken.push(...items);
    for (const call of [{}, { onItems }])
      expect(shown((await answerTo({ body }, call)).json())).not.toMatch(/t0ken|q0ted/);
    expect(taken).toHaveLength(1);
    expect(shown(taken)).not.toMatch(/t0ken|q0ted/);
  }
});

test("what people write about bearers is left as it is", async () => {
  const { json } = await answerTo({ json: { text: "find Bearer Logistics" } });
  expect(json()).toEqual({ text: "find Bearer Logistics" });
});

test("the answer of a call for a new token is whole, and an error of it is redacted", async () => {
  expect((await answerTo({ json: { access_token: TOKEN } }, { answersSecret: true })).json()).toEqual({
    access_token: TOKEN,
  });
  const refused = await answerTo({ status: 400, json: { message: TOKEN } }, { answersSecret: true });
  expect(refused.json()).toEqual({ message: "[redacted]" });
});

test("renewed tokens are known too, the latest of them for ever", () => {
  const secrets = createSecrets(["configured-once"]);
  for (let n = 0; n < 1000; n += 1) secrets.add(`access-token-${n}`);
  const text = secrets.redact("configured-once access-token-999 access-token-990");
  expect(text).toBe("[redacted] [redacted] [redacted]");
});

test("a text as short as a word is not taken out of texts", () => {
  expect(createSecrets(["bot", ""]).redact("the bot works")).toBe("the bot works");
});
