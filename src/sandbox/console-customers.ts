import { applyChange, CustomerChangeSchema, freshEntry } from "./changes.ts";
import type { Entry } from "./customers.ts";
import { type Answer, type Ask, created, NO_CONTENT, ok, readJson, readNumber, refuse } from "./exchange.ts";
import type { Routes } from "./routes.ts";
import { present } from "./wire.ts";
import type { World } from "./world.ts";

/** Reading and changing the customers of the world. `:id` is the API's id or an externalId. */
export function customerRoutes({ customers }: World): Routes<undefined> {
  const found = (id: string): Entry => {
    const entry = customers.find(id);
    if (!entry) throw refuse(404, "The customer could not be found.");
    return entry;
  };
  return {
    "GET /sandbox/customers": (ask) => list(customers, ask),
    "GET /sandbox/customers/:id": ({ id }) => ok(show(found(id))),
    "POST /sandbox/customers": (ask) => {
      const entry = freshEntry(customers.next(), readJson(ask, CustomerChangeSchema));
      customers.add(entry);
      return created(show(entry));
    },
    "PATCH /sandbox/customers/:id": (ask) => {
      const before = found(ask.id);
      const entry = applyChange(before, readJson(ask, CustomerChangeSchema));
      customers.replace(before.customer.id, entry);
      return ok(show(entry));
    },
    "DELETE /sandbox/customers/:id": ({ id }) => {
      customers.remove(found(id).customer.id);
      return NO_CONTENT;
    },
  };
}

/** The API's customer, and the name that the API would not say. */
const show = ({ customer, name }: Entry) => ({ ...present(customer), name });

/** Looking for a word means to make every customer; a world of a million must not stand still for it. */
const MOST_READ = 50_000;

function list(customers: World["customers"], ask: Ask): Answer {
  const offset = readNumber(ask, "offset", { usual: 0, least: 0 });
  const max = Math.min(readNumber(ask, "max", { usual: 50, least: 1 }), 1000);
  const statuses = ask.query.getAll("status").filter((status) => status !== "");
  const words = ask.query.get("q")?.toLowerCase().trim() ?? "";
  const items: Entry[] = [];
  let total = 0;
  let read = 0;
  for (const entry of customers.matching(statuses.length > 0 ? { statuses } : {})) {
    read += 1;
    if (read > MOST_READ) break;
    if (words !== "" && !mentions(entry, words)) continue;
    if (total >= offset && items.length < max) items.push(entry);
    total += 1;
  }
  return ok({ items: items.map(show), total, complete: read <= MOST_READ, offset, max });
}

function mentions({ customer, name }: Entry, words: string): boolean {
  const { id, externalId, orgId, status, packages, address } = customer;
  return [name, id, externalId, orgId, status, ...packages, ...Object.values(address ?? {})].some((text) =>
    String(text ?? "")
      .toLowerCase()
      .includes(words),
  );
}
