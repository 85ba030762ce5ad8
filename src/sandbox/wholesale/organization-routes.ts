import { type HttpRequest, type HttpResponse, httpError, nextLink, ok, queryNumber } from "../http/http-messages.ts";
import type { RouteHandler, Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import { SUB_PARTNER_NAMES } from "../world/customer-generator.ts";
import type { World } from "../world/world.ts";
import { requireWholesaleScope } from "./wholesale-routes.ts";

interface Organization {
  readonly id: string;
  readonly displayName: string;
  readonly created: string;
}

/** The organisations of customers, of the sub-partners and of the partner. No other API has their names. */
export function organizationRoutes(world: World): Routes<Caller> {
  const scoped = (answer: RouteHandler<Caller>): RouteHandler<Caller> =>
    requireWholesaleScope((ask, caller) => {
      if (!world.behaviour.now().organizations)
        throw httpError(403, "The token lacks the scope spark-admin:organizations_read.");
      return answer(ask, caller);
    });
  return {
    "GET /organizations": scoped((ask) => listOrganizations(world, ask)),
    "GET /organizations/:id": scoped(({ id }) => {
      const found = findOrganization(world, id);
      if (!found) throw httpError(404, "The requested organization could not be found.");
      return ok(found);
    }),
  };
}

const createOrganization = (id: string, displayName: string): Organization => ({
  id,
  displayName,
  created: "2024-02-01T09:00:00.000Z",
});

function partnerOrganizations({ customers, people }: World): readonly Organization[] {
  return [
    createOrganization(people.bot.orgId, people.providerName),
    ...customers.subPartners.map(({ orgId }, at) => createOrganization(orgId, SUB_PARTNER_NAMES[at] ?? orgId)),
  ];
}

/** All organisations at once, as documented, or a page of them when `max` is given. */
function listOrganizations(world: World, ask: HttpRequest): HttpResponse {
  const max = queryNumber(ask, "max", { usual: Number.MAX_SAFE_INTEGER, least: 1 });
  const items: Organization[] = [];
  for (const { place, item } of organizationsFrom(world, queryNumber(ask, "cursor", { usual: 0, least: 0 }))) {
    if (items.length === max) return { status: 200, headers: nextLink(ask, { cursor: place, max }), json: { items } };
    items.push(item);
  }
  return ok({ items });
}

/** The organisations from this position on: first the partners', then those of customers, some of whom have none yet. */
function* organizationsFrom(world: World, from: number): Generator<{ place: number; item: Organization }> {
  const first = partnerOrganizations(world);
  for (const [place, item] of first.entries()) if (place >= from) yield { place, item };
  let place = Math.max(from, first.length);
  for (const { customer, name, hasOrganization } of world.customers.matching({}, place - first.length)) {
    if (hasOrganization && customer.orgId !== undefined)
      yield { place, item: createOrganization(customer.orgId, name) };
    place += 1;
  }
}

function findOrganization(world: World, id: string): Organization | undefined {
  const entry = world.customers.find(id);
  if (entry?.hasOrganization && entry.customer.orgId === id) return createOrganization(id, entry.name);
  return partnerOrganizations(world).find((partner) => partner.id === id);
}
