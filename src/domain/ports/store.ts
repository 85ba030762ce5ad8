import type { AuditEntry } from "../audit.ts";
import type { Scope } from "../customers/sweep.ts";
import type { Alerts, Outbox } from "./alerting.ts";
import type { Audit } from "./audit.ts";
import type { PostedCard } from "./messaging.ts";
import type { Leases, Snapshot, SnapshotWriter } from "./snapshot.ts";

export interface Store {
  readonly inbox: Inbox;
  readonly cards: PostedCards;
  readonly people: People;
  readonly rooms: Rooms;
  readonly tokens: StoredTokens;
  readonly leases: Leases;
  readonly snapshot: Snapshot;
  readonly writer: SnapshotWriter;
  readonly alerts: Alerts;
  readonly outbox: Outbox;
  readonly audit: Audit;
  /** Calls `listener` after each transaction about alerts: it may have made something due in the outbox. */
  readonly onCommit: (listener: () => void) => void;
  /** The calls to the Wholesale API that all instances share; undefined where there is one instance. */
  readonly sharedCalls: SharedCalls | undefined;
  /** Throws when the database cannot be written. */
  tryWrite(): Promise<void>;
  /** How far the clock of this machine is ahead of the database server's, in milliseconds; undefined where there is no server. */
  clockSkew(): Promise<number | undefined>;
  /** Deletes old rows: cards not shown for 30 days, answered events, stale people. Returns the number of rows. */
  tidy(now: number): Promise<number>;
  close(): Promise<void>;
}

/** A bucket of calls, which fills steadily by the clock of the database server. */
export interface SharedCalls {
  /** Takes as many calls as there are, up to `most`; none if there are fewer than `least`, with how long until there are. */
  take(wanted: WantedCalls): Promise<{ readonly calls: number; readonly waitMs: number }>;
}

export interface WantedCalls {
  readonly least: number;
  readonly most: number;
  /** Calls that are left in the bucket. */
  readonly reserve: number;
  /** Calls that were made without being taken. */
  readonly owed: number;
  /** The most calls that are in the bucket, and how many come into it in a millisecond. */
  readonly size: number;
  readonly perMs: number;
}

export interface Inbox {
  /** False for a duplicate delivery, by `idempotencyKey`. */
  add(event: NewInboxEvent, now: number): Promise<boolean>;
  /**
   * Leases the event whose turn it is to `holder`. Turns go round by person, then by room: whoever was answered longest ago is
   * next. At most one event of a room is leased at a time, over all instances, and the events of one person in one room keep
   * their order. An event whose lease has run out is due again.
   */
  claim(holder: string, now: number, leaseMs: number): Promise<InboxEvent | undefined>;
  /** Extends a lease; false when it was lost. */
  renew(id: number, holder: string, now: number, leaseMs: number): Promise<boolean>;
  /** The event was answered. Its row stays for a while, so that a second delivery is recognised. */
  done(id: number, now: number, end?: EventEnd): Promise<void>;
  /** The event is not tried again. `outbox` shows it for 30 days, with the code of the failure. */
  giveUp(id: number, cause: string, now: number, audit?: AuditEntry): Promise<void>;
  /** Ends the lease, and makes the event due at `dueAt`; does nothing if another holder has it now. */
  postpone(id: number, holder: string, dueAt: number, failure?: RepeatedFailure): Promise<void>;
  /** Records the message that says that the answer is under way: the answer of a later try takes its place. */
  recordUnderWay(id: number, messageId: string): Promise<void>;
  underWay(id: number): Promise<string | undefined>;
  /** When the last but `nth` of this person's events that were answered after `since` was; undefined if there were fewer. */
  endedAt(senderId: string, nth: number, since: number): Promise<number | undefined>;
  /** Ends the leases of the process before this one, and returns their number; 0 where several may share the database. */
  release(): Promise<number>;
  /** When the next event is due, epoch milliseconds; undefined when none waits. */
  nextDue(): Promise<number | undefined>;
  waiting(): Promise<number>;
  /** When the last event was added, epoch milliseconds; undefined if none ever was. */
  lastReceivedAt(): Promise<number | undefined>;
  /** Deletes answered events that arrived before `before`, but never the last of all; returns their number. */
  tidy(before: number): Promise<number>;
}

export interface NewInboxEvent {
  readonly idempotencyKey: string;
  readonly roomId: string;
  /** The person who asked; absent for an event that is no question. */
  readonly senderId?: string;
  readonly resource: string;
  readonly event: string;
  /** JSON. */
  readonly body: string;
}

/** A webhook event, kept from the answer 200 to Webex until its reply is posted. */
export interface InboxEvent extends Omit<NewInboxEvent, "idempotencyKey"> {
  readonly id: number;
  readonly receivedAt: number;
  /** The number of earlier claims. */
  readonly attempts: number;
  /** How the last try failed. */
  readonly failure?: RepeatedFailure;
  /** The message of an earlier try that says that the answer is under way. */
  readonly underWay?: string;
}

export interface RepeatedFailure {
  readonly code: string;
  /** Since when each try has failed with this code. */
  readonly since: number;
}

/** The records that are written with the end of an event, in one transaction. */
export interface EventEnd {
  readonly audit?: AuditEntry | undefined;
  /** The cards that it posted, and those that it changed. */
  readonly cards?: readonly CardChange[];
}

export interface CardChange {
  readonly card: PostedCard;
  /** The id of the message that this card replaced, which may be its own. */
  readonly replaced?: string | undefined;
}

export interface PostedCards {
  /** The card of a message, or the one that took its place. */
  find(messageId: string): Promise<PostedCard | undefined>;
  /** The newest list of customers in the room: this sender's, else anybody's. */
  lastList(roomId: string, senderId: string): Promise<PostedCard | undefined>;
  /** The cards that this person last asked for in the room, newest first: ten at most. */
  recent(roomId: string, senderId: string): Promise<readonly PostedCard[]>;
  save(card: PostedCard): Promise<void>;
  /** Saves a card unless there is a record of it. */
  keep(card: PostedCard): Promise<void>;
}

export interface Person {
  readonly personId: string;
  readonly email: string;
  readonly orgId: string;
  readonly displayName: string;
}

export interface People {
  find(personId: string, notBefore: number): Promise<Person | undefined>;
  save(person: Person, now: number): Promise<void>;
}

/** A member of a room, as far as access rules need it. */
export interface RoomMember {
  readonly membershipId: string;
  readonly personId: string;
  readonly email: string;
  readonly orgId?: string;
}

export interface KnownMembers {
  readonly list: readonly RoomMember[];
  readonly askedAt: number;
  /** Somebody joined or left before this time: an older list is out of date. */
  readonly validFrom: number;
}

export interface Rooms {
  /** The members as last read; undefined if they never were. */
  members(roomId: string): Promise<KnownMembers | undefined>;
  /** Saves the members as read at `askedAt`, unless somebody joined or left since. */
  saveMembers(roomId: string, list: readonly RoomMember[], askedAt: number): Promise<void>;
  /** Somebody joined or left: members read before `now` are out of date. */
  forgetMembers(roomId: string, now: number): Promise<void>;
  /** An admin allowed this room although it has guests. */
  isAllowed(roomId: string): Promise<boolean>;
  allow(roomId: string, allowed: boolean, byPersonId: string, now: number, audit?: AuditEntry): Promise<void>;
  /** The sub-partner whose customers alone this room sees; `WHOLE_TOKEN` when it is bound to none. */
  scopeOf(roomId: string): Promise<Scope>;
  bind(roomId: string, scope: Scope, byPersonId: string, now: number, audit?: AuditEntry): Promise<void>;
  /** `WHOLE_TOKEN`, and every scope that a room is bound to. */
  scopes(): Promise<readonly Scope[]>;
  /** The time zone that this room has chosen; undefined when it has chosen none. */
  zoneOf(roomId: string): Promise<string | undefined>;
  setZone(roomId: string, zone: string | undefined, now: number, audit?: AuditEntry): Promise<void>;
  /** True at most once per `everyMs` for this sender in this room, so that a denial is not repeated. */
  reserveDenial(roomId: string, senderId: string, now: number, everyMs: number): Promise<boolean>;
  /** True at most once per `everyMs` for this person, who is told that further questions wait. */
  reserveWaitNote(senderId: string, now: number, everyMs: number): Promise<boolean>;
}

/** The Wholesale token pair as last rotated. Secret: never logged. */
export interface StoredToken {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Identifies the configured token that this chain began with, so that a newly configured one replaces the chain. */
  readonly origin: string;
}

export interface Tokens {
  read(): Promise<StoredToken | undefined>;
  save(token: StoredToken, now: number): Promise<void>;
}

export interface StoredTokens extends Tokens {
  /**
   * Encrypts what was stored before there was a key, or under another one; true if it did. A pair that cannot be read is a
   * failure if it began with the configured token; else it is deleted, as nothing will read it.
   * @param origin identifies the configured refresh token; undefined if there is none, which leaves such a pair alone
   */
  applyKey(origin: string | undefined): Promise<boolean>;
}
