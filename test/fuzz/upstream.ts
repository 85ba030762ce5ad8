import assert from "node:assert/strict";
import fc from "fast-check";
import { Failure } from "../../src/errors.ts";
import { type Http, type HttpResponse, parseLink, pathBelow, readRetryAfter } from "../../src/http.ts";
import { createClient } from "../../src/wholesale/client.ts";
import { nextOffsetAfter } from "../../src/wholesale/customer-calls.ts";
import { readErrorBody } from "../../src/wholesale/wire.ts";
import { nastyText } from "../domain/commands/arbitrary-parts.ts";
import { SILENT_LOG } from "../support/logs.ts";
import { fuzzTarget } from "./target.ts";

const FIVE_MINUTES = 300_000;
const NOW = Date.UTC(2026, 10, 23);
const BASE = "https://webexapis.com/v1";

const number = fc.oneof(
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.constantFrom("1e9", "0x10", "-1", "3600 "),
);
const date = fc.date({ noInvalidDate: true }).map((one) => one.toUTCString());
const retryAfter = fc.oneof(number, date, nastyText());

const target = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  fc.tuple(nastyText(), number).map(([path, offset]) => `${BASE}/wholesale/customers?x=${path}&offset=${offset}`),
  fc.constantFrom(
    "//evil.example/v1/x",
    "https://webexapis.com.evil.example/v1",
    "https://webexapis.com/v1/../x",
    "?offset=5",
  ),
  nastyText(),
);
const relation = fc.oneof(fc.constantFrom("next", '"next"', "'next'", '"prev next"', "NEXT", ""), nastyText());
const link = fc
  .array(fc.tuple(target, relation, nastyText()), { maxLength: 5 })
  .map((links) => links.map(([to, rel, more]) => `<${to}>; ${more}; rel=${rel}`).join(", "));
const linkHeader = fc.oneof(link, fc.array(link, { maxLength: 3 }), nastyText(), fc.constant("<".repeat(5_000)));

export const headers = fuzzTarget({
  name: "Retry-After and Link",
  share: 0.15,
  input: fc.record({
    retryAfter: fc.oneof(retryAfter, fc.array(retryAfter)),
    link: linkHeader,
    offset: fc.nat(100_000),
  }),
  check({ retryAfter: header, link: links, offset }) {
    const waitMs = readRetryAfter(header, NOW);
    assert.ok(waitMs === undefined || (waitMs > 0 && waitMs <= FIVE_MINUTES), `waits ${waitMs}`);
    const from = new URL(`${BASE}/wholesale/customers`);
    for (const to of parseLink(links).values()) {
      const nextPath = pathBelow(BASE, to, from);
      if (nextPath === undefined) continue;
      const next = new URL(BASE + nextPath);
      assert.equal(next.origin, from.origin);
      assert.ok(next.pathname.startsWith("/v1/"), next.pathname);
      const response = { status: 200, headers: {}, json: () => undefined, hasNext: true, nextPath };
      const goesOn = nextOffsetAfter(response, { offset, rows: 10 });
      assert.ok(Number.isSafeInteger(goesOn) && goesOn > offset, `goes on at ${goesOn}`);
    }
  },
});

const problem = fc.record({ errorCode: anyOf(fc.integer()), errorMessage: anyOf(nastyText()) }, { requiredKeys: [] });
const resource = fc.record(
  {
    name: anyOf(nastyText()),
    status: anyOf(fc.constantFrom("error", "provisioned")),
    errors: anyOf(fc.array(problem)),
  },
  { requiredKeys: [] },
);
const row = fc.record(
  {
    id: anyOf(nastyText()),
    status: anyOf(fc.constantFrom("error", "provisioned")),
    orgId: anyOf(nastyText()),
    externalId: anyOf(nastyText()),
    address: anyOf(fc.dictionary(fc.constantFrom("city", "country", "addressLine1"), nastyText())),
    packages: anyOf(fc.array(fc.oneof(nastyText(), resource))),
    resourceDetails: anyOf(fc.record({ packages: anyOf(fc.array(resource)), addOns: anyOf(fc.array(resource)) })),
    errors: anyOf(fc.array(problem)),
  },
  { requiredKeys: [] },
);

/** Mostly as documented. */
export function anyOf<T>(documented: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 5, arbitrary: documented }, { weight: 1, arbitrary: fc.jsonValue() });
}

const answerBody = fc.oneof(
  fc.record({ items: anyOf(fc.array(anyOf(row), { maxLength: 20 })) }),
  row,
  fc.record({ message: anyOf(nastyText()), errors: anyOf(fc.array(problem)), trackingId: anyOf(nastyText()) }),
  fc.jsonValue(),
  fc.constant(undefined),
);
const STATUSES = [
  200, 200, 200, 200, 202, 204, 302, 400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 502, 503, 504,
];
const answer = fc.record({ status: fc.constantFrom(...STATUSES), body: answerBody, next: fc.option(nastyText()) });

/** A question of one page costs at most this many calls, whatever the API answers. */
const MOST_CALLS = 40;

export const wholesale = fuzzTarget({
  name: "Wholesale API",
  share: 0.1,
  input: fc.record({
    answers: fc.array(answer, { minLength: 1, maxLength: 4 }),
    statuses: fc.subarray(["error", "provisioned", "provisioning"]),
    scope: fc.constantFrom("", "partner"),
    id: nastyText(),
  }),
  async check({ answers, statuses, scope, id }) {
    let calls = 0;
    const request = async (): Promise<HttpResponse> => {
      const { status, body, next } = answers[calls % answers.length] ?? { status: 500, body: undefined, next: null };
      calls += 1;
      const more =
        next === null
          ? { hasNext: false }
          : { hasNext: true, nextPath: `/x?offset=${encodeURIComponent(next.replace(/\p{Cs}/gu, ""))}` };
      return { status, headers: {}, json: () => body, ...more };
    };
    const http: Http = { request, close: async () => {} };
    const token = { current: async () => "t", afterRejection: async () => undefined };
    const client = createClient({ http, token, clock: () => NOW, log: SILENT_LOG });
    const subpartner = scope === "" ? {} : { subpartner: scope };
    const query = { statuses, offset: 0, max: 10, ...subpartner };
    const list = await failureOr(() => client.list(query, { fresh: true }));
    assert.ok(calls <= MOST_CALLS, `${calls} calls`);
    if (list !== undefined)
      assert.ok(statuses.length === 0 || list.customers.every(({ status }) => statuses.includes(status)));
    await failureOr(() => client.get(id, { fresh: true, scope }));
    for (const { body } of answers) readErrorBody(body);
  },
});

/** The outcome; undefined for a `Failure`, which says what to do. Anything else that is thrown is a bug. */
async function failureOr<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    assert.match(error.message, /\.$/);
    assert.match(error.hint, /\.$/);
    return undefined;
  }
}
