import type { Generated } from "kysely";
import type { ProvisioningClass } from "../domain/customers/customer.ts";
import type { Sweep } from "../domain/customers/sweep.ts";

/**
 * The tables of the snapshot. Columns that end in `Key` hold what filters and sorting compare, as the domain's `fold` makes it;
 * what the API sent is kept beside them as it came. Absent is the empty text, so that no comparison knows a third answer.
 */
export interface SnapshotTables {
  readonly customers: CustomerTable;
  readonly customerData: CustomerDataTable;
  readonly items: ItemTable;
  readonly codes: CodeTable;
  readonly transitions: TransitionTable;
  readonly sweeps: SweepTable;
  readonly leases: LeaseTable;
  readonly organisations: OrganisationTable;
  readonly tallies: TallyTable;
  readonly roomScopes: RoomScopeTable;
}

export interface CustomerTable {
  /** Stands for (scope, id) in the other tables: the API's ids are long. */
  key: Generated<number>;
  scope: string;
  /** The API's id. */
  id: string;
  orgId: string;
  externalId: string;
  externalIdKey: string;
  status: string;
  statusKey: string;
  titleKey: string;
  countryKey: string;
  stateKey: string;
  cityKey: string;
  zipKey: string;
  /** What free words look through: name, external id and city, each behind an end of line, which none of them contains. */
  search: string;
  /** The name of the organisation as it came, and when it was read; 0 for never. */
  name: string | null;
  namedAt: number;
  /** Tells whether anything changed without reading what was. */
  digest: string;
  firstSeenAt: number;
  changedAt: number;
  /** 1 or 0. */
  unwell: number;
  /** From how many complete sweeps in a row it was absent. */
  absent: number;
}

/** Apart from `customers`, so that what looks through all of those reads little. */
interface CustomerDataTable {
  customerKey: number;
  /** The `Customer` without its name, JSON. */
  customer: string;
  /** `CustomerRecord.since`, JSON. */
  since: string;
}

/** A package or an add-on. */
export interface ItemTable {
  customerKey: number;
  /** Its number among the items of the customer, from 0. */
  place: number;
  scope: string;
  name: string;
  nameKey: string;
  statusKey: string;
  class: ProvisioningClass;
}

/** An error or warning code, once for each place that has it. */
export interface CodeTable {
  customerKey: number;
  /** The place of the item; -1 for the customer itself. */
  place: number;
  scope: string;
  code: string;
}

interface TransitionTable {
  /** Counts up: the order in which they were seen. */
  id: Generated<number>;
  scope: string;
  customerId: string;
  title: string;
  item: string;
  at: number;
  fromStatus: string | null;
  toStatus: string | null;
  /** `number[]`, JSON. */
  codes: string;
}

export interface SweepTable {
  id: Generated<number>;
  scope: string;
  startedAt: number;
  endedAt: number | null;
  state: Sweep["state"];
  customers: number;
  unreadable: number;
  calls: number;
  cause: string | null;
  /** 1 or 0. */
  resumed: number;
  /** When its figures were saved last: they tell where to go on. */
  savedAt: number;
}

interface LeaseTable {
  /** The scope. */
  name: string;
  holder: string;
  /** Grows with each new holder; a row is never deleted, so that it never falls back. */
  epoch: number;
  expiresAt: number;
}

interface OrganisationTable {
  orgId: string;
  name: string | null;
  readAt: number;
}

/** How many customers had a status at the end of a day. */
interface TallyTable {
  scope: string;
  /** `2026-11-23`, UTC. */
  day: string;
  status: string;
  customers: number;
}

interface RoomScopeTable {
  roomId: string;
  scope: string;
  byPersonId: string;
  boundAt: number;
}
