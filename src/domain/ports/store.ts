import type { Scope } from "../customers/sweep.ts";
import type { Alerts, Outbox } from "./alerting.ts";
import type { PostedCard } from "./messaging.ts";
import type { Leases, Snapshot, SnapshotWriter } from "./snapshot.ts";

/** Everything the bot remembers, in one database. */
export interface Store {
  readonly inbox: Inbox;
  readonly cards: PostedCards;
  readonly people: People;
  readonly rooms: Rooms;
  readonly tokens: Tokens;
  readonly leases: Leases;
  readonly snapshot: Snapshot;
  readonly writer: SnapshotWriter;
  readonly alerts: Alerts;
  readonly outbox: Outbox;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  /** Forgets what has no use any more: cards unseen for 30 days, answered events, stale people; returns rows removed. */
  tidy(now: number): Promise<number>;
  close(): Promise<void>;
}

export interface Inbox {
  /** False when an event of this key is known already: a duplicate delivery, to be answered 200 and forgotten. */
  add(
    event: { key: string; roomId: string; resource: string; event: string; body: string },
    now: number,
  ): Promise<boolean>;
  /**
   * Takes up the oldest event that is due, one per room at a time over all instances, and leases it to `holder`.
   * An event whose lease has run out is taken up again.
   */
  claim(holder: string, now: number, leaseMs: number): Promise<InboxEvent | undefined>;
  /** Prolongs a lease; false when it was lost. */
  renew(id: number, holder: string, now: number, leaseMs: number): Promise<boolean>;
  done(id: number, now: number): Promise<void>;
  /** Not to be answered any more; the reason is for the log. */
  drop(id: number, now: number): Promise<void>;
  /** Gives the event back, to be taken up again from `dueAt` on; does nothing when somebody else has it by now. */
  postpone(id: number, holder: string, dueAt: number): Promise<void>;
  /** Ends every lease of a process that is known to be gone: none where several may share the database. Returns how many. */
  release(): Promise<number>;
  /** When the next waiting event falls due, epoch milliseconds; undefined when none waits. */
  nextDue(): Promise<number | undefined>;
  waiting(): Promise<number>;
  /** Forgets answered events that arrived before `before`; returns how many. */
  tidy(before: number): Promise<number>;
}

/** A webhook event, kept from the moment Webex was told "200" until it is answered. */
export interface InboxEvent {
  readonly id: number;
  readonly roomId: string;
  readonly resource: string;
  readonly event: string;
  /** The webhook's JSON body, as it came. */
  readonly body: string;
  readonly receivedAt: number;
  /** How often it has been taken up before. */
  readonly attempts: number;
}

export interface PostedCards {
  find(messageId: string): Promise<PostedCard | undefined>;
  /** The newest card in the room that lists customers: this sender's own, else anybody's. */
  lastList(roomId: string, senderId: string): Promise<PostedCard | undefined>;
  /** @param replaced the message that this card took the place of, if that is another one */
  save(card: PostedCard, replaced?: string): Promise<void>;
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

/** Who is in a room, as far as access needs to know. */
export interface RoomMember {
  readonly personId: string;
  readonly email: string;
  readonly orgId?: string;
}

export interface Rooms {
  /** The members as read at or after `notBefore`; undefined when they must be read again. */
  members(roomId: string, notBefore: number): Promise<readonly RoomMember[] | undefined>;
  /** Keeps what Webex was asked for at `askedAt`, unless somebody came or went since. */
  saveMembers(roomId: string, members: readonly RoomMember[], askedAt: number): Promise<void>;
  /** Somebody came or went: whatever was asked for up to `now` counts no more. */
  forgetMembers(roomId: string, now: number): Promise<void>;
  /** Whether an admin allowed this room although it has members from outside. */
  isAllowed(roomId: string): Promise<boolean>;
  allow(roomId: string, allowed: boolean, byPersonId: string, now: number): Promise<void>;
  /** The sub-partner that this room is bound to: it sees and is told only that one's customers. `WHOLE_TOKEN` when none. */
  scopeOf(roomId: string): Promise<Scope>;
  bind(roomId: string, scope: Scope, byPersonId: string, now: number): Promise<void>;
  /** Every scope that some room is bound to, and `WHOLE_TOKEN`. */
  scopes(): Promise<readonly Scope[]>;
  /** True at most once per `everyMs` for this sender in this room: whether to say the polite line now. */
  reserveRefusal(roomId: string, senderId: string, now: number, everyMs: number): Promise<boolean>;
}

/** The Wholesale token pair as last rotated. Secret: never logged. */
export interface StoredToken {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Tells which environment value this chain began with, so that a newly configured token wins over an old chain. */
  readonly origin: string;
}

export interface Tokens {
  read(): Promise<StoredToken | undefined>;
  save(token: StoredToken, now: number): Promise<void>;
}
