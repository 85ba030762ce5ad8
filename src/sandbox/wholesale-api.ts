import type { Caller } from "./callers.ts";
import { type Answer, type Ask, nextLink, ok, readNumber, refuse } from "./exchange.ts";
import type { Responder, Routes } from "./routes.ts";
import { present } from "./wire.ts";
import type { World } from "./world.ts";

/** Where the sources disagree about the real API, or leave it open. */
export interface WholesaleOptions {
  /** Whether a page says where the next one is. */
  readonly nextLinks: boolean;
  /** What several `status` parameters mean. */
  readonly severalStatuses: "any" | "refuse" | "ignore" | "last";
  /** Whether the token may read organisations, which is where the names of customers are. */
  readonly organizations: boolean;
}

/** Documented for the sibling list of subscribers; for customers nothing is. */
const SHOWN = { empty: 0, half: 0.5 } as const;

const PAGE = { usual: 50, most: 100 };

export function wholesaleRoutes(world: World, options: WholesaleOptions): Routes<Caller> {
  const { customers } = world;
  const routes: Routes<Caller> = {
    "GET /wholesale/customers": (ask) => listCustomers(world, options, ask),
    "GET /wholesale/customers/:id": ({ id }) => {
      const entry = customers.find(id);
      if (entry?.customer.id !== id) throw refuse(404, "The requested customer could not be found.");
      return ok(present(entry.customer));
    },
    "GET /wholesale/subPartners": (ask) => listSubPartners(world, options, ask),
  };
  return Object.fromEntries(Object.entries(routes).map(([route, answer]) => [route, forAdmins(answer)]));
}

/** Bot tokens have no administrative access, and neither has anybody without the scope. */
export function forAdmins(answer: Responder<Caller>): Responder<Caller> {
  return (ask, caller) => {
    if (caller.kind !== "wholesale")
      throw refuse(403, "The token lacks the scope for Wholesale administration.");
    return answer(ask, caller);
  };
}

function listCustomers({ customers }: World, options: WholesaleOptions, ask: Ask): Answer {
  const one = (name: string) => ask.query.get(name) || undefined;
  const subPartnerOrgId = one("onBehalfOfSubPartnerOrgId");
  if (subPartnerOrgId && !customers.subPartners.some(({ orgId }) => orgId === subPartnerOrgId)) {
    throw refuse(404, "The requested sub-partner could not be found.");
  }
  const statuses = readStatuses(ask, options.severalStatuses);
  const asked = { externalId: one("externalId"), orgId: one("orgId"), subPartnerOrgId, statuses };
  const isLookUp = asked.externalId !== undefined || asked.orgId !== undefined;
  const wanted = { ...asked, share: ask.lie && !isLookUp ? SHOWN[ask.lie] : 1 };
  const { offset, max } = readWindow(ask);
  const entries = take(customers.matching(wanted, offset), max + 1);
  return page(
    ask,
    options,
    entries.map(({ customer }) => present(customer)),
  );
}

function readStatuses(
  { query }: Ask,
  several: WholesaleOptions["severalStatuses"],
): readonly string[] | undefined {
  const statuses = query.getAll("status").filter((status) => status !== "");
  if (statuses.length === 0) return undefined;
  if (statuses.length === 1 || several === "any") return statuses;
  if (several === "refuse") throw refuse(400, "status was given more than once.");
  return several === "last" ? statuses.slice(-1) : undefined;
}

function listSubPartners({ customers }: World, options: WholesaleOptions, ask: Ask): Answer {
  const state = ask.query.get("provisioningState");
  const items = customers.subPartners.filter(
    ({ provisioningState }) => state === null || provisioningState === state,
  );
  const { offset, max } = readWindow(ask);
  return page(ask, options, items.slice(offset, offset + max + 1));
}

interface Window {
  readonly offset: number;
  readonly max: number;
}

/** Too large a `max` is cut without a word (REST API Basics). */
function readWindow(ask: Ask): Window {
  const max = readNumber(ask, "max", { usual: PAGE.usual, least: 1 });
  return { offset: readNumber(ask, "offset", { usual: 0, least: 0 }), max: Math.min(max, PAGE.most) };
}

/** @param items the page, and at most one item more, which tells that there is a next page */
function page(ask: Ask, { nextLinks }: WholesaleOptions, items: readonly unknown[]): Answer {
  const { offset, max } = readWindow(ask);
  const headers = items.length > max && nextLinks ? nextLink(ask, { offset: offset + max, max }) : {};
  return { status: 200, headers, json: { items: items.slice(0, max) } };
}

function take<T>(all: Iterable<T>, most: number): readonly T[] {
  const taken: T[] = [];
  for (const item of all) {
    taken.push(item);
    if (taken.length >= most) break;
  }
  return taken;
}
