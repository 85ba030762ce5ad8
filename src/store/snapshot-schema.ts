import type { Generated } from "kysely";
import type { ProvisioningClass } from "../domain/customers/customer.ts";
import type { Sweep } from "../domain/customers/sweep.ts";

/**
 * The tables of the snapshot. Text columns that end in `Key` hold the text that filters and sorting compare, as `foldCase` of the
 * domain makes it. Absent texts are the empty text, so that no comparison yields null.
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
  readonly dailyCounts: DailyCountTable;
  readonly roomScopes: RoomScopeTable;
}

export interface CustomerTable {
  /** Stands for (scope, id) in the other tables: the API's ids are long. */
  rowId: Generated<number>;
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
  /** Free words search it: name, external id and city, each after a line break, which none of them contains. */
  searchText: string;
  /** The name of the organisation as the API sent it, and when it was read; 0 for never. */
  name: string | null;
  nameReadAt: number;
  /** Shows whether the customer changed without reading its data. */
  checksum: string;
  firstSeenAt: number;
  changedAt: number;
  /** 1 or 0. */
  unhealthy: number;
  /** 1 if the API reports an error or a warning for the customer or one of its items, else 0. */
  hasProblems: number;
  /** The number of complete sweeps in a row from which it was absent. */
  absentSweeps: number;
}

/** Not in `customers`, so that a scan of all customers reads little. */
interface CustomerDataTable {
  customerRowId: number;
  /** The `Customer` without its name, JSON. */
  customer: string;
  /** `CustomerRecord.since`, JSON. */
  since: string;
}

/** A package or an add-on. */
export interface ItemTable {
  customerRowId: number;
  /** Its number among the items of the customer, from 0. */
  position: number;
  scope: string;
  name: string;
  nameKey: string;
  statusKey: string;
  class: ProvisioningClass;
}

/** An error or warning code, once for each position that has it. */
export interface CodeTable {
  customerRowId: number;
  /** The position of the item; -1 for the customer itself. */
  position: number;
  scope: string;
  code: string;
}

interface TransitionTable {
  /** Counts up: the order in which the bot saw them. */
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
  /** When its counts were last saved; a continued sweep starts from them. */
  savedAt: number;
}

interface LeaseTable {
  /** The scope. */
  name: string;
  holder: string;
  /** Grows with each new holder. Rows are never deleted, so it never decreases. */
  epoch: number;
  expiresAt: number;
}

interface OrganisationTable {
  orgId: string;
  name: string | null;
  readAt: number;
}

/** How many customers had a status at the end of a day. */
interface DailyCountTable {
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
