import { REJECTED_AGAIN_MS } from "../domain/alerts/visibility.ts";
import { dueAfterOtherInstance, type Scope, type SweepTurn } from "../domain/customers/sweep.ts";
import { LEASE_MS } from "../domain/lease.ts";
import type { Alerts } from "../domain/ports/alerting.ts";
import type { Rooms } from "../domain/ports/store.ts";
import { type Loop, startLoop } from "./loops.ts";
import { createNameReader } from "./names.ts";
import { type LookupTimes, quickPollOnce } from "./quick-poll.ts";
import { type SweepDeps, type SweepResult, sweepOnce } from "./sweep.ts";

export interface PollerDeps extends Omit<SweepDeps, "users"> {
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
  const polling: Polling = { ...deps, states: new Map(), users: new Map(), lookedUpAt: new Map() };
  const waitMs = () => msUntilNextSweep(polling);
  const sweep = (signal: AbortSignal) => sweepScopes(polling, signal);
  const quickPoll = (signal: AbortSignal) => quickPollScopes(polling, signal);
  const readNames = createNameReader(deps);
  const namesPerRun = Math.max(1, Math.floor((callsPerMinute / 4) * (NAMES_MS / 60_000)));
  const names = async (signal: AbortSignal) => readNames(await rooms.scopes(), namesPerRun, signal);
  const loops = [
    startLoop({ name: "sweep", pauseMs: waitMs, atOnce: true, run: sweep, sleep, log }),
    startLoop({ name: "quick_poll", pauseMs: watchMs, run: quickPoll, sleep, log }),
    startLoop({ name: "names", pauseMs: NAMES_MS, run: names, sleep, log }),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** The state of a scope between two sweeps, in memory only. */
interface ScopeState extends SweepTurn {
  /** For how long no process had read the scope before this one began; absent after its first complete sweep (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

interface Polling extends PollerDeps, Pick<SweepDeps, "users"> {
  readonly states: Map<Scope, ScopeState>;
  readonly lookedUpAt: Map<Scope, LookupTimes>;
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
  if (state === undefined) return beginScope(polling, scope, signal);
  if (state.dueAt > clock()) return;
  const age = await snapshot.age(scope);
  const dueAt = dueAfterOtherInstance(state, age, { now: clock(), everyMs: sweepMs });
  if (dueAt === undefined) return sweepNow(polling, scope, signal);
  states.set(scope, { ...state, dueAt });
}

/** The first sweep of a scope. The length of the break is worked out before anything is read, because each reading ends it. */
async function beginScope(polling: Polling, scope: Scope, signal: AbortSignal): Promise<void> {
  const awayMs = await awayMsOf(polling, scope);
  polling.states.set(scope, { dueAt: polling.clock(), awayMs });
  await sweepNow(polling, scope, signal);
}

async function sweepNow(polling: Polling, scope: Scope, signal: AbortSignal): Promise<void> {
  const { states, clock, sweepMs, log } = polling;
  const startedAt = clock();
  const state = states.get(scope);
  try {
    const swept = await sweepOnce(polling, { scope, signal, awayMs: state?.awayMs });
    const next = nextScopeState(state, swept, { startedAt, now: clock(), sweepMs });
    states.set(scope, swept?.state === "complete" ? next : { ...next, awayMs: state?.awayMs });
  } catch (error) {
    // The other scopes are still swept.
    log.failing("sweep.failed", { ...(scope !== "" && { scope }), error }, scope);
    states.set(scope, nextScopeState(state, undefined, { startedAt, now: clock(), sweepMs }));
  }
}

async function quickPollScopes(polling: Polling, signal: AbortSignal): Promise<void> {
  const { rooms, states, lookedUpAt } = polling;
  for (const scope of await rooms.scopes()) {
    if (signal.aborted) return;
    const state = states.get(scope);
    // Its first sweep comes first, so that it is known how long nobody has read the scope.
    if (state === undefined) continue;
    const times = lookedUpAt.get(scope) ?? new Map();
    lookedUpAt.set(scope, times);
    await quickPollOnce(polling, { scope, signal, awayMs: state.awayMs }, times);
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
  if (swept === undefined || swept.state === "interrupted") {
    return { ...state, dueAt: now + Math.min(sweepMs, LEASE_MS) };
  }
  const dueAt = startedAt + sweepMs;
  return { dueAt: swept.isRejected ? Math.min(dueAt, now + REJECTED_AGAIN_MS) : dueAt, endedAt: swept.endedAt };
}
