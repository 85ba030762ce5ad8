import { expect, test } from "vitest";
import { STATUS_FAILURES } from "../../src/wholesale/failures.ts";
import { connectClient } from "./scripted-api.ts";

/** Status, failure code, whether it is retryable, the number of calls (there are two retries), and words of the hint. */
const TABLE = [
  [400, "wholesale.invalid", false, 1, /filter/],
  [401, "wholesale.unauthorized", false, 1, /WHOLESALE_ACCESS_TOKEN/],
  [403, "wholesale.forbidden", false, 1, /partner administrator.*spark-admin:wholesale_customers_read/],
  [404, "wholesale.missing", false, 1, /WHOLESALE_API_URL/],
  [405, "wholesale.method", false, 1, /report/],
  [409, "wholesale.conflict", false, 1, /filter/],
  [410, "wholesale.gone", false, 1, /list/],
  [415, "wholesale.media", false, 1, /report/],
  [423, "wholesale.locked", true, 3, /minute/],
  [428, "wholesale.precondition", false, 1, /report/],
  [429, "wholesale.busy", true, 3, /minute/],
  [500, "wholesale.broken", true, 3, /minute/],
  [502, "wholesale.broken", true, 3, /minute/],
  [503, "wholesale.overloaded", true, 3, /minute/],
  [504, "wholesale.slow", true, 6, /minute/],
  [418, "wholesale.unexpected", false, 1, /WHOLESALE_API_URL/],
  [302, "wholesale.unexpected", false, 1, /WHOLESALE_API_URL/],
  [507, "wholesale.broken", true, 1, /minute/],
] as const;

test("each response code of the API page is in the table", () => {
  expect(TABLE.map(([status]) => String(status))).toEqual(expect.arrayContaining(Object.keys(STATUS_FAILURES)));
  const page = [400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 502, 503, 504];
  expect(Object.keys(STATUS_FAILURES).map(Number)).toEqual(page);
});

test.each(TABLE)("%i is %s", async (status, code, retryable, calls, cure) => {
  const json = { message: "m", errors: [{ description: "Because of x." }], trackingId: "ROUTER_1" };
  const { list, requests } = await connectClient([{ status, json }]);
  const failure = await list().catch((error) => error);
  expect(failure).toMatchObject({ name: "Failure", code, retryable, trackingId: "ROUTER_1" });
  expect(failure.upstreamMessage).toMatch(/^Because of x\.?$/);
  expect(failure.hint).toMatch(cure);
  expect(requests).toHaveLength(calls);
});

test.each([423, 429, 503])("the hint for %i contains Retry-After", async (status) => {
  const { list, requests } = await connectClient([{ status, headers: { "retry-after": "120" } }]);
  await expect(list()).rejects.toMatchObject({ retryable: true, hint: "Try again in 120 s." });
  expect(requests).toHaveLength(1);
});

test("a refusal in HTML still has a sentence, and the reference of the header", async () => {
  const { list } = await connectClient([{ status: 403, body: "<html>no</html>", headers: { trackingid: "T-9" } }]);
  await expect(list()).rejects.toMatchObject({
    message: "The Wholesale token may not read customers.",
    trackingId: "T-9",
  });
});

test("a 200 with another body is a failure", async () => {
  const { list } = await connectClient([{ body: "<html>sign in</html>" }]);
  await expect(list()).rejects.toMatchObject({ code: "wholesale.unexpected" });
});
