import type { Call } from "./call-log.ts";

/** How the bot keeps watch, told from nothing but the calls it makes with the Wholesale token. Times are milliseconds. */
export interface BotActivity {
  /** Walks through everybody that may go on, the last to have gone on first. */
  readonly openCrawls: readonly Crawl[];
  readonly lastCrawl?: Crawl;
  /** The look under way, or the last one. */
  readonly poll?: QuickPoll;
  readonly lastPoll?: QuickPoll;
  readonly callCounts: CallCounts;
}

/** Pages of the unfiltered list, each beginning where the one before it ended. */
interface Crawl {
  readonly scope: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly pages: number;
  readonly customers: number;
  /** Whether the last page named no next one. */
  readonly isComplete: boolean;
}

/** The lists of the unwell, and what is looked up by id after them. */
interface QuickPoll {
  readonly scope: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly calls: number;
  /** The statuses that were listed. */
  readonly statuses: readonly string[];
}

export const NO_ACTIVITY: BotActivity = { openCrawls: [], callCounts: [] };

const UNHEALTHY = ["error", "provisioned_with_errors"];
/** Questions of people begin walks that never go on. */
const MAX_OPEN_CRAWLS = 8;
/** So long a pause ends a look: what is looked up by id later was asked by somebody. */
const POLL_GAP_MS = 10_000;
/** People are shown this many at once, and turn pages too; walks take larger ones. */
const LARGEST_CARD_PAGE = 50;
/** So long a pause means that a walk was given up. */
const ABANDONED_AFTER_MS = 60_000;

export function recordCall(seeing: BotActivity, call: Call): BotActivity {
  if (call.by !== "wholesale") return seeing;
  const startedAt = Date.parse(call.time);
  const seen = { ...seeing, callCounts: countCall(seeing.callCounts, startedAt) };
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

function recordListPage(seeing: BotActivity, call: Call, query: URLSearchParams): BotActivity {
  const offset = Number(query.get("offset") ?? 0);
  const scope = scopeOf(query);
  const before = seeing.openCrawls.find((walk) => walk.scope === scope && walk.customers === offset && offset > 0);
  if (!before && offset > 0) return seeing;
  const { startedAt, pages, customers } = before ?? {
    startedAt: Date.parse(call.time),
    pages: 0,
    customers: 0,
  };
  const walk: Crawl = {
    scope,
    startedAt,
    endedAt: endOf(call),
    pages: pages + 1,
    customers: customers + (call.items ?? 0),
    isComplete: call.hasNext !== true,
  };
  // Without links a full last page is followed by an empty one, so what has ended may still go on.
  const openCrawls = [walk, ...seeing.openCrawls.filter((other) => other !== before)].slice(0, MAX_OPEN_CRAWLS);
  return { ...seeing, openCrawls, ...(walk.isComplete && { lastCrawl: walk }) };
}

function recordStatusList(
  seeing: BotActivity,
  call: Call,
  asked: { query: URLSearchParams; statuses: readonly string[] },
) {
  const statuses = asked.statuses.filter((status) => UNHEALTHY.includes(status));
  if (statuses.length === 0) return seeing;
  const { poll } = seeing;
  const scope = scopeOf(asked.query);
  const isFirstPage = Number(asked.query.get("offset") ?? 0) === 0;
  const isAgain = isFirstPage && statuses.some((status) => poll?.statuses.includes(status));
  if (poll && poll.scope === scope && !isAgain) return extendPoll(seeing, poll, { call, statuses });
  if (!isFirstPage) return seeing;
  const fresh = { scope, startedAt: Date.parse(call.time), endedAt: 0, calls: 0, statuses: [] };
  return extendPoll(seeing, fresh, { call, statuses });
}

function recordLookup(seeing: BotActivity, call: Call): BotActivity {
  const { poll } = seeing;
  const isOfLook = poll && Date.parse(call.time) - poll.endedAt < POLL_GAP_MS;
  return isOfLook ? extendPoll(seeing, poll, { call, statuses: [] }) : seeing;
}

function extendPoll(
  seeing: BotActivity,
  before: QuickPoll,
  more: { call: Call; statuses: readonly string[] },
): BotActivity {
  const statuses = [...new Set([...before.statuses, ...more.statuses])];
  const poll = { ...before, endedAt: endOf(more.call), calls: before.calls + 1, statuses };
  const isWhole = UNHEALTHY.every((status) => statuses.includes(status));
  return { ...seeing, poll, ...(isWhole && { lastPoll: poll }) };
}

/** What people are told: the last whole walk, the one under way, the last look, and calls a minute. */
export function activityReport({ openCrawls, lastCrawl, lastPoll, callCounts }: BotActivity, now: number) {
  const underWay = openCrawls.find(
    (walk) =>
      !walk.isComplete && walk.customers > LARGEST_CARD_PAGE * walk.pages && now - walk.endedAt < ABANDONED_AFTER_MS,
  );
  return {
    now,
    walk: lastCrawl && crawlReport(lastCrawl),
    underWay: underWay && crawlReport(underWay),
    look: lastPoll && {
      calls: lastPoll.calls,
      ended: lastPoll.endedAt,
      tookMs: lastPoll.endedAt - lastPoll.startedAt,
    },
    callsPerMinute: callRates(callCounts, now),
  };
}

const crawlReport = ({ startedAt, endedAt, pages, customers }: Crawl) => ({
  pages,
  customers,
  ended: endedAt,
  tookMs: endedAt - startedAt,
});

/** How many calls began in which second, oldest first; seconds without a call are left out. */
export type CallCounts = readonly { readonly second: number; readonly calls: number }[];

/** How far back the pace is told, and how finely. */
const RATE_SAMPLES = { steps: 30, everySeconds: 10 };
const MINUTE = 60;

export function countCall(pace: CallCounts, time: number): CallCounts {
  const second = Math.floor(time / 1_000);
  const oldest = second - RATE_SAMPLES.steps * RATE_SAMPLES.everySeconds - MINUTE;
  const kept = pace.filter((one) => one.second > oldest);
  const same = kept.findLastIndex((one) => one.second === second);
  if (same === -1) return [...kept, { second, calls: 1 }];
  return kept.map((one, at) => (at === same ? { second, calls: one.calls + 1 } : one));
}

/** The calls of the minute before each of the last moments; the last number is the minute before now. */
export function callRates(pace: CallCounts, now: number): readonly number[] {
  const last = Math.floor(now / 1_000);
  return Array.from({ length: RATE_SAMPLES.steps }, (_, step) => {
    const end = last - (RATE_SAMPLES.steps - 1 - step) * RATE_SAMPLES.everySeconds;
    const within = pace.filter(({ second }) => second > end - MINUTE && second <= end);
    return within.reduce((sum, { calls }) => sum + calls, 0);
  });
}
