import { expect, test } from "vitest";
import type { SharedCalls } from "../../src/domain/ports/store.ts";
import { createBudget } from "../../src/wholesale/budget.ts";
import { createSharedBucket, KEPT_MS } from "../../src/wholesale/shared-bucket.ts";
import { onPostgres, type TestDatabase } from "../support/databases.ts";

const PER_MINUTE = 120;
/** Each may begin with a twelfth of the budget: without sharing, these would at once make more calls than a minute has. */
const INSTANCES = 13;
const CALLS = PER_MINUTE / 12;
/** So many that no test waits for one. */
const PLENTY = 100_000;

async function shareCalls(database: TestDatabase): Promise<SharedCalls> {
  const { sharedCalls } = await database.open();
  if (sharedCalls === undefined) throw new Error("PostgreSQL shares the calls.");
  // The first one makes the row that the test before deleted.
  await sharedCalls.take({ least: 0, most: 0, reserve: 0, owed: 0, size: 1, perMs: 1 });
  return sharedCalls;
}

onPostgres((database) => {
  /** An instance whose waits never end: what it cannot have at once, it does not get. */
  async function openInstance() {
    const shared = await shareCalls(database);
    let [made, waits] = [0, 0];
    const sleep = (): Promise<void> => {
      waits += 1;
      return new Promise(() => {});
    };
    const budget = createBudget({ bucket: createSharedBucket(PER_MINUTE, shared), sleep });
    const ask = () => void budget.take("question").then(() => (made += 1));
    return { ask, made: () => made, isWaiting: () => waits > 0 };
  }

  test("instances share one budget: together they make no more calls in a minute than one may", async () => {
    const instances = await Promise.all(Array.from({ length: INSTANCES }, openInstance));
    for (const { ask } of instances) for (let call = 0; call < CALLS; call += 1) ask();
    await expect.poll(() => instances.every((one) => one.isWaiting() || one.made() === CALLS)).toBe(true);
    const made = instances.reduce((sum, one) => sum + one.made(), 0);
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThanOrEqual(PER_MINUTE);
  });

  test("a retry that one instance makes keeps another one waiting", async () => {
    const [one, other] = [await shareCalls(database), await shareCalls(database)];
    const bucket = createSharedBucket(12, other);
    for (let retry = 0; retry < 5; retry += 1) createSharedBucket(12, one).spend();
    // Five retries are five calls, of which a minute of this budget has eleven.
    await expect.poll(() => bucket.take("crawl")).toBeGreaterThan(20_000);
  });

  test("a crawl leaves half of the bucket to the questions of all instances", async () => {
    const [one, other] = [await shareCalls(database), await shareCalls(database)];
    const crawl = createSharedBucket(PER_MINUTE, one);
    while ((await crawl.take("crawl")) === 0);
    expect(await createSharedBucket(PER_MINUTE, other).take("question")).toBe(0);
  });

  test("an instance with many calls asks the database for several at once, and no call lasts", async () => {
    const shared = await shareCalls(database);
    let [asked, now] = [0, 0];
    const take: SharedCalls["take"] = (wanted) => {
      asked += 1;
      return shared.take(wanted);
    };
    const bucket = createSharedBucket(PLENTY, { take }, () => now);
    for (let call = 0; call < 64; call += 1) expect(await bucket.take("crawl")).toBe(0);
    expect(asked).toBeLessThanOrEqual(8);
    now += KEPT_MS;
    const before = asked;
    expect(await bucket.take("crawl")).toBe(0);
    expect(asked).toBe(before + 1);
  });

  test("an answer that comes late gives nobody a call", async () => {
    const shared = await shareCalls(database);
    let now = 0;
    const take: SharedCalls["take"] = async (wanted) => {
      now += KEPT_MS;
      return shared.take(wanted);
    };
    const bucket = createSharedBucket(PLENTY, { take }, () => now);
    await expect(bucket.take("question")).rejects.toMatchObject({ code: "store.slow", retryable: true });
  });

  test("a database that fails ends all waits, and the next call asks it again", async () => {
    const shared = await shareCalls(database);
    let isDown = true;
    const take: SharedCalls["take"] = async (wanted) => {
      if (isDown) throw new Error("down");
      return shared.take(wanted);
    };
    const sleep = async () => {};
    const budget = createBudget({ bucket: createSharedBucket(PLENTY, { take }), sleep });
    const ends = await Promise.allSettled([budget.take("question"), budget.take("crawl"), budget.take("crawl")]);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    isDown = false;
    await expect(budget.take("crawl")).resolves.toBeUndefined();
  });

  test("a clock of the server that was set back keeps nobody waiting for more than a minute", async () => {
    const shared = await shareCalls(database);
    const far = { least: 0, most: 0, reserve: 0, owed: 1_000_000, size: 10, perMs: 0.001 };
    await shared.take(far);
    expect(await createSharedBucket(PER_MINUTE, shared).take("question")).toBeLessThanOrEqual(61_000);
  });
});
