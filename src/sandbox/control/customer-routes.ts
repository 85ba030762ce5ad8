import {
  created,
  type HttpRequest,
  type HttpResponse,
  httpError,
  NO_CONTENT,
  ok,
  queryNumber,
  readJson,
} from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import { applyCustomerChange, CustomerChangeSchema, newCustomer } from "../world/customer-changes.ts";
import type { CustomerEntry } from "../world/customer-generator.ts";
import { presentCustomer } from "../world/wire-customer.ts";
import type { World } from "../world/world.ts";

/** Reading and changing the customers of the world. `:id` is the API's id or an externalId. */
export function customerRoutes({ customers }: World): Routes<undefined> {
  const found = (id: string): CustomerEntry => {
    const entry = customers.find(id);
    if (!entry) throw httpError(404, "The customer could not be found.");
    return entry;
  };
  return {
    "GET /sandbox/customers": (ask) => listEntries(customers, ask),
    "GET /sandbox/customers/:id": ({ id }) => ok(presentEntry(found(id))),
    "POST /sandbox/customers": (ask) => {
      const entry = newCustomer(customers.next(), readJson(ask, CustomerChangeSchema));
      customers.add(entry);
      return created(presentEntry(entry));
    },
    "PATCH /sandbox/customers/:id": (ask) => {
      const before = found(ask.id);
      const entry = applyCustomerChange(before, readJson(ask, CustomerChangeSchema));
      customers.replace(before.customer.id, entry);
      return ok(presentEntry(entry));
    },
    "DELETE /sandbox/customers/:id": ({ id }) => {
      customers.remove(found(id).customer.id);
      return NO_CONTENT;
    },
  };
}

/** The customer as the API shows it, with the name that the API does not show. */
const presentEntry = ({ customer, name }: CustomerEntry) => ({ ...presentCustomer(customer), name });

/** A search by words generates every customer, so it is limited. */
const MAX_SCANNED = 50_000;

function listEntries(customers: World["customers"], ask: HttpRequest): HttpResponse {
  const offset = queryNumber(ask, "offset", { usual: 0, least: 0 });
  const max = Math.min(queryNumber(ask, "max", { usual: 50, least: 1 }), 1000);
  const statuses = ask.query.getAll("status").filter((status) => status !== "");
  const words = ask.query.get("q")?.toLowerCase().trim() ?? "";
  const items: CustomerEntry[] = [];
  let total = 0;
  let read = 0;
  for (const entry of customers.matching(statuses.length > 0 ? { statuses } : {})) {
    read += 1;
    if (read > MAX_SCANNED) break;
    if (words !== "" && !matchesWords(entry, words)) continue;
    if (total >= offset && items.length < max) items.push(entry);
    total += 1;
  }
  return ok({ items: items.map(presentEntry), total, complete: read <= MAX_SCANNED, offset, max });
}

function matchesWords({ customer, name }: CustomerEntry, words: string): boolean {
  const { id, externalId, orgId, status, packages, address } = customer;
  return [name, id, externalId, orgId, status, ...packages, ...Object.values(address ?? {})].some((text) =>
    String(text ?? "")
      .toLowerCase()
      .includes(words),
  );
}
