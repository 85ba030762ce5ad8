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
  readonly watchMs: number;
  /** `API_CALLS_PER_MINUTE`, of which names take a quarter at most. */
  readonly callsPerMinute: number;
}

/** A scope that a room was just bound to is swept after this time at the latest. */
const NEW_SCOPE_MS = 5_000;
const NAMES_MS = 10_000;

/** Keeps the snapshot fresh until it is stopped: sweeps, quick polls and names, each in a loop of its own. */
export function startPoller(deps: PollerDeps): Loop {
  const { rooms, sleep, log, watchMs, callsPerMinute } = deps;
  const polling: Polling = { ...deps, states: new Map(), sweeping: new Set(), quickPolls: new Map() };
  const waitMs = () => msUntilNextSweep(polling);
  const sweep = (signal: AbortSignal) => sweepScopes(polling, signal);
  const quickPoll = (signal: AbortSignal) => quickPollScopes(polling, signal);
  const readNames = createNameReader(deps);
  const namesPerRun = Math.max(1, Math.floor((callsPerMinute / 4) * (NAMES_MS / 60_000)));
  const names = async (signal: AbortSignal) => readNames(await rooms.scopes(), namesPerRun, signal);
  const loops = [
    startLoop({ name: "sweep", everyMs: waitMs, atOnce: true, run: sweep, sleep, log }),
    startLoop({ name: "quick_poll", everyMs: watchMs, run: quickPoll, sleep, log }),
    startLoop({ name: "names", everyMs: NAMES_MS, run: names, sleep, log }),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** The state of a scope between two sweeps, in memory only. */
interface ScopeState extends SweepTurn {
  readonly earlier: EarlierCounts;
  /** For how long no process had read the scope before this one began; absent after its first complete sweep (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

/** In one process, a scope has no quick poll while its sweep runs (ALERTS 5): both need the same lease. */
interface Polling extends PollerDeps {
  readonly states: Map<Scope, ScopeState>;
  readonly sweeping: Set<Scope>;
  readonly quickPolls: Map<Scope, Promise<void>>;
}

async function sweepScopes(polling: Polling, signal: AbortSignal): Promise<void> {
  const { rooms, states } = polling;
  const scopes = await rooms.scopes();
  for (const scope of states.keys()) if (!scopes.includes(scope)) states.delete(scope);
  for (const scope of scopes) if (!signal.aborted) await sweepIfDue(polling, scope, signal);
}

/** The first time at once; later when the sweep is due and no other instance has made it. */
async function sweepIfDue(polling: Polling, scope: Scope, signal: AbortSignal): Promise<void> {
  const { states, snapshot, clock, sweepMs } = polling;
  const state = states.get(scope);
  if (state === undefined) return sweepNow(polling, scope, signal);
  if (state.dueAt > clock()) return;
  const age = await snapshot.age(scope);
  const dueAt = dueAfterOtherInstance(state, age, { now: clock(), everyMs: sweepMs });
  if (dueAt === undefined) return sweepNow(polling, scope, signal);
  states.set(scope, { ...state, dueAt });
}

async function sweepNow(polling: Polling, scope: Scope, signal: AbortSignal): Promise<void> {
  const { states, sweeping, quickPolls, clock, sweepMs, log } = polling;
  const startedAt = clock();
  const state = states.get(scope);
  sweeping.add(scope);
  try {
    await quickPolls.get(scope);
    const awayMs = state === undefined ? await awayMsOf(polling, scope) : state.awayMs;
    const swept = await sweepOnce(polling, { scope, signal, earlier: state?.earlier ?? {}, awayMs });
    const next = nextScopeState(state, swept, { startedAt, now: clock(), sweepMs });
    states.set(scope, swept?.state === "complete" ? next : { ...next, awayMs });
  } catch (error) {
    // The other scopes are still swept.
    log.error("sweep.failed", { ...(scope !== "" && { scope }), error });
    states.set(scope, nextScopeState(state, undefined, { startedAt, now: clock(), sweepMs }));
  } finally {
    sweeping.delete(scope);
  }
}

async function quickPollScopes(polling: Polling, signal: AbortSignal): Promise<void> {
  const { rooms, states, sweeping, quickPolls } = polling;
  for (const scope of await rooms.scopes()) {
    if (signal.aborted || sweeping.has(scope)) continue;
    const poll = quickPollOnce(polling, { scope, signal, awayMs: states.get(scope)?.awayMs });
    const ended = poll.catch(() => undefined);
    quickPolls.set(scope, ended);
    await poll.finally(() => quickPolls.delete(scope));
  }
}

function msUntilNextSweep({ states, clock, sweepMs }: Polling): number {
  const due = [...states.values()].map(({ dueAt }) => dueAt - clock());
  return Math.max(0, Math.min(NEW_SCOPE_MS, sweepMs, ...due));
}

/** A shorter time without a reading, such as a restart, does not count as away. */
const SHORT_BREAK_MS = 60_000;

/** The time since any process last read the scope; undefined when it was too short to count. */
async function awayMsOf({ alerts, clock, watchMs }: PollerDeps, scope: Scope): Promise<number | undefined> {
  const { readAt } = await alerts.visibility(scope);
  const awayMs = readAt === undefined ? 0 : clock() - readAt;
  return awayMs > Math.max(SHORT_BREAK_MS, 4 * watchMs) ? awayMs : undefined;
}

interface SweepTimes {
  readonly startedAt: number;
  readonly now: number;
  readonly sweepMs: number;
}

function nextScopeState(
  state: ScopeState | undefined,
  swept: SweepResult | undefined,
  { startedAt, now, sweepMs }: SweepTimes,
): ScopeState {
  const { earlier = {} } = state ?? {};
  if (swept === undefined || swept.state === "interrupted") {
    return { earlier, ...state, dueAt: now + Math.min(sweepMs, LEASE_MS) };
  }
  const { customers, endedAt } = swept;
  const counts = {
    failed: earlier,
    complete: { complete: customers },
    suspect: { ...earlier, suspect: customers },
  };
  return { earlier: counts[swept.state], dueAt: startedAt + sweepMs, endedAt };
}
