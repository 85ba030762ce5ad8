import { type HttpRequest, type HttpResponse, httpError, nextLink, ok, queryNumber } from "../http/http-messages.ts";
import { type RouteHandler, type Routes, wrapRoutes } from "../http/router.ts";
import type { Behaviour } from "../world/behaviour.ts";
import type { Caller } from "../world/caller.ts";
import { presentCustomer, type WireCustomer, withLicenses } from "../world/wire-customer.ts";
import type { World } from "../world/world.ts";

const LIE_SHARES = { empty: 0, half: 0.5, alternate: 1 } as const;

/** The page sizes documented for the list of subscribers; for customers nothing is documented. */
const PAGE = { usual: 50, most: 100 };

export function wholesaleRoutes(world: World): Routes<Caller> {
  const routes: Routes<Caller> = {
    "GET /wholesale/customers": (ask) => listCustomers(world, ask),
    "GET /wholesale/customers/:id": (ask) => ok(oneCustomer(world, ask)),
    "GET /wholesale/subPartners": (ask) => listSubPartners(world, ask),
  };
  return wrapRoutes(routes, requireWholesaleScope);
}

/** Only the Wholesale token has the administrative scope. */
export function requireWholesaleScope(answer: RouteHandler<Caller>): RouteHandler<Caller> {
  return (ask, caller) => {
    if (caller.kind !== "wholesale") throw httpError(403, "The token lacks the scope for Wholesale administration.");
    return answer(ask, caller);
  };
}

/** A partner sees the customers of all sub-partners; on behalf of one, those of that one alone. */
function oneCustomer({ customers }: World, ask: HttpRequest): WireCustomer {
  const subPartnerOrgId = readSubPartner({ customers }, ask);
  const entry = customers.find(ask.id);
  if (entry?.customer.id !== ask.id || !customers.isOf(ask.id, subPartnerOrgId)) {
    throw httpError(404, "The requested customer could not be found.");
  }
  const customer = presentCustomer(entry.customer);
  return ask.query.get("includePackageLicenseInfo") === "true" ? withLicenses(customer) : customer;
}

export function readSubPartner({ customers }: Pick<World, "customers">, { query }: HttpRequest): string | undefined {
  const subPartnerOrgId = query.get("onBehalfOfSubPartnerOrgId") || undefined;
  if (subPartnerOrgId && !customers.subPartners.some(({ orgId }) => orgId === subPartnerOrgId)) {
    throw httpError(404, "The requested sub-partner could not be found.");
  }
  return subPartnerOrgId;
}

function listCustomers(world: World, ask: HttpRequest): HttpResponse {
  const { customers, behaviour } = world;
  const one = (name: string) => ask.query.get(name) || undefined;
  const subPartnerOrgId = readSubPartner({ customers }, ask);
  const statuses = readStatuses(ask, behaviour.now().multipleStatuses);
  const asked = { externalId: one("externalId"), orgId: one("orgId"), subPartnerOrgId, statuses };
  const isLookUp = asked.externalId !== undefined || asked.orgId !== undefined;
  const wanted = { ...asked, share: ask.lie && !isLookUp ? LIE_SHARES[ask.lie] : 1 };
  const { offset, max } = readPageWindow(ask);
  const repeats = ask.lie === "alternate" && !isLookUp;
  const entries = take(customers.matching(wanted, repeats ? offset % (2 * max) : offset), max + 1);
  const items = entries.map(({ customer }) => presentCustomer(customer));
  const page = listPage(world, ask, items);
  return repeats ? { ...page, headers: nextLink(ask, { offset: offset + max, max }) } : page;
}

function readStatuses({ query }: HttpRequest, several: Behaviour["multipleStatuses"]): readonly string[] | undefined {
  const given = query.getAll("status").flatMap((status) => (several === "comma" ? status.split(",") : [status]));
  const statuses = given.filter((status) => status !== "");
  if (statuses.length === 0) return undefined;
  if (statuses.length === 1 || several === "any" || several === "comma") return statuses;
  if (several === "reject") throw httpError(400, "status was given more than once.");
  return several === "last" ? statuses.slice(-1) : undefined;
}

function listSubPartners(world: World, ask: HttpRequest): HttpResponse {
  const state = ask.query.get("provisioningState");
  const items = world.customers.subPartners.filter(
    ({ provisioningState }) => state === null || provisioningState === state,
  );
  const { offset, max } = readPageWindow(ask);
  return listPage(world, ask, items.slice(offset, offset + max + 1));
}

interface PageWindow {
  readonly offset: number;
  readonly max: number;
}

/** A larger `max` is reduced silently (REST API Basics). */
export function readPageWindow(ask: HttpRequest): PageWindow {
  const max = queryNumber(ask, "max", { usual: PAGE.usual, least: 1 });
  return { offset: queryNumber(ask, "offset", { usual: 0, least: 0 }), max: Math.min(max, PAGE.most) };
}

/** @param items the items of the page, and one more if there is a next page */
export function listPage({ behaviour }: World, ask: HttpRequest, items: readonly unknown[]): HttpResponse {
  const { offset, max } = readPageWindow(ask);
  const headers = items.length > max && behaviour.now().nextLinks ? nextLink(ask, { offset: offset + max, max }) : {};
  return { status: 200, headers, json: { items: items.slice(0, max) } };
}

export function take<T>(all: Iterable<T>, most: number): readonly T[] {
  const taken: T[] = [];
  for (const item of all) {
    taken.push(item);
    if (taken.length >= most) break;
  }
  return taken;
}
