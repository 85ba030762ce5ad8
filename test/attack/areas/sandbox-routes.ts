import assert from "node:assert/strict";
import { request } from "node:http";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";

interface Tried {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const REFUSED: Readonly<Record<string, Tried>> = {
  "another host name, as after DNS rebinding": { path: "/sandbox/people", headers: { host: "evil.example" } },
  "a host name that begins like ours": { path: "/sandbox/people", headers: { host: "localhost.evil.example" } },
  "a host name with a user": { path: "/sandbox/people", headers: { host: "localhost@evil.example" } },
  "the address of all interfaces": { path: "/sandbox/people", headers: { host: "0.0.0.0" } },
  "the API under another host name": { path: "/v1/people/me", headers: { host: "evil.example" } },
  "a form of another page": {
    method: "POST",
    path: "/sandbox/bot",
    headers: { origin: "https://evil.example", "content-type": "text/plain" },
    body: '{"action":"kill"}',
  },
  "a form of a page without an origin": {
    method: "POST",
    path: "/sandbox/bot",
    headers: { origin: "null" },
    body: '{"action":"kill"}',
  },
  "a call that the browser marks as of another site": {
    method: "DELETE",
    path: "/sandbox/faults",
    headers: { "sec-fetch-site": "cross-site" },
  },
  "a call that the browser marks as of the same site": {
    method: "DELETE",
    path: "/sandbox/faults",
    headers: { "sec-fetch-site": "same-site" },
  },
  "the API without a token": { path: "/v1/people/me" },
  "the API with an empty token": { path: "/v1/people/me", headers: { authorization: "Bearer " } },
  "the API with the name of a property as token": {
    path: "/v1/people/me",
    headers: { authorization: "Bearer __proto__" },
  },
  "customers with a person's token": {
    path: "/v1/wholesale/customers",
    headers: { authorization: "Bearer sandbox-admin-token" },
  },
  "customers with the bot's token": {
    path: "/v1/wholesale/customers",
    headers: { authorization: "Bearer sandbox-bot-token" },
  },
  "people with the Wholesale token": { path: "/v1/rooms", headers: { authorization: "Bearer none" } },
  "a file above the page": { path: "/../package.json" },
  "a file above the page, encoded": { path: "/%2e%2e/%2e%2e/package.json" },
  "a file above the page with backslashes": { path: "/..\\..\\..\\package.json" },
  "a file above the page, encoded twice": { path: "/%252e%252e/package.json" },
  "a file with a zero byte": { path: "/index.html%00.png" },
  "the sources of the page's folder": { path: "/../sandbox.ts" },
  "a scenario named like a property": { method: "POST", path: "/sandbox/scenarios/constructor", body: "{}" },
  "a clock of a million": { method: "POST", path: "/sandbox/clock", body: '{"speed":1e6}' },
  "a clock that goes back": { method: "POST", path: "/sandbox/clock", body: '{"forward":-1}' },
  "a fault with an odd field": { method: "POST", path: "/sandbox/faults", body: '{"status":500,"evil":1}' },
  "a customer with a new id": {
    method: "PATCH",
    path: "/sandbox/customers/c1677a16-557a-4fb4-b48f-24adde57ec99",
    body: '{"id":"x"}',
  },
  "a body of 200 MB, announced": {
    method: "POST",
    path: "/sandbox/faults",
    headers: { "content-length": "200000000" },
  },
  "half of JSON": { method: "POST", path: "/sandbox/faults", body: '{"status":' },
};

/** The status of a call, sent as it stands. */
function call(
  { url }: Arena,
  { method = "GET", path, headers = {}, body = "" }: Tried,
): Promise<{ status: number; text: string }> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method, path, headers: { host, ...headers }, setHost: false },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => (text += String(chunk)));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        if (headers["content-length"] !== undefined) outgoing.destroy();
        answer.on("close", () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    outgoing.on("error", reject);
    if (headers["content-length"] === undefined) outgoing.end(body);
    else outgoing.flushHeaders();
  });
}

export const sandboxRoutes: Area = {
  name: "the sandbox itself",
  judged: "the answer is 4xx and holds no file, no token and no customer; the bot goes on",
  attacks: async (): Promise<readonly Attack[]> =>
    forEach(REFUSED, async (tried, arena) => {
      const { status, text } = await call(arena, tried);
      assert.ok(status >= 400 && status < 500, `It was answered ${status}.`);
      assert.doesNotMatch(text, /"scripts"|-token|"items"|createSandbox/);
      assert.equal(arena.bot.state().state, "ready");
    }),
};
