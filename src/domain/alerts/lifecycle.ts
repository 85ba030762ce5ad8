import { type Alert, type ClosedReason, type Flapping, isActive } from "./alert.ts";
import { KIND_RULES } from "./kinds.ts";
import type { Observation } from "./observation.ts";

/**
 * What a sighting belongs to. A `page` may be of a reading that never reaches its end, so it can only open (ALERTS 5, c);
 * `sweep` and `look` are whole ones, and `look-up` asks by id for what two sweeps did not find.
 */
export interface Reading {
  /** Tells it from every other reading. */
  readonly id: number;
  readonly kind: "page" | "sweep" | "quick-poll" | "lookup";
}

/** When and how something was seen. */
export interface ObservationContext {
  readonly now: number;
  readonly reading: Reading;
  /** `REOPEN_WINDOW`. */
  readonly reopenMs: number;
  /** The number that a new alert gets. */
  readonly nextId: number;
  /** Whether what is bad was so before the bot first looked (ALERTS 15). */
  readonly baseline?: boolean;
  /** How long the bot had been away (ALERTS 16). */
  readonly awayMs?: number;
}

/** ALERTS 13. */
const FLAP = { reopens: 3, withinMs: 2 * 3_600_000, calmMs: 30 * 60_000, calmSightings: 5 };

/** ALERTS 14. */
const ABSENT_SWEEPS = 2;

/**
 * The alert of a key after a sighting, given the last one it had (ALERTS 9 to 14). The very same value when nothing is to be
 * remembered; undefined when there is none and none begins.
 */
export function applyObservation(
  last: Alert | undefined,
  sighting: Observation,
  moment: ObservationContext,
): Alert | undefined {
  if (sighting.class === "bad") return updateFlapping(last, observeBad(last, sighting, moment), moment);
  if (last === undefined || moment.reading.kind === "page") return last;
  const seen = sighting.class === "absent" ? observeAbsent(last, moment) : observePresent(last, sighting, moment);
  return updateFlapping(last, seen, moment);
}

/** Ends an alert (ALERTS 11, 14). What is removed has flapped for the last time: it does not come back as the same alert. */
export function closeAlert(alert: Alert, reason: ClosedReason, now: number): Alert {
  const { healedIn: _, flapping, ...rest } = alert;
  return {
    ...rest,
    ...(flapping !== undefined && reason === "recovered" && { flapping }),
    state: "closed",
    reason,
    closedAt: now,
    generation: alert.generation + 1,
    retrying: false,
    suspended: false,
    absentSweeps: 0,
  };
}

function observeBad(last: Alert | undefined, sighting: Observation, moment: ObservationContext): Alert {
  if (last === undefined || !(isActive(last) || shouldReopen(last, moment))) return openAlert(sighting, moment);
  const { status, subject } = sighting;
  const { healedIn: _, ...rest } = last;
  const seen = {
    ...rest,
    subject,
    ...(status !== undefined && { status }),
    retrying: false,
    suspended: false,
    absentSweeps: 0,
  };
  if (last.state === "closed") return reopenAlert(seen, moment);
  const hasFailed = last.state === "open" && last.retrying;
  if (hasFailed) return { ...seen, failures: last.failures + 1, generation: last.generation + 1 };
  return isSame(last, seen) ? last : { ...seen, state: "open" };
}

/** One that flaps is the same alert for as long as it does: its end is owed to those who were told that it began. */
function shouldReopen({ closedAt = 0, reason, flapping }: Alert, { now, reopenMs }: ObservationContext): boolean {
  return reason === "recovered" && (flapping !== undefined || now - closedAt <= reopenMs);
}

function openAlert({ key, status, previousStatus, since, subject }: Observation, moment: ObservationContext): Alert {
  const { now, nextId, baseline = false, awayMs } = moment;
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
    absentSweeps: 0,
    baseline,
    ...(awayMs !== undefined && { lateMs: awayMs }),
    subject,
  };
}

/** The same alert, and nobody's any more (ALERTS 12); or the one re-opening too many (ALERTS 13). */
function reopenAlert(closed: Alert, { now, reading, awayMs }: ObservationContext): Alert {
  const { reason: _reason, closedAt: _closedAt, ack: _ack, lateMs: _lateMs, ...rest } = closed;
  const reopenedAt = [...closed.reopenedAt, now];
  const lately = reopenedAt.filter((at) => now - at <= FLAP.withinMs).length;
  const isFlapping = closed.flapping === undefined && lately >= FLAP.reopens;
  return {
    ...rest,
    state: "open",
    badSince: now,
    reopenedAt,
    generation: closed.generation + 1,
    ...(awayMs !== undefined && { lateMs: awayMs }),
    ...(isFlapping && {
      flapping: { since: now, changedAt: now, changedIn: reading.id, unchangedObservations: 0 },
    }),
  };
}

function observePresent(
  last: Alert,
  { class: seen, status }: Observation,
  { now, reading }: ObservationContext,
): Alert {
  if (last.state === "closed") return last;
  const there = { ...last, ...(status !== undefined && { status }), absentSweeps: 0 };
  if (seen === "moving") return observeMoving(last, there);
  if (last.state === "open")
    return { ...there, state: "healing", healedIn: reading.id, retrying: false, suspended: false };
  return last.healedIn === reading.id ? last : closeAlert(there, "recovered", now);
}

/** Moving neither opens nor closes: it is tried again, or goes away (ALERTS 10). */
function observeMoving(last: Alert, there: Alert): Alert {
  const { healedIn: _, ...rest } = there;
  const attempt = last.retrying ? last.attempt : last.attempt + 1;
  const moving: Alert = {
    ...rest,
    state: "open",
    retrying: true,
    attempt,
    suspended: there.status === "deleting",
  };
  return isSame(last, moving) ? last : moving;
}

function observeAbsent(last: Alert, { now, reading }: ObservationContext): Alert {
  if (last.state === "closed") return last;
  if (reading.kind === "sweep") return { ...last, absentSweeps: last.absentSweeps + 1 };
  const isGone = reading.kind === "lookup" && last.absentSweeps >= ABSENT_SWEEPS;
  return isGone ? closeAlert(last, last.key.item === "*" ? "customer removed" : "package removed", now) : last;
}

/** Counts towards the end of flapping, and ends it (ALERTS 13). A page is part of a reading, and not one by itself. */
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
  const calmer = { ...flapping, unchangedObservations: flapping.unchangedObservations + 1 };
  return isFlappingOver(calmer, now) ? { ...rest, generation: seen.generation + 1 } : { ...seen, flapping: calmer };
}

function isFlappingOver({ changedAt, unchangedObservations }: Flapping, now: number): boolean {
  return now - changedAt >= FLAP.calmMs && unchangedObservations >= FLAP.calmSightings;
}

function isSame(a: Alert, b: Alert): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
