import { expect, test } from "vitest";
import { SYSTEM_TIME } from "../../src/app/system-time.ts";
import type { Retry } from "../../src/http.ts";
import { createSecrets } from "../../src/secrets.ts";
import { createWholesale } from "../../src/wholesale/wholesale.ts";
import { startLoopback } from "../support/loopback.ts";
import { NO_METER } from "../support/meter.ts";
import { createTestLeases, createTestLog, createTestTokens, listQuery, NOW, rows } from "./scripted-api.ts";

test("all parts together: signs in, is refused, signs in again, waits, answers, and remembers", async () => {
  const tokenAnswer = (n: number) => ({ json: { access_token: `a-${n}`, expires_in: 600 } });
  const { url, requests } = await startLoopback([
    tokenAnswer(1),
    { status: 401 },
    tokenAnswer(2),
    { status: 429, headers: { "retry-after": "5" } },
    { json: { items: rows(2, "error") } },
  ]);
  const log = createTestLog();
  const waits: number[] = [];
  const retries: Retry[] = [];
  const wholesale = createWholesale({
    apiUrl: `${url}/v1/`,
    auth: { kind: "refresh", clientId: "id", clientSecret: "s3cret", refreshToken: "r3fresh" },
    callsPerMinute: 120,
    tokens: createTestTokens(),
    leases: createTestLeases(),
    holder: "this",
    onCrawl: () => {},
    secrets: createSecrets(["s3cret"]),
    clock: () => NOW,
    sleep: SYSTEM_TIME.sleep,
    log,
    meter: NO_METER,
    http: { sleep: async (ms) => void waits.push(ms), onRetry: (retry) => void retries.push(retry) },
  });
  const page = await wholesale.list(listQuery(), { fresh: false });
  expect(page).toMatchObject({ customers: [{ id: "error-0" }, { id: "error-1" }], readAt: NOW });
  expect(await wholesale.list(listQuery(), { fresh: false })).toBe(page);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /v1/access_token",
    "GET /v1/wholesale/customers",
    "POST /v1/access_token",
    "GET /v1/wholesale/customers",
    "GET /v1/wholesale/customers",
  ]);
  expect(waits).toEqual([5_000]);
  expect(retries).toMatchObject([{ reason: 429, waitMs: 5_000 }]);
  expect(JSON.stringify([log.lines, retries])).not.toMatch(/s3cret|r3fresh|a-1|a-2/);
  await wholesale.close();
  await expect(wholesale.list(listQuery({ offset: 10 }), { fresh: false })).rejects.toMatchObject({
    code: "http.unreachable",
  });
});
