import type { Reading } from "../../src/domain/alerts/lifecycle.ts";
import { NO_WATCH_OPTIONS, type WatchOptions } from "../../src/domain/alerts/watch.ts";
import type { Customer } from "../../src/domain/customers/customer.ts";
import type { Filter } from "../../src/domain/customers/filter.ts";
import type { AbsenceSample } from "../../src/domain/customers/list-doubt.ts";
import type { Scope, Sweep } from "../../src/domain/customers/sweep.ts";
import type { AlertChange, RoomAlertState } from "../../src/domain/ports/alerting.ts";
import type { Fence, SweepEnded } from "../../src/domain/ports/snapshot.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { received } from "../support/received.ts";
import { DAY, MINUTE } from "../support/time.ts";
import { queuedNotices } from "./alert-fixtures.ts";
import { type Clock, deliveryHelpers } from "./deliver-messages.ts";

/** A store with a manual clock, and one call for each reading, command and delivery; in the order of the monitor. */
export type EngineHarness = ReturnType<typeof openEngineHarness>;

export interface ReadingOptions {
  readonly scope?: Scope;
  readonly awayMs?: number;
  /** How a sweep ends. */
  readonly end?: Partial<Pick<Sweep, "state" | "resumed" | "cause">>;
}

/** Customers that a list leaves out exist: it is not believed (ALERTS 6). */
const CONTRADICTED = { known: 20, absent: 10, lookedUp: 10, found: 10, gone: 0, isSinglePage: true };

export function openEngineHarness(store: Store, clock: Clock = { now: NOON, runningSince: NOON, readings: 0 }) {
  return {
    clock,
    store,
    ...readings(store, clock),
    ...roomChanges(store, clock),
    ...deliveryHelpers(store, clock),
  };
}

function readings({ leases, writer, outbox }: Store, clock: Clock) {
  const fences = new Map<Scope, Fence>();
  const fenceOf = async (scope: Scope): Promise<Fence> => {
    const fence = fences.get(scope) ?? (await leases.acquire(scope, "ada", clock.now, 1000 * DAY));
    if (fence === undefined) throw new Error("Another process holds the lease.");
    fences.set(scope, fence);
    return fence;
  };
  const next = (kind: Reading["kind"]): Reading => {
    clock.readings += 1;
    return { id: clock.now + clock.readings, kind };
  };
  const late = (awayMs: number | undefined) => (awayMs === undefined ? {} : { awayMs });
  const idsOf = (customers: readonly Customer[]) => new Set(customers.map(({ id }) => id));

  return {
    /** A page of a reading that does not reach its end. */
    async recordPage(customers: readonly Customer[], { scope = "", awayMs }: ReadingOptions = {}) {
      const page = { customers: received(customers), at: clock.now, reading: next("page"), ...late(awayMs) };
      return writer.recordPage(page, await fenceOf(scope));
    },
    async sweep(customers: readonly Customer[], { scope = "", awayMs, end }: ReadingOptions = {}): Promise<SweepEnded> {
      const fence = await fenceOf(scope);
      // Two sweeps must not start in the same millisecond.
      clock.now += 1;
      const at = clock.now;
      const { sweep: started } = await writer.beginSweep(fence, at, awayMs);
      await writer.recordPage(
        { customers: received(customers), at, sweep: started, reading: next("page"), ...late(awayMs) },
        fence,
      );
      const read = { customers: customers.length, calls: 1, endedAt: at, state: "complete" } as const;
      const sweep: Sweep = { ...started, ...read, ...end };
      const seen = sweep.resumed || sweep.state === "failed" ? undefined : idsOf(customers);
      if (sweep.state !== "suspect") return writer.endSweep(sweep, { seen, awayMs }, fence);
      return writer.endSweep({ ...sweep, state: "complete" }, { seen, awayMs, sample: CONTRADICTED }, fence);
    },
    /** A sweep with what look-ups say of the customers that it did not find. */
    async endSweep(customers: readonly Customer[], sample: AbsenceSample, scope: Scope = ""): Promise<SweepEnded> {
      const fence = await fenceOf(scope);
      clock.now += 1;
      const { sweep } = await writer.beginSweep(fence, clock.now);
      const ended: Sweep = { ...sweep, customers: customers.length, endedAt: clock.now, state: "complete" };
      return writer.endSweep(ended, { seen: idsOf(customers), sample }, fence);
    },
    async quickPoll(customers: readonly Customer[], { scope = "" }: ReadingOptions = {}): Promise<void> {
      const fence = await fenceOf(scope);
      const reading = next("page");
      await writer.recordPage({ customers: received(customers), at: clock.now, reading }, fence);
      await writer.endQuickPoll(
        { reading: { ...reading, kind: "quick-poll" }, at: clock.now, seen: idsOf(customers) },
        fence,
      );
    },
    /** The token is refused, and again half a minute later (ALERTS 31). */
    async refuse(scope: Scope = ""): Promise<void> {
      const refused = { cause: "wholesale.unauthorized", isUnauthorized: true };
      await outbox.recordReadFailure(scope, refused, clock.now);
      clock.now += MINUTE / 2;
      await outbox.recordReadFailure(scope, refused, clock.now);
    },
    /** Looks customers up by id: some exist, others are gone. */
    async lookup(existing: readonly Customer[], gone: readonly string[] = [], scope: Scope = ""): Promise<void> {
      const fence = await fenceOf(scope);
      if (existing.length > 0)
        await writer.recordPage({ customers: received(existing), at: clock.now, reading: next("lookup") }, fence);
      if (gone.length > 0) await writer.remove(gone, clock.now, fence);
    },
  };
}

function roomChanges(store: Store, clock: Clock) {
  const { alerts, rooms } = store;
  const change = (roomId: string, command: AlertChange) => alerts.change(roomId, command, clock.now);
  const by = { personId: "olga", by: "Olga", because: "works" };
  return {
    change,
    watch: (roomId: string, filter: Filter = [], options: Partial<WatchOptions> = {}) =>
      change(roomId, {
        kind: "watch",
        filter,
        options: { ...NO_WATCH_OPTIONS, ...options },
        ownerId: "olga",
      }),
    unwatch: (roomId: string, number = 1) => change(roomId, { kind: "unwatch", number }),
    mute: (roomId: string, filter: Filter = [], forMs = 60 * MINUTE) =>
      change(roomId, { kind: "mute", mute: { filter, from: clock.now, until: clock.now + forMs, ...by } }),
    unmute: (roomId: string, number = 1) => change(roomId, { kind: "unmute", number }),
    bind: (roomId: string, scope: Scope) => rooms.bind(roomId, scope, "olga", clock.now),
    roomState: (roomId: string): Promise<RoomAlertState> => alerts.roomState(roomId),
    queued: (roomId: string) => queuedNotices(store, roomId),
    /** All alerts of the scope except drills, in the order of their numbers. */
    all: (scope: Scope = "") => alerts.changedSince(scope, 0),
  };
}
