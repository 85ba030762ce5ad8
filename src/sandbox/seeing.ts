import type { Call } from "./calls.ts";
import { countCall, type Pace, paceOf } from "./pace.ts";

/** How the bot keeps watch, told from nothing but the calls it makes with the Wholesale token. Times are milliseconds. */
export interface Seeing {
  /** Walks through everybody that may go on, the last to have gone on first. */
  readonly open: readonly Walk[];
  readonly lastWalk?: Walk;
  /** The look under way, or the last one. */
  readonly look?: Look;
  readonly lastLook?: Look;
  readonly pace: Pace;
}

/** Pages of the unfiltered list, each beginning where the one before it ended. */
interface Walk {
  readonly scope: string;
  readonly began: number;
  readonly ended: number;
  readonly pages: number;
  readonly customers: number;
  /** Whether the last page named no next one. */
  readonly isWhole: boolean;
}

/** The lists of the unwell, and what is looked up by id after them. */
interface Look {
  readonly scope: string;
  readonly began: number;
  readonly ended: number;
  readonly calls: number;
  /** The statuses that were listed. */
  readonly listed: readonly string[];
}

export const NOTHING_SEEN: Seeing = { open: [], pace: [] };

const UNWELL = ["error", "provisioned_with_errors"];
/** Questions of people begin walks that never go on. */
const MOST_OPEN = 8;
/** So long a pause ends a look: what is looked up by id later was asked by somebody. */
const PAUSE_MS = 10_000;
/** People are shown this many at once, and turn pages too; walks take larger ones. */
const PEOPLE_READ = 50;
/** So long a pause means that a walk was given up. */
const GIVEN_UP_MS = 60_000;

export function see(seeing: Seeing, call: Call): Seeing {
  if (call.by !== "wholesale") return seeing;
  const began = Date.parse(call.time);
  const seen = { ...seeing, pace: countCall(seeing.pace, began) };
  if (call.method !== "GET") return seen;
  const query = new URLSearchParams(call.query);
  const isAnswered = call.status === 200;
  if (/^\/wholesale\/customers\/[^/]+$/.test(call.path)) {
    return isAnswered || call.status === 404 ? lookedUp(seen, call) : seen;
  }
  if (call.path !== "/wholesale/customers" || !isAnswered) return seen;
  if (query.get("externalId") || query.get("orgId")) return seen;
  const statuses = query.getAll("status").filter((status) => status !== "");
  return statuses.length > 0 ? listed(seen, call, { query, statuses }) : walked(seen, call, query);
}

const scopeOf = (query: URLSearchParams): string => query.get("onBehalfOfSubPartnerOrgId") ?? "";
const endOf = ({ time, ms }: Call): number => Date.parse(time) + ms;

function walked(seeing: Seeing, call: Call, query: URLSearchParams): Seeing {
  const offset = Number(query.get("offset") ?? 0);
  const scope = scopeOf(query);
  const before = seeing.open.find((walk) => walk.scope === scope && walk.customers === offset && offset > 0);
  if (!before && offset > 0) return seeing;
  const { began, pages, customers } = before ?? { began: Date.parse(call.time), pages: 0, customers: 0 };
  const walk: Walk = {
    scope,
    began,
    ended: endOf(call),
    pages: pages + 1,
    customers: customers + (call.items ?? 0),
    isWhole: call.hasNext !== true,
  };
  // Without links a full last page is followed by an empty one, so what has ended may still go on.
  const open = [walk, ...seeing.open.filter((other) => other !== before)].slice(0, MOST_OPEN);
  return { ...seeing, open, ...(walk.isWhole && { lastWalk: walk }) };
}

function listed(seeing: Seeing, call: Call, asked: { query: URLSearchParams; statuses: readonly string[] }) {
  const statuses = asked.statuses.filter((status) => UNWELL.includes(status));
  if (statuses.length === 0) return seeing;
  const { look } = seeing;
  const scope = scopeOf(asked.query);
  const isFirstPage = Number(asked.query.get("offset") ?? 0) === 0;
  const isAgain = isFirstPage && statuses.some((status) => look?.listed.includes(status));
  if (look && look.scope === scope && !isAgain) return continued(seeing, look, { call, statuses });
  if (!isFirstPage) return seeing;
  const fresh = { scope, began: Date.parse(call.time), ended: 0, calls: 0, listed: [] };
  return continued(seeing, fresh, { call, statuses });
}

function lookedUp(seeing: Seeing, call: Call): Seeing {
  const { look } = seeing;
  const isOfLook = look && Date.parse(call.time) - look.ended < PAUSE_MS;
  return isOfLook ? continued(seeing, look, { call, statuses: [] }) : seeing;
}

function continued(seeing: Seeing, before: Look, more: { call: Call; statuses: readonly string[] }): Seeing {
  const listed = [...new Set([...before.listed, ...more.statuses])];
  const look = { ...before, ended: endOf(more.call), calls: before.calls + 1, listed };
  const isWhole = UNWELL.every((status) => listed.includes(status));
  return { ...seeing, look, ...(isWhole && { lastLook: look }) };
}

/** What people are told: the last whole walk, the one under way, the last look, and calls a minute. */
export function reportOf({ open, lastWalk, lastLook, pace }: Seeing, now: number) {
  const underWay = open.find(
    (walk) => !walk.isWhole && walk.customers > PEOPLE_READ * walk.pages && now - walk.ended < GIVEN_UP_MS,
  );
  return {
    now,
    walk: lastWalk && walkOf(lastWalk),
    underWay: underWay && walkOf(underWay),
    look: lastLook && {
      calls: lastLook.calls,
      ended: lastLook.ended,
      tookMs: lastLook.ended - lastLook.began,
    },
    callsPerMinute: paceOf(pace, now),
  };
}

const walkOf = ({ began, ended, pages, customers }: Walk) => ({
  pages,
  customers,
  ended,
  tookMs: ended - began,
});
