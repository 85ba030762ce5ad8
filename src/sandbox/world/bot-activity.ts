import type { Call } from "./call-log.ts";

/** The sweeps and quick polls of the bot, derived from its calls with the Wholesale token. Times are epoch milliseconds. */
export interface BotActivity {
  /** Sweeps that may go on, the most recent one first. */
  readonly openSweeps: readonly Sweep[];
  readonly lastSweep?: Sweep;
  /** The poll in progress, or the last one. */
  readonly poll?: QuickPoll;
  readonly lastPoll?: QuickPoll;
  readonly callCounts: CallCounts;
}

/** Consecutive pages of the unfiltered list. */
interface Sweep {
  readonly scope: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly pages: number;
  readonly customers: number;
  readonly isComplete: boolean;
}

/** The lists of unhealthy customers, and the look-ups by id after them. */
interface QuickPoll {
  readonly scope: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly calls: number;
  readonly statuses: readonly string[];
}

export const NO_ACTIVITY: BotActivity = { openSweeps: [], callCounts: [] };

const UNHEALTHY = ["error", "provisioned_with_errors"];
/** Each query of a person opens a sweep that never goes on. */
const MAX_OPEN_SWEEPS = 8;
/** A look-up after a longer pause was asked by a person. */
const POLL_GAP_MS = 10_000;
/** Cards show at most this many customers a page; sweeps read larger pages. */
const LARGEST_CARD_PAGE = 50;
/** A sweep without a call for this long is abandoned. */
const ABANDONED_AFTER_MS = 60_000;

export function recordCall(activity: BotActivity, call: Call): BotActivity {
  if (call.by !== "wholesale") return activity;
  const startedAt = Date.parse(call.time);
  const seen = { ...activity, callCounts: countCall(activity.callCounts, startedAt) };
  if (call.method !== "GET") return seen;
  const query = new URLSearchParams(call.query);
  const isAnswered = call.status === 200;
  if (/^\/wholesale\/customers\/[^/]+$/.test(call.path)) {
    return isAnswered || call.status === 404 ? recordLookup(seen, call) : seen;
  }
  if (call.path !== "/wholesale/customers" || !isAnswered) return seen;
  if (query.get("externalId") || query.get("orgId")) return seen;
  const statuses = query.getAll("status").filter((status) => status !== "");
  return statuses.length > 0 ? recordStatusList(seen, call, { query, statuses }) : recordListPage(seen, call, query);
}

const scopeOf = (query: URLSearchParams): string => query.get("onBehalfOfSubPartnerOrgId") ?? "";
const endOf = ({ time, ms }: Call): number => Date.parse(time) + ms;

function recordListPage(activity: BotActivity, call: Call, query: URLSearchParams): BotActivity {
  const offset = Number(query.get("offset") ?? 0);
  const scope = scopeOf(query);
  const before = activity.openSweeps.find((sweep) => sweep.scope === scope && sweep.customers === offset && offset > 0);
  if (!before && offset > 0) return activity;
  const { startedAt, pages, customers } = before ?? {
    startedAt: Date.parse(call.time),
    pages: 0,
    customers: 0,
  };
  const sweep: Sweep = {
    scope,
    startedAt,
    endedAt: endOf(call),
    pages: pages + 1,
    customers: customers + (call.items ?? 0),
    isComplete: call.hasNext !== true,
  };
  // Without links a full last page is followed by an empty one, so a complete sweep may still go on.
  const openSweeps = [sweep, ...activity.openSweeps.filter((other) => other !== before)].slice(0, MAX_OPEN_SWEEPS);
  return { ...activity, openSweeps, ...(sweep.isComplete && { lastSweep: sweep }) };
}

function recordStatusList(
  activity: BotActivity,
  call: Call,
  asked: { query: URLSearchParams; statuses: readonly string[] },
) {
  const statuses = asked.statuses.filter((status) => UNHEALTHY.includes(status));
  if (statuses.length === 0) return activity;
  const { poll } = activity;
  const scope = scopeOf(asked.query);
  const isFirstPage = Number(asked.query.get("offset") ?? 0) === 0;
  const isNewPoll = isFirstPage && statuses.some((status) => poll?.statuses.includes(status));
  if (poll && poll.scope === scope && !isNewPoll) return extendPoll(activity, poll, { call, statuses });
  if (!isFirstPage) return activity;
  const fresh = { scope, startedAt: Date.parse(call.time), endedAt: 0, calls: 0, statuses: [] };
  return extendPoll(activity, fresh, { call, statuses });
}

function recordLookup(activity: BotActivity, call: Call): BotActivity {
  const { poll } = activity;
  const isOfPoll = poll && Date.parse(call.time) - poll.endedAt < POLL_GAP_MS;
  return isOfPoll ? extendPoll(activity, poll, { call, statuses: [] }) : activity;
}

function extendPoll(
  activity: BotActivity,
  before: QuickPoll,
  more: { call: Call; statuses: readonly string[] },
): BotActivity {
  const statuses = [...new Set([...before.statuses, ...more.statuses])];
  const poll = { ...before, endedAt: endOf(more.call), calls: before.calls + 1, statuses };
  const isWhole = UNHEALTHY.every((status) => statuses.includes(status));
  return { ...activity, poll, ...(isWhole && { lastPoll: poll }) };
}

/** The last complete sweep, the one in progress, the last poll, and the calls per minute. */
export function activityReport({ openSweeps, lastSweep, lastPoll, callCounts }: BotActivity, now: number) {
  const underWay = openSweeps.find(
    (sweep) =>
      !sweep.isComplete &&
      sweep.customers > LARGEST_CARD_PAGE * sweep.pages &&
      now - sweep.endedAt < ABANDONED_AFTER_MS,
  );
  return {
    now,
    walk: lastSweep && sweepReport(lastSweep),
    underWay: underWay && sweepReport(underWay),
    look: lastPoll && {
      calls: lastPoll.calls,
      ended: lastPoll.endedAt,
      tookMs: lastPoll.endedAt - lastPoll.startedAt,
    },
    callsPerMinute: callRates(callCounts, now),
  };
}

const sweepReport = ({ startedAt, endedAt, pages, customers }: Sweep) => ({
  pages,
  customers,
  ended: endedAt,
  tookMs: endedAt - startedAt,
});

/** How many calls began in which second, oldest first; seconds without a call are left out. */
export type CallCounts = readonly { readonly second: number; readonly calls: number }[];

const RATE_SAMPLES = { steps: 30, everySeconds: 10 };
const MINUTE = 60;

export function countCall(counts: CallCounts, time: number): CallCounts {
  const second = Math.floor(time / 1_000);
  const oldest = second - RATE_SAMPLES.steps * RATE_SAMPLES.everySeconds - MINUTE;
  const kept = counts.filter((one) => one.second > oldest);
  const same = kept.findLastIndex((one) => one.second === second);
  if (same === -1) return [...kept, { second, calls: 1 }];
  return kept.map((one, at) => (at === same ? { second, calls: one.calls + 1 } : one));
}

/** The calls of the minute before each of the last moments; the last number is the minute before now. */
export function callRates(counts: CallCounts, now: number): readonly number[] {
  const last = Math.floor(now / 1_000);
  return Array.from({ length: RATE_SAMPLES.steps }, (_, step) => {
    const end = last - (RATE_SAMPLES.steps - 1 - step) * RATE_SAMPLES.everySeconds;
    const within = counts.filter(({ second }) => second > end - MINUTE && second <= end);
    return within.reduce((sum, { calls }) => sum + calls, 0);
  });
}
