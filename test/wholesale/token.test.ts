import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { StoredToken, Tokens } from "../../src/domain/ports/store.ts";
import { createSecrets } from "../../src/secrets.ts";
import { createAccessToken, type WholesaleAuth } from "../../src/wholesale/token.ts";
import { type Script, startLoopback } from "../support/loopback.ts";
import { MINUTE } from "../support/time.ts";
import { connectHttp, createTestLeases, createTestLog, createTestTokens, NOW } from "./scripted-api.ts";

/** Does not wait; others go on meanwhile. */
async function yieldOnce(_ms: number, signal?: AbortSignal): Promise<void> {
  await setImmediate(undefined, signal && { signal });
}

const AUTH: WholesaleAuth = {
  kind: "refresh",
  clientId: "id",
  clientSecret: "s&cret",
  refreshToken: "r-env",
};
const ORIGIN = createHash("sha256").update("r-env").digest("hex").slice(0, 16);

const held = (fields: Partial<StoredToken> = {}): StoredToken => ({
  accessToken: "a-stored",
  refreshToken: "r-stored",
  expiresAt: NOW + 60 * MINUTE,
  origin: ORIGIN,
  ...fields,
});

const rotated = (n: number, life = 3600) => ({
  json: {
    access_token: `a-${n}`,
    refresh_token: `r-${n}`,
    expires_in: life,
    refresh_token_expires_in: 7_776_000,
  },
});

const shared = () => ({ leases: createTestLeases(), holder: "this", secrets: createSecrets([]), sleep: yieldOnce });

/** A token with a clock that the test moves, and a scripted token endpoint. */
async function connect(script: Script, tokens: Tokens = createTestTokens()) {
  const loopback = await startLoopback(script);
  const log = createTestLog();
  const http = connectHttp(loopback.url, 1);
  const time = { now: NOW };
  const token = createAccessToken({ auth: AUTH, http, tokens, ...shared(), clock: () => time.now, log });
  const sent = () => loopback.requests.map(({ body }) => new URLSearchParams(body).get("refresh_token"));
  return { token, time, log, requests: loopback.requests, sent };
}

test("a given token is used as it is, and there is no other", async () => {
  const { url, requests } = await startLoopback([{}]);
  const auth = { kind: "static", accessToken: "a" } as const;
  const rest = {
    http: connectHttp(url, 0),
    tokens: createTestTokens(),
    clock: () => NOW,
    log: createTestLog(),
    ...shared(),
  };
  const token = createAccessToken({ auth, ...rest });
  expect(await token.current()).toBe("a");
  expect(await token.afterRejection("a")).toBeUndefined();
  expect(requests).toHaveLength(0);
});

test("the first token is asked for with the configured refresh token, and kept", async () => {
  const tokens = createTestTokens();
  const { token, requests } = await connect([rotated(1)], tokens);
  expect(await token.current()).toBe("a-1");
  expect(requests[0]).toMatchObject({ method: "POST", path: "/v1/access_token" });
  expect(requests[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
    grant_type: "refresh_token",
    client_id: "id",
    client_secret: "s&cret",
    refresh_token: "r-env",
  });
  const expected = { accessToken: "a-1", refreshToken: "r-1", expiresAt: NOW + 60 * MINUTE, origin: ORIGIN };
  expect(tokens.saved).toEqual([expected]);
});

test("a stored token serves while it lasts", async () => {
  const { token, requests } = await connect([rotated(1)], createTestTokens(held()));
  expect(await token.current()).toBe("a-stored");
  expect(requests).toHaveLength(0);
});

test("a stored chain goes on with its own refresh token", async () => {
  const { token, sent } = await connect([rotated(1)], createTestTokens(held({ expiresAt: NOW - 1 })));
  expect(await token.current()).toBe("a-1");
  expect(sent()).toEqual(["r-stored"]);
});

test("a newly configured refresh token wins over an old chain", async () => {
  const { token, sent } = await connect([rotated(1)], createTestTokens(held({ origin: "another" })));
  expect(await token.current()).toBe("a-1");
  expect(sent()).toEqual(["r-env"]);
});

test("a token is renewed shortly before it ends", async () => {
  const { token, time, sent } = await connect([rotated(1), rotated(2)]);
  await token.current();
  time.now += 58 * MINUTE;
  expect(await token.current()).toBe("a-1");
  time.now += 1.5 * MINUTE;
  expect(await token.current()).toBe("a-2");
  expect(sent()).toEqual(["r-env", "r-1"]);
});

test("a token of a short life is not renewed with every question", async () => {
  const { token, time, requests } = await connect([rotated(1, 20), rotated(2, 20)]);
  await token.current();
  time.now += 9_000;
  expect(await token.current()).toBe("a-1");
  time.now += 2_000;
  expect(await token.current()).toBe("a-2");
  expect(requests).toHaveLength(2);
});

test("an answer without rotation keeps the refresh token", async () => {
  const tokens = createTestTokens();
  const { token } = await connect([{ json: { access_token: "a-1", expires_in: "600" } }], tokens);
  await token.current();
  expect(tokens.saved).toMatchObject([{ refreshToken: "r-env", expiresAt: NOW + 10 * MINUTE }]);
});

test("simultaneous calls share one refresh", async () => {
  const { token, requests } = await connect([rotated(1), rotated(2)]);
  expect(await Promise.all([token.current(), token.current(), token.current()])).toEqual(["a-1", "a-1", "a-1"]);
  expect(await Promise.all([token.afterRejection("a-1"), token.afterRejection("a-1")])).toEqual(["a-2", "a-2"]);
  expect(await token.afterRejection("a-1")).toBe("a-2");
  expect(requests).toHaveLength(2);
});

test("after a refusal, the token that another instance stored is tried first", async () => {
  const tokens = createTestTokens(held());
  const { token, requests } = await connect([rotated(1)], tokens);
  const refused = await token.current();
  tokens.saved.push(held({ accessToken: "a-other", refreshToken: "r-other" }));
  expect(await token.afterRejection(refused)).toBe("a-other");
  expect(requests).toHaveLength(0);
});

test("an instance whose refresh came too late uses the other one's token", async () => {
  const tokens = createTestTokens(held({ expiresAt: NOW - 1 }));
  const { token } = await connect(() => {
    tokens.saved.push(held({ accessToken: "a-winner" }));
    return { status: 400, json: { message: "used already" } };
  }, tokens);
  expect(await token.current()).toBe("a-winner");
});

test("the rotated token is saved before it is used, and not lost when saving fails", async () => {
  const tokens = createTestTokens();
  let broken = true;
  const save: Tokens["save"] = (token, now) =>
    broken ? Promise.reject(new Error("disk full")) : tokens.save(token, now);
  const { token, requests } = await connect([rotated(1), { status: 400 }], { ...tokens, save });
  await expect(token.current()).rejects.toThrow("disk full");
  broken = false;
  expect(await token.current()).toBe("a-1");
  expect(tokens.saved).toMatchObject([{ refreshToken: "r-1" }]);
  expect(requests).toHaveLength(1);
});

test("while the old token is valid, a failed refresh is only logged", async () => {
  const { token, time, log } = await connect([rotated(1), { status: 503 }]);
  await token.current();
  time.now += 59.5 * MINUTE;
  expect(await token.current()).toBe("a-1");
  expect(log.lines).toMatchObject([
    { event: "wholesale.refresh_failed", fields: { error: { code: "wholesale.overloaded" } } },
  ]);
  time.now += MINUTE;
  await expect(token.current()).rejects.toMatchObject({ code: "wholesale.overloaded", retryable: true });
});

test.each([400, 401])("a refresh token refused with %i is a failure with a hint and no secrets", async (status) => {
  const json = { message: "invalid r-env s&cret", trackingId: "T-1" };
  const { token } = await connect([{ status, json }]);
  const failure = await token.current().catch((error) => error);
  expect(failure).toMatchObject({ code: "wholesale.unauthorized", retryable: false, trackingId: "T-1" });
  expect(failure.hint).toMatch(/WHOLESALE_CLIENT_SECRET.*WHOLESALE_REFRESH_TOKEN/);
  expect(`${failure.message} ${failure.stack}`).not.toMatch(/r-env|s&cret/);
});

test.each([403, 500])("a refresh that ends with %i repeats nothing of what was sent either", async (status) => {
  const json = { message: "client secret s&cret of r-env", trackingId: "T-2" };
  const { token } = await connect([{ status, json }]);
  const failure = await token.current().catch((error) => error);
  expect(failure).toMatchObject({ trackingId: "T-2" });
  expect(`${failure.message} ${failure.stack}`).not.toMatch(/r-env|s&cret/);
});

test("a token answer that is none is a failure", async () => {
  const { token } = await connect([{ json: { token: "x" } }]);
  await expect(token.current()).rejects.toMatchObject({ code: "wholesale.unexpected" });
});

test("a refresh whose answer was lost is repeated", async () => {
  const { token } = await connect([{ fault: "hang-up" }, rotated(1)]);
  expect(await token.current()).toBe("a-1");
});
