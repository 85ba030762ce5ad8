import { setTimeout as timer } from "node:timers/promises";
import { describeOutage } from "./domain/alerts/bot-status-messages.ts";
import { clockCheck, DATABASE_CLOCK, WEBEX_CLOCK } from "./domain/clock-check.ts";
import { type SnapshotAge, type Sweep, WHOLE_TOKEN } from "./domain/customers/sweep.ts";
import { isAboutOneRequest } from "./domain/external-failure.ts";
import { type CheckName, type HealthCheck, type HealthReport, OUTAGE_CHECK } from "./domain/health-report.ts";
import type { Clock } from "./domain/ports/runtime.ts";
import type { Store } from "./domain/ports/store.ts";
import type { Wholesale } from "./domain/ports/wholesale.ts";
import { formatDuration } from "./domain/views/text.ts";
import { Failure } from "./errors.ts";
import { readVersion } from "./package-root.ts";

/** The meaning of a failed check. Nothing but a lost webhook makes a platform stop the traffic to the bot (ALERTS 32). */
const DEGRADES = { vital: false, stopsHeartbeat: false } as const;
const STOPS_HEARTBEAT = { vital: false, stopsHeartbeat: true } as const;
const VITAL = { vital: true, stopsHeartbeat: true } as const;

/** Remembers whether the last call to another system succeeded. */
export interface CallStatus {
  track<T>(call: () => Promise<T>): Promise<T>;
  /** Takes the outcome of a call: undefined, or its failure. */
  record(failure: unknown): void;
  /** @param isExpected whether a check without a call so far fails */
  check(name: CheckName, isExpected: boolean): HealthCheck;
}

export function createCallStatus(clock: Clock): CallStatus {
  let last: { readonly at: number; readonly failure?: string } | undefined;
  const record = (error: unknown): void => {
    const isFailure = error !== undefined && countsAsFailure(error);
    last = { at: clock(), ...(isFailure && { failure: error instanceof Failure ? error.message : "failed" }) };
  };
  return {
    record,
    async track(call) {
      try {
        const result = await call();
        record(undefined);
        return result;
      } catch (error) {
        record(error);
        throw error;
      }
    },
    check(name, isExpected) {
      if (last === undefined) return { name, ...DEGRADES, ok: !isExpected, detail: "not called yet" };
      const ago = `${formatDuration(clock() - last.at)} ago`;
      return {
        name,
        ...DEGRADES,
        ok: last.failure === undefined,
        detail: last.failure === undefined ? `answered ${ago}` : `${last.failure} (${ago})`,
      };
    },
  };
}

/** A rejection of one request alone is not a problem of the other system. */
function countsAsFailure(error: unknown): boolean {
  return !(error instanceof Failure) || error.retryable || !isAboutOneRequest(error.code);
}

/** The same port; its calls set `status`. */
export function withCallStatus(wholesale: Wholesale, status: CallStatus): Wholesale {
  return {
    list: (query, options) => status.track(() => wholesale.list(query, options)),
    get: (id, options) => status.track(() => wholesale.get(id, options)),
    // A token that may not read subscribers is no problem of the API.
    subscribers: wholesale.subscribers,
  };
}

/** The inbox check fails from this number of waiting events on. */
const INBOX_BACKLOG = 100;

interface HealthDeps {
  readonly store: Store;
  /** The way in which Webex tells the bot what people write, and if that works. */
  readonly events: CallStatus;
  readonly hearsBy: Extract<CheckName, "Webex webhooks" | "Webex socket">;
  readonly wholesale: CallStatus;
  readonly messages: CallStatus;
  /** Absent when Webex Status is not read. */
  readonly webexStatus?: (() => HealthCheck) | undefined;
  /** How far this clock is ahead of Webex's; undefined before Webex has answered. */
  readonly webexSkewMs: () => number | undefined;
  readonly clock: Clock;
}

/** Each call of the returned function makes a new report, or waits for the one under way: a stranger may ask a thousand times. */
export function createHealth(deps: HealthDeps): () => Promise<HealthReport> {
  const { store, events, hearsBy, wholesale, messages, webexStatus, clock } = deps;
  const startedAt = clock();
  const version = readVersion();
  const tryWrite = createWriteTest(store, clock);
  let underWay: Promise<HealthReport> | undefined;
  const report = async (): Promise<HealthReport> => {
    // Side by side: a database that does not answer must not take its time more than once.
    const [database, snapshot, alerts, clocks] = await Promise.all([
      inTime(storeChecks(store, tryWrite), [WRITE_FAILED]),
      inTime(snapshotChecks(store, clock()), []),
      inTime(alertChecks(store, clock()), []),
      inTime(clockChecks(deps), []),
    ]);
    return {
      version,
      startedAt,
      checks: [
        ...database,
        { ...events.check(hearsBy, true), ...STOPS_HEARTBEAT },
        wholesale.check("Wholesale API", false),
        ...snapshot,
        { ...messages.check("Webex messages", false), ...STOPS_HEARTBEAT },
        ...alerts,
        ...(webexStatus === undefined ? [] : [webexStatus()]),
        ...clocks,
      ],
    };
  };
  return () => {
    underWay ??= report().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** An answer about the health takes 2 s at most in all. In real time, whatever the clock of the schedules. */
const ANSWER_MS = 1_500;

type Checks = readonly HealthCheck[];

async function inTime(checks: Promise<Checks>, otherwise: Checks): Promise<Checks> {
  const over = new AbortController();
  try {
    return await Promise.race([checks, timer(ANSWER_MS, otherwise, { signal: over.signal, ref: false })]);
  } finally {
    over.abort();
  }
}

const WRITE_FAILED: HealthCheck = { name: "Database", ...VITAL, ok: false, detail: "cannot be written" };

/** A write is tried this often at most. */
const WRITE_TEST_MS = 10_000;

/** Tests whether a webhook could be stored: on a full disk the database still answers. */
function createWriteTest(store: Store, clock: Clock): () => Promise<void> {
  let last: { readonly at: number; readonly result: Promise<void> } | undefined;
  return () => {
    if (last === undefined || clock() - last.at >= WRITE_TEST_MS) last = { at: clock(), result: store.tryWrite() };
    return last.result;
  };
}

async function storeChecks(store: Store, tryWrite: () => Promise<void>): Promise<readonly HealthCheck[]> {
  try {
    await tryWrite();
    const waiting = await store.inbox.waiting();
    return [
      { name: "Database", ...VITAL, ok: true, detail: "answers" },
      {
        name: "Inbox",
        ...DEGRADES,
        ok: waiting < INBOX_BACKLOG,
        detail: waiting === 0 ? "none waits" : `${waiting} wait`,
        // One of them is the question that `status` answers.
        isNotable: waiting > 1,
      },
    ];
  } catch {
    return [WRITE_FAILED];
  }
}

async function snapshotChecks({ snapshot }: Store, now: number): Promise<readonly HealthCheck[]> {
  try {
    return [snapshotCheck(await snapshot.age(WHOLE_TOKEN), now)];
  } catch {
    // The check "Database" fails.
    return [];
  }
}

/** Longer than any window and some retries: a notice that waits longer is late. */
const LATE_MS = 15 * 60_000;

async function alertChecks({ outbox, alerts }: Store, now: number): Promise<readonly HealthCheck[]> {
  try {
    const { waiting, oldestAt = now, dead } = await outbox.state();
    const { outage } = await alerts.visibility(WHOLE_TOKEN);
    const age = formatDuration(now - oldestAt);
    return [
      {
        name: "Outbox",
        ...DEGRADES,
        ok: now - oldestAt < LATE_MS,
        detail: `${waiting === 0 ? "none waits" : `${waiting} wait, since ${age}`}${dead > 0 ? `, ${dead} given up for now` : ""}`,
        isNotable: waiting + dead > 0,
      },
      {
        name: OUTAGE_CHECK,
        ...STOPS_HEARTBEAT,
        ok: outage === undefined,
        detail:
          outage === undefined
            ? "can be read"
            : `cannot be read for ${formatDuration(now - outage.since)}: ${describeOutage(outage)}`,
      },
    ];
  } catch {
    // The check "Database" fails.
    return [];
  }
}

/** One check: against the clock that is further away than it may be, if there is such a one. */
async function clockChecks({ store, webexSkewMs }: HealthDeps): Promise<readonly HealthCheck[]> {
  const skewMs = webexSkewMs();
  const ofWebex = skewMs === undefined ? [] : [clockCheck(skewMs, WEBEX_CLOCK)];
  try {
    const databaseSkewMs = await store.clockSkew();
    const all = databaseSkewMs === undefined ? ofWebex : [clockCheck(databaseSkewMs, DATABASE_CLOCK), ...ofWebex];
    return all.toSorted((one, other) => Number(one.ok) - Number(other.ok)).slice(0, 1);
  } catch {
    // The check "Database" fails.
    return ofWebex;
  }
}

/** The check of the snapshot: whether it is complete, its number of customers, and its age. */
export function snapshotCheck({ completeAt, customers, current }: SnapshotAge, now: number): HealthCheck {
  const check = { name: "Snapshot", ...DEGRADES } as const;
  const last = completeAt && `${countText(customers)} customers, ${formatDuration(now - completeAt)} ago`;
  const problem = current !== undefined && current.startedAt > (completeAt ?? 0) && sweepProblem(current, customers);
  if (problem) return { ...check, ok: false, detail: last ? `${problem}; the last complete one: ${last}` : problem };
  if (last) return { ...check, ok: true, detail: last };
  if (current === undefined) return { ...check, ok: true, detail: "not read yet" };
  return { ...check, ok: true, detail: `reading: ${countText(current.customers)} customers so far` };
}

const countText = (count: number): string => count.toLocaleString("en-US");

/** Why the last sweep is not complete; undefined while it runs. */
function sweepProblem({ state, cause, customers }: Sweep, known: number): string | undefined {
  if (state === "failed") return `the Wholesale API failed: ${describeOutage(cause === undefined ? {} : { cause })}`;
  if (state !== "suspect") return undefined;
  return `the list of Webex has only ${countText(customers)} of ${countText(known)} customers, so it is not used`;
}
