import type { Caller } from "./callers.ts";
import { ok, pageOf, refuse } from "./exchange.ts";
import { SUB_PARTNER_NAMES } from "./partners.ts";
import type { Routes } from "./routes.ts";
import { forAdmins, type WholesaleOptions } from "./wholesale-api.ts";
import type { World } from "./world.ts";

interface Organization {
  readonly id: string;
  readonly displayName: string;
  readonly created: string;
}

/** Organisations of customers that exist, of the sub-partners and of the partner: the only place that knows names. */
export function organizationRoutes(world: World, { organizations }: WholesaleOptions): Routes<Caller> {
  const scoped = <T>(value: T): T => {
    if (organizations) return value;
    throw refuse(403, "The token lacks the scope spark-admin:organizations_read.");
  };
  return {
    "GET /organizations": forAdmins((ask) =>
      pageOf(ask, scoped(all(world)), { usual: 1_000_000, most: 1_000_000 }),
    ),
    "GET /organizations/:id": forAdmins(({ id }) => {
      const found = scoped(find(world, id));
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

function all(world: World): readonly Organization[] {
  const ofCustomers = [...world.customers.matching({})].flatMap(({ customer, name, settled }) =>
    settled && customer.orgId !== undefined ? organization(customer.orgId, name) : [],
  );
  return [...partners(world), ...ofCustomers];
}

function find(world: World, id: string): Organization | undefined {
  const entry = world.customers.find(id);
  if (entry?.settled && entry.customer.orgId === id) return organization(id, entry.name);
  return partners(world).find((partner) => partner.id === id);
}
