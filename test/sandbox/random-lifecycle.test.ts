import { expect, test } from "vitest";
import { createRandomLifecycle } from "../../src/sandbox/scenarios/random-lifecycle.ts";
import { derivedStatus, type WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import { createWorld } from "../../src/sandbox/world/world.ts";
import { MINUTE, pausedTime } from "../support/time.ts";
import { startTwins, type Twins } from "./twins.ts";

const all = async ({ control }: Twins) => (await control("GET", "/customers?max=1000")).body.items;
const isOver = async ({ control }: Twins) => (await control("GET", "/world")).body.scenarios.length === 0;

/** The world after a churn of five minutes, with the clock advanced in such steps. */
async function churned(seed: number, stepMs: number) {
  const time = pausedTime();
  const twins = await startTwins({ seed, time });
  await twins.control("POST", "/scenarios/churn", { perMinute: 60, minutes: 5 });
  for (let passed = 0; passed < 5 * MINUTE; passed += stepMs) time.advance(stepMs);
  await expect.poll(() => isOver(twins)).toBe(true);
  return all(twins);
}

test("a churn is the same for the same seed, however the clock advances, and another one for another seed", async () => {
  const world = await churned(7, 5 * MINUTE);
  expect(await churned(7, MINUTE)).toEqual(world);
  expect(await churned(8, 5 * MINUTE)).not.toEqual(world);
});

test("a churn follows the clock until all-clear ends it", async () => {
  const time = pausedTime();
  const twins = await startTwins({ time });
  const start = await all(twins);
  const { body } = await twins.control("POST", "/scenarios/churn", { perMinute: 60, minutes: 5 });
  expect(body.changed).toHaveLength(1);
  const first = await all(twins);
  expect(first).not.toEqual(start);
  time.advance(20_000);
  await expect.poll(() => all(twins)).not.toEqual(first);
  expect((await twins.control("GET", "/world")).body.scenarios).toEqual(["churn"]);
  await twins.control("POST", "/scenarios/all-clear");
  const last = await all(twins);
  time.advance(10 * MINUTE);
  expect(await isOver(twins)).toBe(true);
  expect(await all(twins)).toEqual(last);
});

test("other events in the world do not change a churn", async () => {
  const run = async (meanwhile: (twins: Twins) => Promise<unknown>) => {
    const time = pausedTime();
    const twins = await startTwins({ time });
    await twins.control("POST", "/faults", { status: 503, probability: 0.5 });
    await twins.control("POST", "/scenarios/churn", { perMinute: 60, minutes: 2 });
    await meanwhile(twins);
    time.advance(2 * MINUTE);
    await expect.poll(() => isOver(twins)).toBe(true);
    return all(twins);
  };
  const busy = await run(({ bot }) => Promise.all(Array.from({ length: 9 }, () => bot("GET", "/people/me"))));
  expect(busy).toEqual(await run(async () => undefined));
});

test("in a long churn every change of a package is possible, and every possible change happens", () => {
  const world = createWorld({
    seed: 3,
    customers: 200,
    clock: () => 0,
    tokenLifeSeconds: 60,
    callsPerMinute: 120,
  });
  const lives = createRandomLifecycle(world, world.newRandom());
  const seen = new Map<string, number>();
  const people = () => new Map([...world.customers.matching({})].map((entry) => [entry.customer.id, entry]));
  let before = people();
  for (let turn = 0; turn < 1_500; turn += 1) {
    lives.next();
    const after = people();
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      for (const step of stepsOf(before.get(id)?.customer, after.get(id)?.customer)) {
        seen.set(step, (seen.get(step) ?? 0) + 1);
      }
      const entry = after.get(id);
      if (entry && before.get(id)?.customer.status !== entry.customer.status) {
        expect(entry.customer.status).toBe(
          derivedStatus(entry.customer.resourceDetails.packages, entry.hasOrganization),
        );
      }
    }
    before = after;
  }
  expect([...seen.keys()].sort()).toEqual([
    "absent > provisioning",
    "customer comes",
    "customer goes",
    "error > provisioned",
    "error > provisioning",
    "provisioned > absent",
    "provisioned > deleting",
    "provisioned > error",
    "provisioning > error",
    "provisioning > provisioned",
  ]);
});

/** The changes of one customer's packages, or of the customer itself. */
function stepsOf(before: WireCustomer | undefined, after: WireCustomer | undefined): readonly string[] {
  if (!before) return ["customer comes"];
  if (!after) return ["customer goes"];
  const statusIn = (customer: WireCustomer, wanted: string) =>
    customer.resourceDetails.packages.find(({ name }) => name === wanted)?.status ?? "absent";
  return [...new Set([...before.packages, ...after.packages])]
    .map((name) => [statusIn(before, name), statusIn(after, name)] as const)
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => `${from} > ${to}`);
}
