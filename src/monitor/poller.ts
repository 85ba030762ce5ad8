import { dueAfterOtherInstance, type EarlierCounts, type Scope, type SweepTurn } from "../domain/customers/sweep.ts";
import type { Alerts } from "../domain/ports/alerting.ts";
import type { Rooms } from "../domain/ports/store.ts";
import { LEASE_MS } from "./lease.ts";
import { type Loop, startLoop } from "./loops.ts";
import { createNameReader } from "./names.ts";
import { quickPollOnce } from "./quick-poll.ts";
import { type SweepDeps, type SweepResult, sweepOnce } from "./sweep.ts";

export interface PollerDeps extends SweepDeps {
  readonly rooms: Pick<Rooms, "scopes">;
  readonly alerts: Pick<Alerts, "visibility">;
  /** `SWEEP_INTERVAL`, from start to start. */
  readonly sweepMs: number;
  /** `WATCH_INTERVAL`. */
  readonly watchMs: number;
  /** `API_CALLS_PER_MINUTE`, of which names take a quarter at most. */
  readonly callsPerMinute: number;
}

/** How soon a scope is noticed that a room was just bound to. */
const NEW_SCOPE_MS = 5_000;
const NAMES_MS = 10_000;

/** What a process keeps in mind between two sweeps of a scope. */
interface ScopeState extends SweepTurn {
  readonly earlier: EarlierCounts;
  /** For how long nobody had been reading before this process began; absent once it has read everything itself (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

/** Sees to it that the snapshot is fresh: sweeps, looks and names, each in a loop of its own, until it is stopped. */
export function startPoller(deps: PollerDeps): Loop {
  const { rooms, sleep, log, watchMs, callsPerMinute } = deps;
  const sweeps = createScopePolling(deps);
  const readNames = createNameReader(deps);
  const perTick = Math.max(1, Math.floor((callsPerMinute / 4) * (NAMES_MS / 60_000)));
  const loops = [
    startLoop({ name: "sweep", everyMs: sweeps.waitMs, atOnce: true, run: sweeps.run, sleep, log }),
    startLoop({ name: "quick_poll", everyMs: watchMs, run: sweeps.look, sleep, log }),
    startLoop({
      name: "names",
      everyMs: NAMES_MS,
      run: async (signal) => readNames(await rooms.scopes(), perTick, signal),
      sleep,
      log,
    }),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** Sweeps and looks take turns in a process: both would hold the same lease. */
function createScopePolling(deps: PollerDeps) {
  const { rooms, clock, sweepMs } = deps;
  const memories = new Map<Scope, ScopeState>();
  const sweeping = new Set<Scope>();
  const looking = new Map<Scope, Promise<void>>();

  const sweepNow = async (scope: Scope, signal: AbortSignal): Promise<void> => {
    const startedAt = clock();
    const memory = memories.get(scope);
    sweeping.add(scope);
    try {
      await looking.get(scope);
      const awayMs = memory === undefined ? await awayMsOf(deps, scope) : memory.awayMs;
      const swept = await sweepOnce(deps, { scope, signal, earlier: memory?.earlier ?? {}, awayMs });
      const isLate = swept?.state !== "complete";
      memories.set(scope, {
        ...nextScopeState(memory, swept, { startedAt, now: clock(), sweepMs }),
        ...(isLate && { awayMs }),
      });
    } catch (error) {
      // One scope's trouble must not keep the others from being swept.
      deps.log.error("sweep.failed", { ...(scope !== "" && { scope }), error });
      memories.set(scope, nextScopeState(memory, undefined, { startedAt, now: clock(), sweepMs }));
    } finally {
      sweeping.delete(scope);
    }
  };

  /** At once when this process never did; else when it is due, and no other instance has done it. */
  const sweepIfDue = async (scope: Scope, signal: AbortSignal): Promise<void> => {
    const memory = memories.get(scope);
    if (memory === undefined) return sweepNow(scope, signal);
    if (memory.dueAt > clock()) return;
    const age = await deps.snapshot.age(scope);
    const dueAt = dueAfterOtherInstance(memory, age, { now: clock(), everyMs: sweepMs });
    if (dueAt === undefined) return sweepNow(scope, signal);
    memories.set(scope, { ...memory, dueAt });
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    const scopes = await rooms.scopes();
    for (const scope of memories.keys()) if (!scopes.includes(scope)) memories.delete(scope);
    for (const scope of scopes) if (!signal.aborted) await sweepIfDue(scope, signal);
  };

  const look = async (signal: AbortSignal): Promise<void> => {
    for (const scope of await rooms.scopes()) {
      if (signal.aborted || sweeping.has(scope)) continue;
      const under = quickPollOnce(deps, { scope, signal, awayMs: memories.get(scope)?.awayMs });
      looking.set(
        scope,
        under.catch(() => undefined),
      );
      await under.finally(() => looking.delete(scope));
    }
  };

  const waitMs = (): number => {
    const due = [...memories.values()].map(({ dueAt }) => dueAt - clock());
    return Math.max(0, Math.min(NEW_SCOPE_MS, sweepMs, ...due));
  };

  return { run, look, waitMs };
}

/** Shorter breaks, such as a restart, are no absence. */
const SHORT_BREAK_MS = 60_000;

/** How long ago the scope was last read, by whatever process; undefined when nobody has been away. */
async function awayMsOf({ alerts, clock, watchMs }: PollerDeps, scope: Scope): Promise<number | undefined> {
  const { readAt } = await alerts.visibility(scope);
  const awayMs = readAt === undefined ? 0 : clock() - readAt;
  return awayMs > Math.max(SHORT_BREAK_MS, 4 * watchMs) ? awayMs : undefined;
}

interface Timing {
  readonly startedAt: number;
  readonly now: number;
  readonly sweepMs: number;
}

function nextScopeState(
  memory: ScopeState | undefined,
  swept: SweepResult | undefined,
  { startedAt, now, sweepMs }: Timing,
): ScopeState {
  const { earlier = {} } = memory ?? {};
  if (swept === undefined || swept.state === "interrupted") {
    return { earlier, ...memory, dueAt: now + Math.min(sweepMs, LEASE_MS) };
  }
  const { state, customers, endedAt } = swept;
  const later = {
    failed: earlier,
    complete: { complete: customers },
    suspect: { ...earlier, suspect: customers },
  };
  return { earlier: later[state], dueAt: startedAt + sweepMs, endedAt };
}
