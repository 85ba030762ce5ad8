import { expect, vi } from "vitest";
import type { WireCustomer } from "../../src/sandbox/wire.ts";
import type { Journey } from "./journey.ts";

/** Windows so short that a test can wait for them. */
export const SHORT = {
  SWEEP_INTERVAL: "500ms",
  WATCH_INTERVAL: "200ms",
  GROUP_WAIT: "200ms",
  GROUP_INTERVAL: "200ms",
  API_CALLS_PER_MINUTE: "1000000",
} as const;

const SOON = { timeout: 20_000, interval: 20 };

/** An alert room: somebody who has set a watch up in it, and what the bot has said in it since. */
export async function watchIn(journey: Journey, filter = "", roomId = journey.groupRoom) {
  const owner = journey.person("operator");
  const before = new Set((await owner.fromBot(roomId)).map(({ id }) => id));
  const preview = await owner.ask(`watch ${filter}`.trim(), { roomId });
  await owner.press(preview, "Watch");
  const baseline = await owner.see(
    roomId,
    ({ id, text }) => !before.has(id) && /^.?.?Watching \d/.test(text ?? ""),
  );
  const seen = new Set([...(await owner.fromBot(roomId)).map(({ id }) => id)]);
  return {
    owner,
    roomId,
    preview,
    baseline,
    /** What the bot has said unasked since the baseline card. */
    news: async () => (await owner.fromBot(roomId)).filter(({ id }) => !seen.has(id)),
    /** Waits for such a message. */
    hears: (pattern: RegExp) =>
      owner.see(roomId, ({ id, text }) => !seen.has(id) && pattern.test(text ?? "")),
  };
}

export type AlertRoom = Awaited<ReturnType<typeof watchIn>>;

/** Breaks and heals the packages of one customer. */
export function leversOf(journey: Journey, { id, resourceDetails }: WireCustomer) {
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
export function healthy(journey: Journey, count: number): readonly WireCustomer[] {
  const found: WireCustomer[] = [];
  for (const { customer } of journey.world.customers.matching({})) {
    const isWell =
      customer.status === "provisioned" &&
      customer.resourceDetails.packages.every(({ status }) => status === "provisioned");
    if (isWell && !touched.has(customer.id)) found.push(customer);
    if (found.length === count) break;
  }
  for (const { id } of found) touched.add(id);
  return found;
}

const touched = new Set<string>();

/** Waits until the bot has read everything anew, twice: whatever was to be seen has been seen. */
export async function sweptAgain(journey: Journey): Promise<void> {
  const count = () => journey.logged.filter(({ event }) => event === "sweep.complete").length;
  const before = count();
  await vi.waitFor(() => expect(count()).toBeGreaterThan(before + 1), SOON);
}
