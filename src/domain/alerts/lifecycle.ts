import { ABSENT_SWEEPS, type Alert, type ClosedReason, endAck, type Flapping, isActive } from "./alert.ts";
import { codesText } from "./error-codes.ts";
import { KIND_RULES } from "./kinds.ts";
import type { Observation } from "./observation.ts";

/**
 * The reading that an observation belongs to. A `page` is a part of a sweep or quick poll that may never be completed, so it
 * only opens alerts (ALERTS 5, c). A `lookup` reads one customer by id after two sweeps without it.
 */
export interface Reading {
  /** Differs between the readings of a scope. */
  readonly id: number;
  readonly kind: "page" | "sweep" | "quick-poll" | "lookup";
}

export interface ObservationContext {
  readonly now: number;
  readonly reading: Reading;
  readonly reopenMs: number;
  readonly nextId: number;
  /** A new alert opens silently (ALERTS 15). */
  readonly baseline?: boolean;
  /** How long nobody had read the API before, in milliseconds; absent when that does not count as late (ALERTS 16). */
  readonly awayMs?: number;
}

/** When an alert begins to flap, and when it has calmed down (ALERTS 13). */
const FLAP = { entries: 4, withinMs: 2 * 3_600_000, calmMs: 30 * 60_000, calmReadings: 5 };

/** For how long after its end the last alert of a key matters: for re-opening (ALERTS 12), and for flapping (13). */
export function lastAlertMatters({ reopenMs }: Pick<ObservationContext, "reopenMs">): number {
  return Math.max(reopenMs, FLAP.withinMs);
}

/**
 * The alert of a key after an observation, given the last alert of that key (ALERTS 9 to 14). Returns `last` itself when
 * nothing changes, and undefined when there is no alert and none opens.
 */
export function applyObservation(
  last: Alert | undefined,
  observation: Observation & { readonly class: "bad" },
  context: ObservationContext,
): Alert;
export function applyObservation(
  last: Alert | undefined,
  observation: Observation,
  context: ObservationContext,
): Alert | undefined;
export function applyObservation(
  last: Alert | undefined,
  observation: Observation,
  context: ObservationContext,
): Alert | undefined {
  if (observation.class === "bad") return updateFlapping(last, observeBad(last, observation, context), context);
  if (last === undefined || context.reading.kind === "page") return last;
  const next =
    observation.class === "absent" ? observeAbsent(last, context) : observePresent(last, observation, context);
  return updateFlapping(last, next, context);
}

/** ALERTS 11, 14. A removal also ends flapping, because an item that comes back later gets a new alert. */
export function closeAlert(alert: Alert, reason: ClosedReason, now: number): Alert {
  const { healedIn: _, flapping, ...rest } = alert;
  const isRecovery = reason === "recovered";
  return {
    ...rest,
    ...(flapping !== undefined && isRecovery && { flapping }),
    ...(alert.state !== "open" && !isRecovery && { wasHealthy: true }),
    state: "closed",
    reason,
    closedAt: now,
    generation: alert.generation + 1,
    retrying: false,
    suspended: false,
    absentSweeps: 0,
  };
}

function observeBad(last: Alert | undefined, observation: Observation, context: ObservationContext): Alert {
  if (last === undefined || !(last.state !== "closed" || shouldReopen(last, context))) {
    return openAlert(observation, recentEntries(last, context), context);
  }
  const { status, subject } = observation;
  const { healedIn: _, ...rest } = last;
  const seen = {
    ...rest,
    subject,
    ...(status !== undefined && { status }),
    retrying: false,
    suspended: false,
    absentSweeps: 0,
  };
  if (last.state === "closed") return reopenAlert(seen, context);
  // Also if it was GOOD for one reading: the space may have read that it is being tried again.
  if (last.retrying) return { ...seen, state: "open", failures: last.failures + 1, generation: last.generation + 1 };
  const generation = codesText(seen) === codesText(last) ? last.generation : last.generation + 1;
  return isSame(last, seen) ? last : { ...seen, state: "open", generation };
}

/** A flapping alert re-opens after any time, so that the spaces notified of the flapping are notified of its end (ALERTS 13). */
function shouldReopen({ closedAt = 0, reason, flapping }: Alert, { now, reopenMs }: ObservationContext): boolean {
  return reason === "recovered" && (flapping !== undefined || now - closedAt <= reopenMs);
}

/** When the key entered BAD lately (ALERTS 13). A removal begins anew: what comes back is another item. */
function recentEntries(last: Alert | undefined, { now }: ObservationContext): readonly number[] {
  if (last === undefined || (last.reason !== undefined && last.reason !== "recovered")) return [];
  const { earlierEntries = [], openedAt, reopenedAt } = last;
  return [...earlierEntries, openedAt, ...reopenedAt].filter((at) => now - at <= FLAP.withinMs);
}

function openAlert(
  { key, status, previousStatus, since, subject }: Observation,
  earlierEntries: readonly number[],
  context: ObservationContext,
): Alert {
  const { now, nextId, baseline = false, awayMs } = context;
  return {
    id: nextId,
    key,
    state: "open",
    generation: 1,
    openedAt: now,
    badSince: now,
    ...(previousStatus !== undefined && { previousStatus }),
    ...(status !== undefined && { status }),
    ...(KIND_RULES[key.kind].isAboutAge && since !== undefined && { movingSince: since }),
    attempt: 1,
    failures: 0,
    retrying: false,
    suspended: false,
    reopenedAt: [],
    ...(earlierEntries.length > 0 && { earlierEntries }),
    ...flappingAfter(earlierEntries, context),
    absentSweeps: 0,
    baseline,
    ...(awayMs !== undefined && { lateMs: awayMs }),
    subject,
  };
}

/**
 * Removes the acknowledgement (ALERTS 12), except while the alert flaps: then nobody is told of the re-opening (13). What was
 * so before the bot came is not so any more (15).
 */
function reopenAlert(closed: Alert, context: ObservationContext): Alert {
  const { now, awayMs } = context;
  const wasFlapping = closed.flapping !== undefined;
  const free = wasFlapping ? closed : endAck(closed, "re-opened", now);
  const { reason: _reason, closedAt: _closedAt, lateMs: _lateMs, ...rest } = free;
  return {
    ...rest,
    state: "open",
    badSince: now,
    reopenedAt: [...closed.reopenedAt, now],
    generation: closed.generation + 1,
    baseline: false,
    ...(awayMs !== undefined && { lateMs: awayMs }),
    ...(!wasFlapping && flappingAfter(recentEntries(closed, context), context)),
  };
}

/** The start of flapping, if this entry into BAD is one too many (ALERTS 13). @param before the entries before it */
function flappingAfter(before: readonly number[], { now, reading }: ObservationContext): Pick<Alert, "flapping"> {
  if (before.length + 1 < FLAP.entries) return {};
  return { flapping: { since: now, changedAt: now, changedIn: reading.id, unchangedObservations: 0 } };
}

function observePresent(
  last: Alert,
  { class: seen, status }: Observation,
  { now, reading }: ObservationContext,
): Alert {
  if (last.state === "closed") return last.absentSweeps === 0 ? last : { ...last, absentSweeps: 0 };
  const present = { ...last, ...(status !== undefined && { status }), absentSweeps: 0 };
  if (seen === "moving") return observeMoving(last, present);
  if (last.state === "open") return { ...present, state: "healing", healedIn: reading.id, suspended: false };
  return last.healedIn === reading.id ? last : closeAlert(present, "recovered", now);
}

/** MOVING neither opens nor closes: the item is being retried or deleted (ALERTS 10). */
function observeMoving(last: Alert, present: Alert): Alert {
  const { healedIn: _, ...rest } = present;
  const attempt = last.retrying && last.state === "open" ? last.attempt : last.attempt + 1;
  const moving: Alert = {
    ...rest,
    state: "open",
    retrying: true,
    attempt,
    suspended: present.status === "deleting",
  };
  return isSame(last, moving) ? last : moving;
}

function observeAbsent(last: Alert, { now, reading }: ObservationContext): Alert {
  if (!isActive(last)) return last;
  if (reading.kind === "sweep") return { ...last, absentSweeps: last.absentSweeps + 1 };
  const isGone = reading.kind === "lookup" && last.absentSweeps >= ABSENT_SWEEPS;
  return isGone ? closeAlert(last, last.key.item === "*" ? "customer removed" : "package removed", now) : last;
}

/** Counts readings without a change and ends flapping after enough of them (ALERTS 13). A page is not a whole reading. */
function updateFlapping(last: Alert | undefined, seen: Alert, { now, reading }: ObservationContext): Alert {
  const { flapping, ...rest } = seen;
  if (last?.flapping === undefined || flapping === undefined) return seen;
  if ((last.state === "open") !== (seen.state === "open")) {
    return {
      ...seen,
      flapping: { ...flapping, changedAt: now, changedIn: reading.id, unchangedObservations: 0 },
    };
  }
  if (reading.kind === "page" || reading.id === flapping.changedIn) return seen;
  const calm = { ...flapping, unchangedObservations: flapping.unchangedObservations + 1 };
  return isFlappingOver(calm, now) ? { ...rest, generation: seen.generation + 1 } : { ...seen, flapping: calm };
}

function isFlappingOver({ changedAt, unchangedObservations }: Flapping, now: number): boolean {
  return now - changedAt >= FLAP.calmMs && unchangedObservations >= FLAP.calmReadings;
}

function isSame(a: Alert, b: Alert): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
