import { expect, test } from "vitest";
import { replyCustomer } from "../../../src/domain/replies/customer.ts";
import { replyCustomers } from "../../../src/domain/replies/customers.ts";
import type { Reply } from "../../../src/domain/replies/reply.ts";
import { Failure } from "../../../src/errors.ts";
import { failureOf } from "../../../src/wholesale/failures.ts";
import { unexpectedAnswer } from "../../../src/wholesale/wire.ts";
import { customerOf, replyContext } from "./reply-context.ts";

const answerOf = (status: number) => failureOf({ status, headers: {}, hasNext: false, json: () => undefined });

const LIST = { name: "customers", filter: [], page: 1, max: 10, fresh: true } as const;
const ONE = { name: "customer", ref: { by: "id", value: "Acme" }, fresh: true } as const;

/** The answers to a list and to one customer while the API fails in this way. */
async function askDuring(failure: Failure): Promise<readonly Promise<Reply>[]> {
  const context = replyContext({ customers: [customerOf("Acme")] });
  const fail = async (): Promise<never> => Promise.reject(failure);
  const broken = {
    ...context,
    lastList: async () => undefined,
    alerts: { ...context.alerts, activeOfCustomer: async () => [] },
    wholesale: { list: fail, get: fail, subscribers: fail },
  };
  return [replyCustomers(LIST, broken), replyCustomer(ONE, broken)];
}

test.each([
  ...[401, 403, 405, 415, 423, 428, 429, 500, 502, 503, 504, 302, 418, 599].map(
    (status) => [status, answerOf(status)] as const,
  ),
  ["HTML", unexpectedAnswer("a list of customers")] as const,
  ["silence", new Failure("http.timeout", "", "", { retryable: true })] as const,
  ["too much", new Failure("http.too_large", "", "")] as const,
])("PRODUCT 2: while the API answers with %s, the copy answers and says so", async (_, failure) => {
  for (const reply of await askDuring(failure)) {
    const { view } = await reply;
    expect(view).toMatchObject({ freshness: { source: "snapshot" } });
    expect(JSON.stringify(view)).toContain("Acme");
    expect(JSON.stringify(view)).toContain("this is from the bot’s own copy");
  }
});

test.each([
  [401, "refuses the bot’s token (401)", "set a new one"],
  [403, "does not let the bot’s token read customers (403)", "spark-admin:wholesale_customers_read"],
  [503, "does not answer at the moment", ""],
])("the copy after a %i says: the Wholesale API %s, and what helps", async (status, why, hint) => {
  for (const reply of await askDuring(answerOf(status))) {
    const text = JSON.stringify((await reply).view);
    expect(text).toContain(`The Wholesale API ${why}: this is from`);
    expect(text).toContain(hint);
  }
});

test.each([400, 404, 409, 410])("a %i is about the question, so it is the answer", async (status) => {
  for (const reply of await askDuring(answerOf(status))) await expect(reply).rejects.toBeInstanceOf(Failure);
});

test("a failure of the database is none of the API", async () => {
  const failure = new Failure("store.unavailable", "", "", { retryable: true });
  for (const reply of await askDuring(failure)) await expect(reply).rejects.toBe(failure);
});
