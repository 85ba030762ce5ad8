import type { Caller } from "./callers.ts";
import { type Answer, type Ask, nextLink, ok, readNumber, refuse } from "./exchange.ts";
import { SUB_PARTNER_NAMES } from "./partners.ts";
import type { Responder, Routes } from "./routes.ts";
import { forAdmins, type WholesaleOptions } from "./wholesale-api.ts";
import type { World } from "./world.ts";

interface Organization {
  readonly id: string;
  readonly displayName: string;
  readonly created: string;
}

/** Organisations of customers that exist, of the sub-partners and of the partner: the only place that knows names. */
export function organizationRoutes(world: World, { organizations }: WholesaleOptions): Routes<Caller> {
  const scoped = (answer: Responder<Caller>): Responder<Caller> =>
    forAdmins((ask, caller) => {
      if (!organizations) throw refuse(403, "The token lacks the scope spark-admin:organizations_read.");
      return answer(ask, caller);
    });
  return {
    "GET /organizations": scoped((ask) => list(world, ask)),
    "GET /organizations/:id": scoped(({ id }) => {
      const found = find(world, id);
      if (!found) throw refuse(404, "The requested organization could not be found.");
      return ok(found);
    }),
  };
}

const organization = (id: string, displayName: string): Organization => ({
  id,
  displayName,
  created: "2024-02-01T09:00:00.000Z",
});

function partners({ customers, people }: World): readonly Organization[] {
  return [
    organization(people.bot.orgId, people.homeName),
    ...customers.subPartners.map(({ orgId }, at) => organization(orgId, SUB_PARTNER_NAMES[at] ?? orgId)),
  ];
}

/** All of them at once, as documented, unless the asker wants pages: then only what is on the page is made. */
function list(world: World, ask: Ask): Answer {
  const max = readNumber(ask, "max", { usual: Number.MAX_SAFE_INTEGER, least: 1 });
  const items: Organization[] = [];
  for (const { place, item } of placed(world, readNumber(ask, "cursor", { usual: 0, least: 0 }))) {
    if (items.length === max)
      return { status: 200, headers: nextLink(ask, { cursor: place, max }), json: { items } };
    items.push(item);
  }
  return ok({ items });
}

/** From this place on: first the partners', then those of customers, some of whom have none yet. */
function* placed(world: World, from: number): Generator<{ place: number; item: Organization }> {
  const first = partners(world);
  for (const [place, item] of first.entries()) if (place >= from) yield { place, item };
  let place = Math.max(from, first.length);
  for (const { customer, name, settled } of world.customers.matching({}, place - first.length)) {
    if (settled && customer.orgId !== undefined) yield { place, item: organization(customer.orgId, name) };
    place += 1;
  }
}

function find(world: World, id: string): Organization | undefined {
  const entry = world.customers.find(id);
  if (entry?.settled && entry.customer.orgId === id) return organization(id, entry.name);
  return partners(world).find((partner) => partner.id === id);
}
