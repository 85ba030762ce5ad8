import { expect, onTestFinished, test, vi } from "vitest";
import { createHttp, type HttpOptions, parseLink, type Retry, readRetryAfter } from "../src/http.ts";
import { type Script, type ScriptedResponse, startLoopback } from "./support/loopback.ts";
import { NO_SECRETS } from "./support/secrets.ts";

const GET = { method: "GET", path: "/things" } as const;
const POST = { method: "POST", path: "/things", body: "{}" } as const;

/** A client of a scripted server. It does not really wait, and records the waits. */
async function connect(script: Script, options: Partial<HttpOptions> = {}) {
  const loopback = await startLoopback(script);
  const waits: number[] = [];
  const retries: Retry[] = [];
  const http = createHttp({
    secrets: NO_SECRETS,
    baseUrl: `${loopback.url}/v1`,
    connections: 4,
    timeoutMs: 60_000,
    retries: 3,
    onRetry: (retry) => retries.push(retry),
    sleep: async (ms) => void waits.push(ms),
    random: () => 1,
    ...options,
  });
  return { http, loopback, waits, retries };
}

test("a call goes below the base address, with a repeated key for a list", async () => {
  const { http, loopback } = await connect([{ json: { ok: true } }]);
  const response = await http.request({ ...GET, query: { status: ["a b", "c"], max: 2, none: undefined } });
  expect(response).toMatchObject({ status: 200, hasNext: false });
  expect(response.json()).toEqual({ ok: true });
  expect(response.json()).toEqual({ ok: true });
  expect(loopback.requests[0]?.path).toBe("/v1/things");
  expect([...(loopback.requests[0]?.query ?? [])]).toEqual([
    ["status", "a b"],
    ["status", "c"],
    ["max", "2"],
  ]);
});

test("a body that is not JSON has no value", async () => {
  const { http } = await connect([{ body: "<html>" }]);
  expect((await http.request(GET)).json()).toBeUndefined();
});

test.each([429, 423, 503])("Retry-After is honoured on %i, for a POST too", async (status) => {
  const { http, loopback, waits, retries } = await connect([{ status, headers: { "retry-after": "7" } }, {}]);
  expect((await http.request(POST)).status).toBe(200);
  expect(waits).toEqual([7_000]);
  expect(loopback.requests.map(({ body }) => body)).toEqual(["{}", "{}"]);
  expect(retries).toEqual([{ method: "POST", path: "/things", retry: 1, waitMs: 7_000, reason: status }]);
});

test("`onRetry` gets no query, which may hold what a person typed", async () => {
  const { http, retries } = await connect([{ status: 503 }, {}]);
  await http.request({ method: "GET", path: "/things?externalId=secret&offset=10" });
  expect(retries.map(({ path }) => path)).toEqual(["/things"]);
});

test("Retry-After may be a date", async () => {
  vi.setSystemTime("2026-05-01T08:00:00Z");
  onTestFinished(() => void vi.useRealTimers());
  const headers = { "retry-after": "Fri, 01 May 2026 08:00:30 GMT" };
  const { http, waits } = await connect([{ status: 429, headers }, {}]);
  await http.request(GET);
  expect(waits).toEqual([30_000]);
});

test.each(["3600", "99999999", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"])(
  "ALERTS 7, 29: Retry-After %s is returned as 5 minutes, and not waited for",
  async (retryAfter) => {
    const { http, loopback, waits } = await connect([
      { status: 429, headers: { "retry-after": retryAfter }, body: "slow down" },
    ]);
    expect(await http.request(GET)).toMatchObject({ status: 429, retryAfterMs: 300_000 });
    expect(loopback.requests).toHaveLength(1);
    expect(waits).toEqual([]);
  },
);

test.each([
  ["1.5", 1_500],
  ["0.1", 100],
  ["00012", 12_000],
  [" 3 ", 3_000],
  ["300.001", 300_000],
  ["Friday, 01-May-26 08:00:10 GMT", undefined],
])("Retry-After %j is %s ms", (header, ms) => {
  const now = Date.parse("2026-05-01T08:00:00Z");
  if (ms !== undefined) expect(readRetryAfter(header, now)).toBe(ms);
  else expect(readRetryAfter(header, now) ?? 0).toBeLessThanOrEqual(10_000);
});

test.each([
  ...["60 s", "5 minutes", "1 hour", "1e3", "0x10", "Infinity", "-0", "+5", "1,5", "12;", "\u0661"],
  ...["never 2099", "tomorrow", "null", "{}", "Sat, 32 Foo 2099 99:99:99 GMT", "5, 60"],
])("a Retry-After of %j cannot be read, and is none", (header) => {
  expect(readRetryAfter(header, 0)).toBeUndefined();
});

test.each(["-5", "0", "soon", "", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT"])(
  "a Retry-After of %j is none",
  async (retryAfter) => {
    const { http } = await connect([{ status: 429, headers: { "retry-after": retryAfter } }], { retries: 0 });
    expect(await http.request(GET)).not.toHaveProperty("retryAfterMs");
  },
);

test("waiting ends when all waits together are too long", async () => {
  const { http, waits } = await connect([{ status: 429, headers: { "retry-after": "50" } }]);
  expect((await http.request(GET)).status).toBe(429);
  expect(waits).toEqual([50_000]);
});

test.each([500, 502, 503, 504])("a GET that met %i is repeated with growing waits", async (status) => {
  const { http, loopback, waits } = await connect([{ status, json: { trackingId: "T-1" } }]);
  const response = await http.request(GET);
  expect(response.status).toBe(status);
  expect(response.json()).toEqual({ trackingId: "T-1" });
  expect(loopback.requests).toHaveLength(4);
  expect(waits).toEqual([500, 1_000, 2_000]);
});

test("waits are spread at random, so that callers do not come back all at once", async () => {
  const { http, waits } = await connect([{ status: 500 }, {}], { random: () => 0.25 });
  await http.request(GET);
  expect(waits).toEqual([125]);
});

test.each([500, 502, 504])("a POST that met %i may have been carried out and is not repeated", async (status) => {
  const { http, loopback } = await connect([{ status }, {}]);
  expect((await http.request(POST)).status).toBe(status);
  expect(loopback.requests).toHaveLength(1);
});

test("a POST with `retryPost` is repeated like a GET", async () => {
  const { http } = await connect([{ status: 500 }, { fault: "hang-up" }, {}]);
  expect((await http.request({ ...POST, retryPost: true })).status).toBe(200);
});

test.each([200, 301, 400, 401, 403, 404, 409])("%i is an answer", async (status) => {
  const { http, loopback } = await connect([{ status, body: "x" }]);
  expect(await http.request(GET)).toMatchObject({ status });
  expect(loopback.requests).toHaveLength(1);
});

test("a status in `noRetryStatuses` is returned at once", async () => {
  const { http, loopback } = await connect([{ status: 504 }]);
  expect((await http.request({ ...GET, noRetryStatuses: [504] })).status).toBe(504);
  expect(loopback.requests).toHaveLength(1);
});

test.each(["hang-up", "half"] as const)("a GET whose answer broke (%s) is asked again as a whole", async (fault) => {
  const { http, loopback } = await connect([{ fault, body: '{"old":true}' }, { json: { new: true } }]);
  expect((await http.request(GET)).json()).toEqual({ new: true });
  expect(loopback.requests[1]?.headers.range).toBeUndefined();
});

test("a POST whose answer broke is not sent twice", async () => {
  const { http, loopback } = await connect([{ fault: "hang-up" }, {}]);
  await expect(http.request(POST)).rejects.toMatchObject({ code: "http.unreachable", retryable: true });
  expect(loopback.requests).toHaveLength(1);
});

test("a POST whose connection was refused is sent again", async () => {
  const { http, loopback, retries } = await connect([{}]);
  await loopback.stop();
  await expect(http.request(POST)).rejects.toMatchObject({ code: "http.unreachable", retryable: true });
  expect(retries.map(({ reason }) => reason)).toEqual(["ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED"]);
});

test.each(["silence", "drip"] as const)("a server that never comes to an end (%s) is a timeout", async (fault) => {
  const { http } = await connect([{ fault }], { timeoutMs: 100, retries: 0 });
  await expect(http.request(GET)).rejects.toMatchObject({ code: "http.timeout", retryable: true });
});

test("a body beyond the limit is not read", async () => {
  const { http, loopback } = await connect([{ body: "x".repeat(2_000) }], { bodyLimit: 1_000 });
  await expect(http.request(GET)).rejects.toMatchObject({ code: "http.too_large", retryable: false });
  expect(loopback.requests).toHaveLength(1);
});

const ROWS = Array.from({ length: 2_000 }, (_, id) => ({ id, name: "x".repeat(100) }));

test("a list is handed over while it comes, and its next part waits until the last one was taken", async () => {
  const { http } = await connect([{ json: { items: ROWS, more: true } }]);
  const taken: unknown[] = [];
  let open = 0;
  const onItems = async (items: readonly unknown[]) => {
    open += 1;
    await new Promise(setImmediate);
    expect(open).toBe(1);
    open -= 1;
    taken.push(...items);
    expect(items.length).toBeLessThan(ROWS.length);
  };
  const response = await http.request({ ...GET, onItems });
  expect(taken).toEqual(ROWS);
  expect(response.json()).toEqual({ items: ROWS.map(() => 0), more: true });
});

test.each([
  ["no list", { body: "<html>" }, undefined],
  ["a list without an end", { body: JSON.stringify({ items: ROWS }).slice(0, -1) }, undefined],
  ["an element that is no JSON", { body: '{"items":[{"id":1},{"id":nothing}]}' }, undefined],
  ["an error", { status: 403, json: { items: [{ id: 1 }] } }, { items: [{ id: 1 }] }],
])("what is %s is seen when it has come", async (_, script: ScriptedResponse, json) => {
  const { http } = await connect([script]);
  const response = await http.request({ ...GET, onItems: async () => undefined });
  expect(response.json()).toEqual(json);
});

test("a list that breaks off is asked for again, and one beyond the limit of the call is not", async () => {
  const taken: unknown[] = [];
  const call = { ...GET, onItems: async (items: readonly unknown[]) => void taken.push(...items) };
  const broken = await connect([{ json: { items: ROWS }, fault: "half" }, { json: { items: ROWS } }]);
  expect((await broken.http.request(call)).status).toBe(200);
  expect(taken.slice(-ROWS.length)).toEqual(ROWS);
  const large = await connect([{ json: { items: ROWS } }]);
  await expect(large.http.request({ ...call, bodyLimit: 1_000 })).rejects.toMatchObject({ code: "http.too_large" });
});

test("an error of the one who takes the list is no error of the network", async () => {
  const { http, loopback } = await connect([{ json: { items: ROWS } }]);
  const full = new Error("the disk is full");
  await expect(http.request({ ...GET, onItems: () => Promise.reject(full) })).rejects.toBe(full);
  expect(loopback.requests).toHaveLength(1);
});

test("no failure carries the token", async () => {
  const { http } = await connect([{ fault: "hang-up" }], { retries: 0 });
  const failure = await http.request({ ...GET, headers: { authorization: "Bearer s3cret" } }).catch((e) => e);
  expect(`${failure} ${failure.stack} ${JSON.stringify(failure)} ${JSON.stringify(failure.cause)}`).not.toContain(
    "s3cret",
  );
});

test("an abort ends a call, and ends a wait", async () => {
  const { http, retries } = await connect([{ status: 503, headers: { "retry-after": "40" } }]);
  const real = await startLoopback([{ status: 503, headers: { "retry-after": "40" } }]);
  const gone = AbortSignal.abort(new Error("gone"));
  await expect(http.request({ ...GET, signal: gone })).rejects.toThrow("gone");
  expect(retries).toEqual([]);

  const stop = new AbortController();
  const waiting = createHttp({
    secrets: NO_SECRETS,
    baseUrl: real.url,
    connections: 1,
    timeoutMs: 60_000,
    retries: 3,
    onRetry: () => queueMicrotask(() => stop.abort(new Error("stopped"))),
  });
  await expect(waiting.request({ ...GET, signal: stop.signal })).rejects.toThrow("stopped");
});

test("connections are kept and never more than allowed", async () => {
  const { http, loopback } = await connect([{}], { connections: 2 });
  await Promise.all(Array.from({ length: 12 }, () => http.request(GET)));
  await http.request(GET);
  expect(loopback.requests).toHaveLength(13);
  expect(loopback.connections()).toBe(2);
});

test("a closed client makes no calls", async () => {
  const { http, loopback } = await connect([{}]);
  await http.close();
  await expect(http.request(GET)).rejects.toMatchObject({ code: "http.unreachable" });
  expect(loopback.requests).toHaveLength(0);
});

test.each([
  ["</v1/things?offset=10>; rel=next", "/things?offset=10"],
  ["<?offset=10>; rel=next", "/things?offset=10"],
  ["<https://elsewhere.example/v1/things?offset=10>; rel=next", undefined],
  ["<//elsewhere.example/v1/things>; rel=next", undefined],
  ["</v2/things>; rel=next", undefined],
  ["</v1/../v2/things>; rel=next", undefined],
  ["</v1/%2e%2e/v2/things>; rel=next", undefined],
  ["<http://[>; rel=next", undefined],
])("the next page of %s is %s", async (link, nextPath) => {
  const { http } = await connect([{ headers: { link } }]);
  const response = await http.request(GET);
  expect(response.hasNext).toBe(true);
  expect(response.nextPath).toBe(nextPath);
});

test("a next page on the configured host can be asked for as it stands", async () => {
  const { http, loopback } = await connect((request) => ({
    headers: { link: `<http://${request.headers.host}/v1/things?a=1%2C2&offset=10>; rel="next"` },
  }));
  const { nextPath = "" } = await http.request(GET);
  await http.request({ method: "GET", path: nextPath });
  expect(loopback.requests[1]?.path).toBe("/v1/things");
  expect(loopback.requests[1]?.query.get("a")).toBe("1,2");
});

test.each([
  ['<https://a/?x=1,2;3>; rel="next"', "https://a/?x=1,2;3"],
  ['<https://p>; rel="prev", <https://n>; REL="Next"', "https://n"],
  ["<https://n>;title=x; rel = next", "https://n"],
  ["<https://n>; rel='next'", "https://n"],
  ['<https://n>; rel="last next"', "https://n"],
  ['<https://n>; rel="nextish"', undefined],
  ['<https://n>; xrel="next"', undefined],
  ["<https://n>", undefined],
  ["rel=next", undefined],
  ["", undefined],
  [undefined, undefined],
])("the next link of %s is %s", (header, next) => {
  expect(parseLink(header).get("next")).toBe(next);
});

test("several Link headers count as one", () => {
  expect(parseLink(["<https://p>; rel=prev", "<https://n>; rel=next"]).get("next")).toBe("https://n");
});
