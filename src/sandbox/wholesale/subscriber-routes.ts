import type { HttpRequest } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { CustomerEntry } from "../world/customer-generator.ts";
import { domainOf, subscribersOf, type WireSubscriber } from "../world/subscribers.ts";
import type { World } from "../world/world.ts";
import { listPage, readPageWindow, readSubPartner, requireWholesaleScope, take } from "./wholesale-routes.ts";

/** `GET /wholesale/subscribers`, with the filters by customer, e-mail, person and status. */
export function subscriberRoutes(world: World): Routes<Caller> {
  return {
    "GET /wholesale/subscribers": requireWholesaleScope((ask) => {
      const { offset, max } = readPageWindow(ask);
      const items = [...take(matching(world, ask), offset + max + 1)].slice(offset);
      return listPage(world, ask, items);
    }),
  };
}

function* matching(world: World, ask: HttpRequest): Generator<WireSubscriber> {
  const one = (name: string) => ask.query.get(name) || undefined;
  const asked = { email: one("email")?.toLowerCase(), personId: one("personId"), status: one("status") };
  for (const entry of customersAsked(world, ask)) {
    // Most customers are passed over by the domain of the address, without making their subscribers.
    if (asked.email !== undefined && !asked.email.endsWith(`@${domainOf(entry)}`)) continue;
    for (const subscriber of subscribersOf(entry)) if (isAsked(subscriber, asked)) yield subscriber;
  }
}

function isAsked(
  subscriber: WireSubscriber,
  asked: { readonly [field in "email" | "personId" | "status"]: string | undefined },
): boolean {
  return (["email", "personId", "status"] as const).every(
    (field) => asked[field] === undefined || subscriber[field] === asked[field],
  );
}

function customersAsked({ customers }: World, ask: HttpRequest): Iterable<CustomerEntry> {
  const subPartnerOrgId = readSubPartner({ customers }, ask);
  const id = ask.query.get("customerId") || undefined;
  const externalId = ask.query.get("externalCustomerId") || undefined;
  if (id === undefined) return customers.matching({ externalId, subPartnerOrgId });
  const entry = customers.find(id);
  const isOne = entry?.customer.id === id && customers.isOf(id, subPartnerOrgId);
  return isOne && (externalId === undefined || entry.customer.externalId === externalId) ? [entry] : [];
}
