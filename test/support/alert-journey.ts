import { expect } from "vitest";
import type { SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import { type Journey, startJourney } from "./journey.ts";
import type { Person, SeenMessage } from "./person.ts";
import { until } from "./until.ts";

/** Windows so short that a test can wait for them. */
export const SHORT_INTERVALS = {
  SWEEP_INTERVAL: "500ms",
  WATCH_INTERVAL: "200ms",
  GROUP_WAIT: "200ms",
  GROUP_INTERVAL: "200ms",
  API_CALLS_PER_MINUTE: "1000000",
} as const;

/** An alert room: somebody who has set a watch up in it, and what the bot has said in it since. */
export async function watchIn(journey: Journey, filter = "", roomId = journey.groupRoom) {
  const owner = journey.person("operator");
  const before = new Set((await owner.fromBot(roomId)).map(({ id }) => id));
  const preview = await owner.ask(`watch ${filter}`.trim(), { roomId });
  await owner.press(preview, "Watch");
  const baseline = await owner.see(roomId, ({ id, text }) => !before.has(id) && /^.?.?Watching \d/.test(text ?? ""));
  const seen = new Set([...(await owner.fromBot(roomId)).map(({ id }) => id)]);
  return {
    owner,
    roomId,
    preview,
    baseline,
    /** What the bot has said unasked since the baseline card. */
    news: async () => (await owner.fromBot(roomId)).filter(({ id }) => !seen.has(id)),
    /** Waits for such a message. */
    hears: (pattern: RegExp) => owner.see(roomId, ({ id, text }) => !seen.has(id) && pattern.test(text ?? "")),
  };
}

export type WatchedRoom = Awaited<ReturnType<typeof watchIn>>;

/** Breaks and heals the packages of one customer. */
export function packageControls(journey: Journey, { id, resourceDetails }: WireCustomer) {
  const [item] = resourceDetails.packages;
  const name = item?.name ?? "webex_calling";
  const set = (status: string, errors: readonly object[] = []) =>
    journey.sandbox("PATCH", `/customers/${id}`, { packages: { [name]: { status, errors } } });
  return {
    name,
    fail: (code = 10022) => set("error", [{ errorCode: code, description: `Failed for reason ${code}.` }]),
    retry: () => set("provisioning"),
    heal: () => set("provisioned"),
  };
}

/** Healthy customers of the world, whom nobody else in a test touches. */
export function healthyCustomers(journey: Journey, count: number): readonly WireCustomer[] {
  const found: WireCustomer[] = [];
  for (const { customer } of journey.world.customers.matching({})) {
    const isWell =
      customer.status === "provisioned" &&
      customer.resourceDetails.packages.every(({ status }) => status === "provisioned");
    if (isWell && !usedCustomers.has(customer.id)) found.push(customer);
    if (found.length === count) break;
  }
  for (const { id } of found) usedCustomers.add(id);
  return found;
}

const usedCustomers = new Set<string>();

/** Waits until the bot has read everything anew, twice: whatever was to be seen has been seen. */
export async function waitForSweeps(journey: Journey): Promise<void> {
  const count = () => journey.logEntries.filter(({ event }) => event === "sweep.complete").length;
  const before = count();
  await until(() => expect(count()).toBeGreaterThan(before + 1));
}

/** Windows as in real life, which pass when time is put forward, while the bot looks without a pause. */
export const PRODUCTION_WINDOWS = {
  SWEEP_INTERVAL: "500ms",
  WATCH_INTERVAL: "200ms",
  API_CALLS_PER_MINUTE: "1000000",
} as const;

/** So much later, for the twins and the bot alike. */
export const advanceClock = (journey: Journey, forward: string) => journey.sandbox("POST", "/clock", { forward });

/** Waits until the bot has looked anew: what was unwell or well again before has been seen so, twice at least. */
export async function waitForQuickPolls(journey: Journey): Promise<void> {
  const count = () => journey.logEntries.filter(({ event }) => event === "quick_poll.complete").length;
  const before = count();
  await until(() => expect(count()).toBeGreaterThan(before + 3));
}

/** A group space of its own, with the bot and these people in it. */
export async function createSpace(journey: Journey, creator: Person, ...others: readonly Person[]): Promise<string> {
  const { id } = await creator.call<{ id: string }>("POST", "/rooms", { title: "Test" });
  const people = await journey.sandbox<{ role: string; personId: string }[]>("GET", "/people");
  const bot = people.find(({ role }) => role === "bot")?.personId;
  for (const personId of [...others.map((other) => other.personId), bot]) {
    await creator.call("POST", "/memberships", { roomId: id, personId });
  }
  await creator.see(id, ({ text = "" }) => text.includes("Hello"));
  return id;
}

/** The first line: what a locked phone shows. */
export const firstLineOf = ({ text = "" }: SeenMessage): string => text.split("\n")[0] ?? "";

/** The number of the alert that a message is about. */
export const alertNumberOf = ({ text = "" }: SeenMessage): string => /alert (\d+)/.exec(text)?.[1] ?? "";

/** A world in which nothing is in error yet, and the bot in it. */
export async function startHealthyJourney(env: Record<string, string>, options: SandboxOptions = {}): Promise<Journey> {
  const journey = await startJourney({ customers: 40, ...options });
  await journey.sandbox("POST", "/scenarios/heal-all", {});
  await journey.startBot(env);
  return journey;
}

/** One healthy customer, and what breaks and heals it. */
export function pickCustomer(journey: Journey) {
  const [customer] = healthyCustomers(journey, 1);
  if (customer === undefined) throw new Error("Nobody is healthy any more.");
  const { externalId = "" } = customer;
  return { customer, id: externalId, ...packageControls(journey, customer) };
}

/** A space of its own that watches one customer, and what breaks and heals that customer. */
export async function watchOneCustomer(journey: Journey, ...others: readonly Person[]) {
  const one = pickCustomer(journey);
  const roomId = await createSpace(journey, journey.person("operator"), ...others);
  return { ...one, ...(await watchIn(journey, `externalId=${one.id}`, roomId)) };
}
