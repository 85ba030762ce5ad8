import { type Alert, type ClosedReason, type Flapping, isActive } from "./alert.ts";
import type { Sighting } from "./sighting.ts";

/**
 * What a sighting belongs to. A `page` may be of a reading that never reaches its end, so it can only open (ALERTS 5, c);
 * `sweep` and `look` are whole ones, and `look-up` asks by id for what two sweeps did not find.
 */
export interface Reading {
  /** Tells it from every other reading. */
  readonly id: number;
  readonly kind: "page" | "sweep" | "look" | "look-up";
}

/** When and how something was seen. */
export interface Moment {
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
export function record(last: Alert | undefined, sighting: Sighting, moment: Moment): Alert | undefined {
  if (sighting.class === "bad") return calmed(last, seenBad(last, sighting, moment), moment);
  if (last === undefined || moment.reading.kind === "page") return last;
  const seen = sighting.class === "absent" ? seenAbsent(last, moment) : seenThere(last, sighting, moment);
  return calmed(last, seen, moment);
}

/** Ends an alert (ALERTS 11, 14). What is removed has flapped for the last time: it does not come back as the same alert. */
export function close(alert: Alert, reason: ClosedReason, now: number): Alert {
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
    absent: 0,
  };
}

function seenBad(last: Alert | undefined, sighting: Sighting, moment: Moment): Alert {
  if (last === undefined || !(isActive(last) || isReopened(last, moment))) return opened(sighting, moment);
  const { status, subject } = sighting;
  const { healedIn: _, ...rest } = last;
  const seen = {
    ...rest,
    subject,
    ...(status !== undefined && { status }),
    retrying: false,
    suspended: false,
    absent: 0,
  };
  if (last.state === "closed") return reopened(seen, moment);
  const hasFailed = last.state === "open" && last.retrying;
  if (hasFailed) return { ...seen, failures: last.failures + 1, generation: last.generation + 1 };
  return isSame(last, seen) ? last : { ...seen, state: "open" };
}

/** One that flaps is the same alert for as long as it does: its end is owed to those who were told that it began. */
function isReopened({ closedAt = 0, reason, flapping }: Alert, { now, reopenMs }: Moment): boolean {
  return reason === "recovered" && (flapping !== undefined || now - closedAt <= reopenMs);
}

function opened({ key, status, from, since, subject }: Sighting, moment: Moment): Alert {
  const { now, nextId, baseline = false, awayMs } = moment;
  return {
    id: nextId,
    key,
    state: "open",
    generation: 1,
    openedAt: now,
    badSince: now,
    ...(from !== undefined && { from }),
    ...(status !== undefined && { status }),
    ...(key.kind === "stuck" && since !== undefined && { movingSince: since }),
    attempt: 1,
    failures: 0,
    retrying: false,
    suspended: false,
    reopenedAt: [],
    absent: 0,
    baseline,
    ...(awayMs !== undefined && { lateMs: awayMs }),
    subject,
  };
}

/** The same alert, and nobody's any more (ALERTS 12); or the one re-opening too many (ALERTS 13). */
function reopened(closed: Alert, { now, reading, awayMs }: Moment): Alert {
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
    ...(isFlapping && { flapping: { since: now, changedAt: now, changedIn: reading.id, steady: 0 } }),
  };
}

function seenThere(last: Alert, { class: seen, status }: Sighting, { now, reading }: Moment): Alert {
  if (last.state === "closed") return last;
  const there = { ...last, ...(status !== undefined && { status }), absent: 0 };
  if (seen === "moving") return seenMoving(last, there);
  if (last.state === "open")
    return { ...there, state: "healing", healedIn: reading.id, retrying: false, suspended: false };
  return last.healedIn === reading.id ? last : close(there, "recovered", now);
}

/** Moving neither opens nor closes: it is tried again, or goes away (ALERTS 10). */
function seenMoving(last: Alert, there: Alert): Alert {
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

function seenAbsent(last: Alert, { now, reading }: Moment): Alert {
  if (last.state === "closed") return last;
  if (reading.kind === "sweep") return { ...last, absent: last.absent + 1 };
  const isGone = reading.kind === "look-up" && last.absent >= ABSENT_SWEEPS;
  return isGone ? close(last, last.key.item === "*" ? "customer removed" : "package removed", now) : last;
}

/** Counts towards the end of flapping, and ends it (ALERTS 13). A page is part of a reading, and not one by itself. */
function calmed(last: Alert | undefined, seen: Alert, { now, reading }: Moment): Alert {
  const { flapping, ...rest } = seen;
  if (last?.flapping === undefined || flapping === undefined) return seen;
  if ((last.state === "open") !== (seen.state === "open")) {
    return { ...seen, flapping: { ...flapping, changedAt: now, changedIn: reading.id, steady: 0 } };
  }
  if (reading.kind === "page" || reading.id === flapping.changedIn) return seen;
  const calmer = { ...flapping, steady: flapping.steady + 1 };
  return isCalm(calmer, now) ? { ...rest, generation: seen.generation + 1 } : { ...seen, flapping: calmer };
}

function isCalm({ changedAt, steady }: Flapping, now: number): boolean {
  return now - changedAt >= FLAP.calmMs && steady >= FLAP.calmSightings;
}

function isSame(a: Alert, b: Alert): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
