import { expect, test } from "vitest";
import type { Wholesale } from "../../src/domain/ports/wholesale.ts";
import { createCachedWholesale } from "../../src/wholesale/cached.ts";
import { bareCustomer } from "../support/customer.ts";
import { listQuery } from "./scripted-api.ts";

/** A cache in front of an API that counts: each answer carries the number of the call. */
function connect(maxKeys?: number) {
  let calls = 0;
  let now = 0;
  const next = (): number => {
    calls += 1;
    return calls;
  };
  const api: Wholesale = {
    list: async () => ({ customers: [], hasMore: false, unreadable: 0, readAt: next() }),
    get: async (id) => {
      const readAt = next();
      return id === "nobody" ? undefined : { readAt, customer: bareCustomer({ id, address: { city: "Milpitas" } }) };
    },
    subscribers: async () => ({ subscribers: [], hasMore: false, unreadable: 0, readAt: next() }),
  };
  const turnTo = (ms: number) => {
    now = ms;
  };
  return { api, calls: () => calls, turnTo, cached: createCachedWholesale(api, () => now, maxKeys) };
}

const KEPT = { fresh: false, scope: "" };
const FRESH = { fresh: true, scope: "" };

test("an answer is cached for 30 seconds", async () => {
  const { cached, turnTo } = connect();
  expect((await cached.list(listQuery(), KEPT)).readAt).toBe(1);
  turnTo(29_000);
  expect((await cached.list(listQuery(), KEPT)).readAt).toBe(1);
  turnTo(31_000);
  expect((await cached.list(listQuery(), KEPT)).readAt).toBe(2);
});

test("different questions have different answers", async () => {
  const { cached } = connect();
  const asked = [
    listQuery(),
    listQuery({ offset: 10 }),
    listQuery({ max: 20 }),
    listQuery({ statuses: ["error"] }),
    listQuery({ externalId: "1" }),
    listQuery({ orgId: "1" }),
    listQuery({ subpartner: "1" }),
  ];
  const pages = await Promise.all(asked.map((query) => cached.list(query, KEPT)));
  expect(pages.map(({ readAt }) => readAt)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("a customer is cached by id, even one that does not exist", async () => {
  const { cached, calls } = connect();
  expect((await cached.get("a", KEPT))?.readAt).toBe(1);
  expect((await cached.get("a", KEPT))?.readAt).toBe(1);
  expect(await cached.get("nobody", KEPT)).toBeUndefined();
  expect(await cached.get("nobody", KEPT)).toBeUndefined();
  expect(calls()).toBe(2);
});

test("PRODUCT 5: one sub-partner’s answer about an id is not another’s", async () => {
  const { cached, calls } = connect();
  await cached.get("a", { fresh: false, scope: "north" });
  await cached.get("a", { fresh: false, scope: "south" });
  await cached.get("a", { fresh: false, scope: "" });
  expect(calls()).toBe(3);
});

test("equal queries at the same time share one call", async () => {
  const { cached, calls } = connect();
  await Promise.all(Array.from({ length: 20 }, () => cached.list(listQuery(), KEPT)));
  expect(calls()).toBe(1);
});

test("`fresh` calls the API, and its answer is cached", async () => {
  const { cached } = connect();
  await cached.list(listQuery(), KEPT);
  const both = await Promise.all([cached.list(listQuery(), FRESH), cached.list(listQuery(), FRESH)]);
  expect(both.map(({ readAt }) => readAt)).toEqual([2, 2]);
  expect((await cached.list(listQuery(), KEPT)).readAt).toBe(2);
});

test("a failure is not cached", async () => {
  const { api } = connect();
  let broken = true;
  const list: Wholesale["list"] = (...asked) => (broken ? Promise.reject(new Error("no")) : api.list(...asked));
  const cached = createCachedWholesale({ ...api, list }, () => 0);
  await expect(cached.list(listQuery(), KEPT)).rejects.toThrow("no");
  broken = false;
  expect((await cached.list(listQuery(), KEPT)).readAt).toBe(1);
});

test("a full cache still answers, and renews what it has", async () => {
  const { cached, calls } = connect(1);
  await cached.get("a", KEPT);
  await cached.get("b", KEPT);
  await cached.get("b", KEPT);
  expect(calls()).toBe(3);
  expect((await cached.get("a", FRESH))?.readAt).toBe(4);
  expect((await cached.get("a", KEPT))?.readAt).toBe(4);
});

test("a shared answer cannot be changed", async () => {
  const { cached } = connect();
  const read = await cached.get("a", KEPT);
  expect(() => Object.assign(read?.customer.address ?? {}, { city: "Rome" })).toThrow(TypeError);
});
