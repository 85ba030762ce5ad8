import type { Scope } from "./customers/sweep.ts";

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
