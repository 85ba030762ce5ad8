import type { Customer } from "../../src/domain/customers/customer.ts";
import { changedWorld, ROOMS, spanOf } from "../domain/alerts/history-steps.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import type { CustomerStatuses } from "../support/alert-model.ts";
import type { EngineHarness } from "./engine-harness.ts";
import { applyRoomEvent, type HistoryRun } from "./room-events.ts";

/** Two rooms that watch everything, and healthy customers that were never read. */
export async function beginHistory(harness: EngineHarness, restart: HistoryRun["restart"]): Promise<HistoryRun> {
  for (const room of ROOMS) await harness.watch(room);
  const world = { acme: { calling: "provisioned" }, bolt: { calling: "provisioned" } };
  const missed = { absentTwice: [], itemsAbsentTwice: [] };
  return { harness, restart, inFlight: new Map(), posts: [], dead: new Set(), world, missed };
}

/**
 * Plays an event of `test/domain/alerts/random-histories.ts` through a real store. There is one process at a time: a crash
 * leaves its messages claimed, and what it had posted stays posted.
 */
export async function applyEvent(run: HistoryRun, event: string): Promise<void> {
  const [subject = "", ...rest] = event.split(" ");
  const happen = EVENTS[event];
  if (happen !== undefined) return happen(run);
  if (event.startsWith("+")) return run.harness.wait(spanOf(event));
  if (ROOMS.some((room) => room === subject)) return applyRoomEvent(run, subject, rest.join(" "));
  run.world = changedWorld(run.world, subject, rest.join(" "));
}

const EVENTS: Readonly<Record<string, (run: HistoryRun) => Promise<void>>> = {
  async sweep(run) {
    run.missed = await run.harness.sweep(customersIn(run.world));
  },
  async "sweep breaks off"({ harness, world }) {
    await harness.sweep(half(customersIn(world)), { end: { state: "failed", cause: "http.500" } });
  },
  async "suspect sweep"({ harness, world }) {
    await harness.sweep(half(customersIn(world)), { end: { state: "suspect" } });
  },
  async "quick-poll"(run) {
    await run.harness.quickPoll(await unhealthyIn(run));
  },
  async "quick poll breaks off"(run) {
    await run.harness.recordPage(half(await unhealthyIn(run)));
  },
  async lookup({ harness, world, missed: { absentTwice, itemsAbsentTwice } }) {
    const asked = [...new Set([...absentTwice, ...itemsAbsentTwice])];
    const there = customersIn(world).filter(({ id }) => asked.includes(id));
    await harness.lookup(
      there,
      asked.filter((id) => world[id] === undefined),
    );
  },
  async refused({ harness }) {
    const trouble = { cause: "wholesale.unauthorized", isUnauthorized: true };
    await harness.store.outbox.recordReadFailure("", trouble, harness.clock.now);
    await harness.runScheduled();
  },
  async crash(run) {
    run.inFlight.clear();
    run.harness = await run.restart(run.harness);
    run.harness.clock.runningSince = run.harness.clock.now;
    await run.harness.store.outbox.release();
  },
};

const customersIn = (world: CustomerStatuses): readonly Customer[] =>
  Object.entries(world).map(([id, statuses]) => customerOf(id, statuses));

const half = <T>(all: readonly T[]): readonly T[] => all.slice(0, Math.ceil(all.length / 2));

/** The customers of a quick poll: those in error, and those that it looks up by id. */
async function unhealthyIn({ harness, world }: HistoryRun): Promise<readonly Customer[]> {
  const asked = new Set(await harness.store.snapshot.unhealthy(""));
  const isUnwell = (id: string) => asked.has(id) || Object.values(world[id] ?? {}).includes("error");
  return customersIn(world).filter(({ id }) => isUnwell(id));
}
