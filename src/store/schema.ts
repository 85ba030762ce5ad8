import type { Generated } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import type { NoticeKind } from "../domain/alerts/notice.ts";
import type { NotifiedState } from "../domain/alerts/reconcile.ts";
import type { ProvisioningClass } from "../domain/customers/customer.ts";
import type { Sweep } from "../domain/customers/sweep.ts";
import type { PostedCard } from "../domain/ports/messaging.ts";

/**
 * The tables, as both databases have them. What is asked by is a column; what only travels is one JSON text.
 * Times are epoch milliseconds. The columns are in snake case in the database; Kysely translates.
 */
export interface Tables extends SnapshotTables, AlertingTables {
  readonly inbox: InboxTable;
  readonly cards: CardTable;
  readonly people: PersonTable;
  readonly roomMembers: RoomMembersTable;
  readonly allowedRooms: AllowedRoomTable;
  readonly refusals: RefusalTable;
  readonly tokens: TokenTable;
}

interface InboxTable {
  /** Counts up: the order of arrival. */
  id: Generated<number>;
  key: string;
  roomId: string;
  resource: string;
  event: string;
  /** Emptied with the answer: the key is all that is needed to know a duplicate. */
  body: string;
  receivedAt: number;
  dueAt: number;
  attempts: number;
  /** Who has taken the event up; at most one event of a room has a holder, by a unique index. */
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
  /** `RoomMember[]`, JSON; empty since somebody came or went, at `readAt`. */
  members: string;
  readAt: number;
}

interface AllowedRoomTable {
  roomId: string;
  /** 1 or 0: a room that was disallowed again keeps its row, which says by whom. */
  allowed: number;
  byPersonId: string;
  decidedAt: number;
}

interface RefusalTable {
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

/** The tables of alerts and notices. A target is a room id, or a person id behind `person:`. */
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
  /** 1 while it is open, healing or flapping: what every reading has to look at. 0 otherwise. */
  active: number;
  /** Whether somebody has taken it: 1 or 0. */
  acked: number;
  openedAt: number;
  /** When anything of it changed last: opened, re-opened, closed. */
  changedAt: number;
  /** As of when its customer was last held against it: a customer that has not changed since says nothing new. */
  evaluatedAt: number;
  /** The room of a drill; empty for a real one. */
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
  /** Whether its options name somebody to call in: 1 or 0. */
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
  /** Whether its end was seen to: 1 or 0. */
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
  /** How often its card was edited. */
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
  /** `held` waits for a complete sweep; `cancelled` was dropped because it cancelled out, `dead` given up. */
  state: "held" | "pending" | "claimed" | "sent" | "cancelled" | "dead";
  /** 1 for what keeps no window. */
  urgent: number;
  /** 1 for an alert of what was GOOD before. */
  regression: number;
  queuedAt: number;
  claimedAt: number | null;
  possiblySent: number;
  sentAt: number | null;
  messageId: string | null;
  /** `Says`, JSON. */
  details: string;
}

interface RecipientQueueTable {
  recipient: string;
  /** When the next message is due; null when none is. */
  dueAt: number | null;
  /** 1 when what is due first goes before all other targets. */
  priority: number;
  holder: string | null;
  leasedUntil: number | null;
  lastGroupSentAt: number | null;
  retryAt: number | null;
  /** Failed tries of the message that is next, and since when. */
  attempts: number;
  failingSince: number | null;
  /** `Storm`, JSON. */
  storm: string | null;
  suspendedAt: number | null;
  withheldAt: number | null;
}

interface VisibilityTable {
  scope: string;
  /** When everything was read for the first time; null before. */
  baselineAt: number | null;
  readAt: number | null;
  completeAt: number | null;
  tookMs: number;
  /** `Trouble` and `Blindness`, JSON. */
  failure: string | null;
  outage: string | null;
}

interface FollowTable {
  personId: string;
  scope: string;
  customerId: string;
  /** The whole `Follow`, JSON. */
  follow: string;
  /** Whether it was seen to change since: 1 or 0. */
  changed: number;
}

interface DigestTable {
  roomId: string;
  time: string;
  zone: string;
  nextAt: number;
  lastAt: number | null;
}

/** The last number that was given away, by what it numbers. */
interface SequenceTable {
  name: string;
  last: number;
}

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
  readonly dailyCounts: DailyCountTable;
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
  searchText: string;
  /** The name of the organisation as it came, and when it was read; 0 for never. */
  name: string | null;
  nameReadAt: number;
  /** Tells whether anything changed without reading what was. */
  checksum: string;
  firstSeenAt: number;
  changedAt: number;
  /** 1 or 0. */
  unhealthy: number;
  /** From how many complete sweeps in a row it was absent. */
  absentSweeps: number;
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
  position: number;
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
  position: number;
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
