import type { Generated } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import type { NoticeKind } from "../domain/notices/outbox.ts";
import type { Announced } from "../domain/notices/reconcile.ts";

/** The tables of alerts and notices. A target is a room id, or a person id behind `person:`. */
export interface AlertingTables {
  readonly alerts: AlertTable;
  readonly watches: WatchTable;
  readonly mutes: MuteTable;
  readonly announced: AnnouncedTable;
  readonly outbox: OutboxTable;
  readonly lines: LineTable;
  readonly sights: SightTable;
  readonly follows: FollowTable;
  readonly digests: DigestTable;
  readonly numbers: NumberTable;
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
  judgedAt: number;
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

interface AnnouncedTable {
  roomId: string;
  alertId: number;
  state: Announced["state"];
  generation: number;
  failures: number;
  messageId: string;
  /** How often its card was edited. */
  edits: Generated<number>;
  toldAt: number;
  reminded: number;
  remindAt: number;
  escalatedAt: number | null;
}

interface OutboxTable {
  id: Generated<number>;
  target: string;
  kind: NoticeKind;
  alertId: number;
  generation: number;
  /** `held` waits for a complete sweep; `transient` was dropped because it cancelled out, `dead` given up. */
  state: "held" | "pending" | "claimed" | "sent" | "transient" | "dead";
  /** 1 for what keeps no window. */
  urgent: number;
  /** 1 for an alert of what was GOOD before. */
  regression: number;
  owedAt: number;
  claimedAt: number | null;
  maybeSent: number;
  sentAt: number | null;
  messageId: string | null;
  /** `Says`, JSON. */
  says: string;
}

interface LineTable {
  target: string;
  /** When the next message is due; null when none is. */
  dueAt: number | null;
  /** 1 when what is due first goes before all other targets. */
  first: number;
  holder: string | null;
  leasedUntil: number | null;
  flushedAt: number | null;
  retryAt: number | null;
  /** Failed tries of the message that is next, and since when. */
  attempts: number;
  triedSince: number | null;
  /** `Storm`, JSON. */
  storm: string | null;
  suspendedAt: number | null;
  withheldAt: number | null;
}

interface SightTable {
  scope: string;
  /** When everything was read for the first time; null before. */
  baselineAt: number | null;
  readAt: number | null;
  completeAt: number | null;
  tookMs: number;
  /** `Trouble` and `Blindness`, JSON. */
  failure: string | null;
  blind: string | null;
}

interface FollowTable {
  personId: string;
  scope: string;
  customerId: string;
  /** The whole `Follow`, JSON. */
  follow: string;
  /** Whether it was seen to change since: 1 or 0. */
  moved: number;
}

interface DigestTable {
  roomId: string;
  time: string;
  zone: string;
  nextAt: number;
  lastAt: number | null;
}

/** The last number that was given away, by what it numbers. */
interface NumberTable {
  name: string;
  last: number;
}
