import type { Alert } from "../../src/domain/alerts/alert.ts";
import type { Mute } from "../../src/domain/alerts/mute.ts";
import type { NotifiedState, WatchingRoom } from "../../src/domain/alerts/reconcile.ts";
import type { Watch } from "../../src/domain/alerts/watch.ts";
import { NO_WATCH_OPTIONS } from "../../src/domain/alerts/watch.ts";
import type { Customer, Problem } from "../../src/domain/customers/customer.ts";
import type { Term } from "../../src/domain/customers/filter.ts";
import type { FilterField } from "../../src/domain/customers/filter-fields.ts";
import { CUSTOMER_ITEM } from "../../src/domain/customers/record.ts";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import { bareCustomer } from "./customer.ts";
import { HOUR } from "./time.ts";

export const NO_FILTER: readonly Term[] = [];

export const fieldFilter = (field: FilterField, text: string): readonly Term[] => [
  { field, negated: false, values: [{ text, prefix: false }] },
];

export const problemWithCode = (code: number): Problem => ({ level: "error", code, text: "" });

/** A customer with these statuses by item: a package, an add-on as `addon:…`, or the customer itself as `*`. */
export function customerOf(
  externalId: string,
  statuses: Readonly<Record<string, string>>,
  problems: readonly Problem[] = [],
): Customer {
  const items = Object.entries(statuses).filter(([item]) => item !== CUSTOMER_ITEM);
  const named = (isAddOn: boolean) =>
    items
      .filter(([item]) => item.startsWith("addon:") === isAddOn)
      .map(([item, status]) => ({ name: item.replace(/^addon:/, ""), status, problems }));
  const status = statuses[CUSTOMER_ITEM] ?? "provisioned";
  return bareCustomer({ id: externalId, externalId, status, packages: named(false), addOns: named(true) });
}

/** Alert 1 of acme's calling package, opened at 0. */
export function alertOf(but: Partial<Alert> = {}): Alert {
  const key = { scope: WHOLE_TOKEN, customerId: "acme", item: "calling", kind: "error" } as const;
  return {
    id: 1,
    key,
    state: "open",
    generation: 1,
    openedAt: 0,
    badSince: 0,
    status: "error",
    attempt: 1,
    failures: 0,
    retrying: false,
    suspended: false,
    reopenedAt: [],
    absentSweeps: 0,
    baseline: false,
    subject: customerOf("acme", { calling: "error" }),
    ...but,
  };
}

export function watchOf(but: Partial<Watch> = {}): Watch {
  return { roomId: "hq", number: 1, filter: NO_FILTER, options: NO_WATCH_OPTIONS, ownerId: "olga", since: 0, ...but };
}

/** Mutes everything, from 0 for an hour. */
export function muteOf(but: Partial<Mute> = {}): Mute {
  const room = { roomId: "hq", number: 1, filter: NO_FILTER };
  return { ...room, from: 0, until: HOUR, because: "works", personId: "olga", by: "Olga", ...but };
}

/** A space that watches everything. */
export function roomOf(but: Partial<WatchingRoom> = {}): WatchingRoom {
  return { roomId: "hq", scope: WHOLE_TOKEN, watches: [watchOf()], mutes: [], ...but };
}

/** The space knows that alert 1 is open. */
export function notifiedOf(but: Partial<NotifiedState> = {}): NotifiedState {
  return {
    roomId: "hq",
    alertId: 1,
    state: "open",
    generation: 1,
    failures: 0,
    badSince: 0,
    codes: "",
    messageId: "m1",
    notifiedAt: 0,
    reminded: 0,
    remindAt: 4 * HOUR,
    ...but,
  };
}
