import type { CustomerEntry } from "./customer-generator.ts";
import { uuidFromText, webexId } from "./webex-ids.ts";
import type { WirePackage } from "./wire-customer.ts";

/** A subscriber in the JSON of `GET /wholesale/subscribers`: a person of a customer with one package. */
export interface WireSubscriber {
  readonly id: string;
  /** Only of those that are provisioned. */
  readonly personId?: string;
  readonly email: string;
  readonly customerId: string;
  readonly externalCustomerId?: string;
  readonly package: string;
  readonly packages: readonly string[];
  readonly status: "provisioned" | "pending_user_migration";
  readonly errors?: WirePackage["errors"];
  readonly created: string;
  readonly lastStatusChange: string;
}

const FIRST_NAMES = ["Ada", "Ben", "Chiara", "David", "Elif", "Farid", "Greta", "Hugo", "Inês", "Jan", "Kofi", "Lena"];
const LAST_NAMES = ["Novak", "Okafor", "Peters", "Quinn", "Rossi", "Silva", "Tanaka", "Ueda", "Vogel", "Weiss"];

/** The part of an address behind the @: `alpine-dental-ltd.example` */
export function domainOf({ name }: Pick<CustomerEntry, "name">): string {
  return `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}.example`;
}

/**
 * The subscribers of a customer, always the same ones. They are derived from its packages: in one that is in error the first
 * subscriber has its errors, and now and then somebody has not agreed to move yet.
 */
export function subscribersOf(entry: CustomerEntry): readonly WireSubscriber[] {
  const { packages } = entry.customer.resourceDetails;
  const seed = Number.parseInt(uuidFromText(entry.customer.id).slice(0, 6), 16);
  const count = packages.length === 0 ? 0 : 2 + (seed % 27);
  return Array.from({ length: count }, (_, at) => subscriberAt(entry, at, seed));
}

function subscriberAt(entry: CustomerEntry, at: number, seed: number): WireSubscriber {
  const { id: customerId, externalId, resourceDetails } = entry.customer;
  const { packages } = resourceDetails;
  const { name, errors, status: packageStatus } = packages[at % packages.length] as WirePackage;
  const status = (seed + at) % 11 === 0 ? "pending_user_migration" : "provisioned";
  const uuid = uuidFromText(`${customerId} subscriber ${at}`);
  const created = new Date(Date.UTC(2026, 1, 1 + ((seed + at * 7) % 200), 9, at)).toISOString();
  const hasErrors = packageStatus === "error" && errors !== undefined && at < packages.length;
  return {
    id: webexId("SUBSCRIBER", uuid),
    ...(status === "provisioned" && { personId: webexId("PEOPLE", uuid) }),
    email: emailAt(entry, at, seed),
    customerId,
    ...(externalId !== undefined && { externalCustomerId: externalId }),
    package: name,
    packages: [name],
    status,
    ...(hasErrors && { errors }),
    created,
    lastStatusChange: created,
  };
}

function emailAt(entry: CustomerEntry, at: number, seed: number): string {
  const first = FIRST_NAMES[(seed + at) % FIRST_NAMES.length] ?? "";
  const last = LAST_NAMES[(seed + Math.floor(at / FIRST_NAMES.length) * 3 + at) % LAST_NAMES.length] ?? "";
  return `${first}.${last}@${domainOf(entry)}`.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}
