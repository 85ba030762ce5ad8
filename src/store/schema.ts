import type { Generated } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import type { NoticeKind } from "../domain/alerts/notice.ts";
import type { NotifiedState } from "../domain/alerts/reconcile.ts";
import type { ProvisioningClass } from "../domain/customers/customer.ts";
import type { Sweep } from "../domain/customers/sweep.ts";
import type { PostedCard } from "../domain/ports/messaging.ts";

/**
 * The tables, the same in both databases. What queries filter by is a column; everything else is one JSON text.
 * Times are epoch milliseconds. Kysely translates the names to snake case.
 */
export interface Tables extends SnapshotTables, AlertingTables {
  readonly inbox: InboxTable;
  readonly cards: CardTable;
  readonly people: PersonTable;
  readonly roomMembers: RoomMembersTable;
  readonly allowedRooms: AllowedRoomTable;
  readonly denials: DenialTable;
  readonly tokens: TokenTable;
}

interface InboxTable {
  /** Counts up: the order of arrival. */
  id: Generated<number>;
  /** Identifies the event, so that a second delivery is detected. */
  idempotencyKey: string;
  roomId: string;
  resource: string;
  event: string;
  /** Emptied when the event is processed: `idempotencyKey` is enough to detect a duplicate. */
  body: string;
  receivedAt: number;
  dueAt: number;
  attempts: number;
  /** The process that claimed the event; a unique index allows one claimed event per room. */
  holder: string | null;
  leasedUntil: number | null;
  processedAt: number | null;
}

interface CardTable {
  messageId: string;
  roomId: string;
  kind: PostedCard["kind"];
  senderId: string;
  shownAt: number;
  /** The whole `PostedCard`, JSON. */
  card: string;
}

interface PersonTable {
  personId: string;
  /** The whole `Person`, JSON. */
  person: string;
  readAt: number;
}

interface RoomMembersTable {
  roomId: string;
  /** `RoomMember[]`, JSON; the empty text after a member came or left at `readAt`. */
  members: string;
  readAt: number;
}

interface AllowedRoomTable {
  roomId: string;
  /** 1 or 0. A disallowed room keeps its row, which records the admin. */
  allowed: number;
  byPersonId: string;
  decidedAt: number;
}

interface DenialTable {
  roomId: string;
  senderId: string;
  sentAt: number;
}

interface TokenTable {
  /** Always "wholesale": there is one token pair. */
  name: string;
  refreshToken: string;
  accessToken: string;
  expiresAt: number;
  origin: string;
  savedAt: number;
}

/** The tables of alerts and notices. A recipient is a room id, `person:` and a person id, or `email:` and an address. */
export interface AlertingTables {
  readonly alerts: AlertTable;
  readonly watches: WatchTable;
  readonly mutes: MuteTable;
  readonly notifiedStates: NotifiedStateTable;
  readonly outbox: OutboxTable;
  readonly recipientQueues: RecipientQueueTable;
  readonly visibility: VisibilityTable;
  readonly follows: FollowTable;
  readonly digests: DigestTable;
  readonly sequences: SequenceTable;
}

interface AlertTable {
  id: number;
  scope: string;
  customerId: string;
  item: string;
  kind: string;
  state: Alert["state"];
  /** 1 while it is open, healing or flapping, so that readings evaluate it; else 0. A closed alert may still be flapping. */
  tracked: number;
  /** 1 if it is acknowledged, else 0. */
  acked: number;
  openedAt: number;
  /** When it was last opened, re-opened or closed. */
  changedAt: number;
  /** When it was last evaluated. A customer that has not changed since then needs no evaluation. */
  evaluatedAt: number;
  /** The room of a drill; empty for a real alert. */
  drill: string;
  /** The whole `Alert`, JSON. */
  alert: string;
}

interface WatchTable {
  roomId: string;
  number: number;
  /** `Filter` and `WatchOptions`, JSON. */
  filter: string;
  options: string;
  /** 1 if its options have an escalation target, else 0. */
  escalates: number;
  ownerId: string;
  since: number;
  space: string | null;
}

interface MuteTable {
  roomId: string;
  number: number;
  from: number;
  until: number;
  /** 1 if its end was processed, else 0. */
  ended: number;
  /** The whole `Mute`, JSON. */
  mute: string;
}

interface NotifiedStateTable {
  roomId: string;
  alertId: number;
  state: NotifiedState["state"];
  generation: number;
  failures: number;
  messageId: string;
  /** The number of edits of its card. */
  edits: Generated<number>;
  notifiedAt: number;
  reminded: number;
  remindAt: number;
  escalatedAt: number | null;
}

interface OutboxTable {
  id: Generated<number>;
  recipient: string;
  kind: NoticeKind;
  alertId: number;
  generation: number;
  /** `held` waits for a complete sweep; `cancelled`: its difference was gone (ALERTS 20); `dead`: given up (ALERTS 29). */
  state: "held" | "pending" | "claimed" | "sent" | "cancelled" | "dead";
  /** 1 for a notice that does not wait for a window (ALERTS 20). */
  urgent: number;
  /** 1 for an alert of an item that was GOOD before (ALERTS 20). */
  regression: number;
  queuedAt: number;
  claimedAt: number | null;
  possiblySent: number;
  sentAt: number | null;
  messageId: string | null;
  /** `NoticeDetails`, JSON. */
  details: string;
}

interface RecipientQueueTable {
  recipient: string;
  /** When the next message is due; null if there is none. */
  dueAt: number | null;
  /** 1 if its next message goes before those of all other recipients. */
  priority: number;
  holder: string | null;
  leasedUntil: number | null;
  lastGroupSentAt: number | null;
  retryAt: number | null;
  /** Failed attempts of the next message, and since when. */
  attempts: number;
  failingSince: number | null;
  /** `Storm`, JSON. */
  storm: string | null;
  suspendedAt: number | null;
  withheldAt: number | null;
}

interface VisibilityTable {
  scope: string;
  /** When the first sweep was complete; null before. */
  baselineAt: number | null;
  readAt: number | null;
  completeAt: number | null;
  tookMs: number;
  /** `ReadFailure` and `Outage`, JSON. */
  failure: string | null;
  outage: string | null;
}

interface FollowTable {
  personId: string;
  scope: string;
  customerId: string;
  /** The whole `Follow`, JSON. */
  follow: string;
  /** 1 if the customer has changed since, else 0. */
  changed: number;
}

interface DigestTable {
  roomId: string;
  time: string;
  zone: string;
  nextAt: number;
  lastAt: number | null;
}

/** The last number that was assigned, by what it numbers. */
interface SequenceTable {
  name: string;
  last: number;
}

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
