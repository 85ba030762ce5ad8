import type { Generated } from "kysely";
import type { PostedCard } from "../domain/ports.ts";
import type { AlertingTables } from "./alerting-schema.ts";
import type { SnapshotTables } from "./snapshot-schema.ts";

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
  answeredAt: number | null;
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
  saidAt: number;
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
