import type { Generated } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import type { AlertCard } from "../domain/alerts/card-edits.ts";
import type { NoticeKind } from "../domain/alerts/notice.ts";
import type { NotifiedState } from "../domain/alerts/reconcile.ts";
import type { AuditOutcome, AuditRole } from "../domain/audit.ts";
import type { PostedCard } from "../domain/ports/messaging.ts";
import type { SnapshotTables } from "./snapshot-schema.ts";

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
  readonly roomZones: RoomZoneTable;
  readonly tokens: TokenTable;
  readonly audit: AuditTable;
  readonly auditPeople: AuditPersonTable;
}

interface InboxTable {
  /** Counts up: the order of arrival. */
  id: Generated<number>;
  /** Identifies the event, so that a second delivery is detected. */
  idempotencyKey: string;
  roomId: string;
  /** The person who asked; the empty text for an event that is no question. */
  senderId: Generated<string>;
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
  /** The code of the last failure, and since when it was this one; kept after the event was given up. */
  cause: string | null;
  failingSince: number | null;
  /** When it was given up; null for an answered event. */
  givenUpAt: number | null;
  /** The message that says that its answer is under way. */
  underWay: string | null;
}

/** The time zone that a space has chosen. */
interface RoomZoneTable {
  roomId: string;
  zone: string;
}

/** The kind of a message that another one took the place of. */
export const REPLACED = "replaced";

interface CardTable {
  messageId: string;
  roomId: string;
  kind: PostedCard["kind"] | typeof REPLACED;
  senderId: string;
  shownAt: number;
  /** The whole `PostedCard`, JSON; of a replaced message, which one took its place. */
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

/** One row for each outcome of an event (PRODUCT 2). No row is ever changed. */
interface AuditTable {
  /** Counts up. */
  id: Generated<number>;
  at: number;
  /** The event of the inbox; null for a start of the bot. */
  eventId: number | null;
  /** Of `auditPeople`, where nobody has this key any more who was forgotten; null for the bot itself. */
  personKey: number | null;
  role: AuditRole;
  roomId: string;
  space: string;
  scope: string;
  command: string;
  text: string;
  /** 1 for a press, else 0. */
  isPress: number;
  outcome: AuditOutcome;
  because: string;
}

/** A person whom the audit names. */
interface AuditPersonTable {
  /** Counts up, and says nothing about the person. */
  key: Generated<number>;
  personId: string;
  /** Both empty where nobody asked Webex who it is. */
  name: string;
  email: string;
  /** Name and address as `who=` searches them. */
  searchText: string;
}

/** The tables of alerts and notices. A recipient is a room id, `person:` and a person id, or `email:` and an address. */
export interface AlertingTables {
  readonly alerts: AlertTable;
  readonly alertCodes: AlertCodeTable;
  readonly watches: WatchTable;
  readonly mutes: MuteTable;
  readonly notifiedStates: NotifiedStateTable;
  readonly alertCards: AlertCardTable;
  readonly cardAlerts: CardAlertTable;
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
  /** When its acknowledgement ends by itself; null when it does not. */
  ackUntil: number | null;
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

/** A code that an error shows, or has shown, for the bot's memory of that code. Only errors that the bot saw begin have one. */
interface AlertCodeTable {
  alertId: number;
  code: number;
  scope: string;
  customerId: string;
  /** 1 if the error is of the customer itself, else 0. */
  isOfCustomer: number;
  openedAt: number;
  /** The time from `openedAt` to its recovery; null while it has not recovered with this code. */
  recoveredAfter: number | null;
  /** 1 if it was tried again meanwhile, else 0. */
  isRetried: number;
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
  badSince: number;
  codes: string;
  messageId: string;
  /** The first summary of the storm that told its last opening. */
  storm: string | null;
  notifiedAt: number;
  reminded: number;
  remindAt: number;
  escalatedAt: number | null;
}

/** A card of alerts outside of threads, and the edit that it owes (ALERTS 30). */
interface AlertCardTable {
  messageId: string;
  roomId: string;
  kind: AlertCard["kind"];
  postedAt: number;
  /** Edits so far: those of the engine, an attempt under way included, and those that answered a press. */
  edits: number;
  presses: number;
  /** 1 if the card shows every alert on it as over. */
  isOver: number;
  /** 1 if the card may show one of its alerts as healing, else 0. */
  mayShowHealing: Generated<number>;
  /** When it is to be edited; null if it owes no edit. */
  editDueAt: number | null;
  /** Grows with each change that the card has to show, so that one during an edit is not lost. */
  changes: number;
  /** Until when an edit is under way, or waits for its next attempt. */
  leasedUntil: number | null;
  /** Failed attempts of that edit. */
  attempts: number;
  /** The lines of its message beside the alerts (`Asides`), as JSON; null for none. */
  asides: string | null;
}

/** An alert that a card shows besides those whose thread begins with it. */
interface CardAlertTable {
  messageId: string;
  alertId: number;
}

interface OutboxTable {
  id: Generated<number>;
  recipient: string;
  kind: NoticeKind;
  alertId: number;
  generation: number;
  /** `held` waits for a complete sweep, or for the next reading of an alert that is healing; `cancelled`: its difference was gone (ALERTS 20); `dead`: given up (ALERTS 29). */
  state: "held" | "pending" | "claimed" | "sent" | "cancelled" | "dead";
  /** 1 for a notice that does not wait for a window (ALERTS 20). */
  urgent: number;
  /** 1 for a notice that the storm of its room tells (ALERTS 21). */
  storm: number;
  /** 1 for an alert of an item that was GOOD before (ALERTS 20). */
  regression: number;
  queuedAt: number;
  claimedAt: number | null;
  possiblySent: number;
  /** How often it was given up; why the last time, and when it is tried again (ALERTS 29). */
  givenUp: Generated<number>;
  cause: string | null;
  retryAt: number | null;
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
  /** When the POST of the claimed message began; null before that. */
  postingSince: number | null;
}

interface VisibilityTable {
  scope: string;
  /** When the first sweep was complete; null before. */
  baselineAt: number | null;
  readAt: number | null;
  completeAt: number | null;
  tookMs: number;
  /** `ReadFailure`, `Outage` and `ListDoubt`, JSON. */
  failure: string | null;
  outage: string | null;
  doubt: string | null;
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
