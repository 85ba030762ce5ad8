import type { Acknowledgement, Alert } from "../alerts/alert.ts";
import type { MessagePlan, RecipientQueue } from "../alerts/grouping.ts";
import type { Mute } from "../alerts/mute.ts";
import type { DeliveryFailure, Notice, Recipient } from "../alerts/notice.ts";
import type { NotifiedState, WatchingRoom } from "../alerts/reconcile.ts";
import type { MonitorState, ReadFailure, Visibility } from "../alerts/visibility.ts";
import type { WatchOptions } from "../alerts/watch.ts";
import type { DigestSchedule } from "../commands/digest.ts";
import type { ProvisioningClass } from "../customers/customer.ts";
import type { Filter } from "../customers/filter.ts";
import type { Scope } from "../customers/sweep.ts";

/**
 * The ports of alerts: what is true of them, what spaces were told, and what is owed. Each call is one transaction that
 * leaves nothing owed unwritten (ALERTS 25). All times are epoch milliseconds.
 */

/** What people ask, and what they change. */
export interface Alerts {
  find(scope: Scope, id: number): Promise<Alert | undefined>;
  /** Open or healing, oldest first; drills are left out. */
  active(scope: Scope): Promise<readonly Alert[]>;
  /** The active ones of one customer. */
  activeOfCustomer(scope: Scope, customerId: string): Promise<readonly Alert[]>;
  /** Opened, re-opened or closed at `since` or later, oldest first; drills are left out. */
  changedSince(scope: Scope, since: number): Promise<readonly Alert[]>;
  /** How often a package that the filter means has entered error since then, as the history tells (the preview of `watch`). */
  countErrorEntries(
    scope: Scope,
    query: { readonly filter: Filter; readonly since: number; readonly now: number },
  ): Promise<number>;
  roomState(roomId: string): Promise<RoomAlertState>;
  /** The alerts whose card this message is, and what this space was told of them. */
  alertsOnCard(roomId: string, messageId: string): Promise<readonly NotifiedAlert[]>;
  visibility(scope: Scope): Promise<Visibility>;
  change(roomId: string, change: AlertChange, now: number): Promise<void>;
  /** An alert's cards, one for each space that has one, so that they can be brought up to date. */
  cardsOf(alertIds: readonly number[]): Promise<readonly { readonly roomId: string; readonly messageId: string }[]>;
  /** Counts an edit of a card (ALERTS 30: at most 8); false when it has had its eight. */
  reserveEdit(roomId: string, messageId: string): Promise<boolean>;
}

export interface NotifiedAlert {
  readonly alert: Alert;
  readonly notified: NotifiedState;
}

/** All that a space has arranged, and what it was told. */
export interface RoomAlertState extends WatchingRoom {
  readonly notified: readonly NotifiedState[];
  /** What is owed to it and has not gone out. */
  readonly queued: readonly Notice[];
  readonly digest?: DigestSchedule;
  /** Since when it cannot be reached. */
  readonly suspendedAt?: number;
}

export type AlertChange =
  | {
      readonly kind: "watch";
      readonly filter: Filter;
      readonly options: WatchOptions;
      readonly ownerId: string;
      readonly space?: string | undefined;
    }
  | { readonly kind: "unwatch"; readonly number: number }
  /** Of active alerts; one that is taken already stays with whoever has it. */
  | { readonly kind: "ack"; readonly alerts: readonly number[]; readonly ack: Acknowledgement }
  | { readonly kind: "mute"; readonly mute: Omit<Mute, "roomId" | "number"> }
  /** Ends it now; what is still open is told. */
  | { readonly kind: "unmute"; readonly number: number }
  | { readonly kind: "follow"; readonly follow: Follow }
  /** Without a schedule there is no digest any more. */
  | { readonly kind: "digest"; readonly schedule?: DigestSchedule }
  | { readonly kind: "drill" };

/** Somebody waits for how this customer ends. */
export interface Follow {
  readonly personId: string;
  readonly scope: Scope;
  readonly customerId: string;
  /** As people call the customer. */
  readonly title: string;
  /** What it was when they asked. */
  readonly class: ProvisioningClass;
  readonly since: number;
}

/** What is told: notices out of the outbox, one message at a time to each target. */
export interface Outbox {
  /**
   * Takes up the target that is due first and nobody else has, and says what the next message to it is about, as of now.
   * A message that was under way when its lease ran out may have been posted (ALERTS 28). Undefined when nothing is due.
   */
  claim(holder: string, now: number, leaseMs: number): Promise<OutgoingMessage | undefined>;
  /**
   * The message was posted: it is announced, and what has changed meanwhile is owed (ALERTS 28). Returns its alerts that somebody
   * has taken meanwhile: nothing is owed for that, and its card does not show it yet.
   */
  delivered(flush: OutgoingMessage, posted: { readonly messageId: string }, now: number): Promise<readonly number[]>;
  /** It was not, or may not have been (ALERTS 29). Says what became of it. @param jitter from 0 to 1 */
  failed(
    flush: OutgoingMessage,
    setback: DeliveryFailure,
    now: number,
    jitter: number,
  ): Promise<"retry" | "dead" | "suspended">;
  /** Customer data must not go to this space now (PRODUCT 5): looks again later. True the first time, when it is to be told so. */
  withhold(flush: OutgoingMessage, now: number): Promise<boolean>;
  /** Ends every lease of a process that is known to be gone: none where several may share the database. */
  release(): Promise<number>;
  /** When the next message falls due; undefined when nothing waits. */
  nextDue(): Promise<number | undefined>;
  /** How many notices wait, and since when the oldest has; how many were dropped because they cancelled out. */
  state(): Promise<{
    readonly waiting: number;
    readonly oldestAt?: number;
    readonly cancelled: number;
    readonly dead: number;
  }>;
  /** The space cannot be reached: its watches rest, their owners and the ops room are told (ALERTS 29). */
  suspend(roomId: string, why: "removed" | "refused", now: number): Promise<void>;
  /** The bot is (back) in this space: if it has watches, they go on, with a baseline card. */
  resume(roomId: string, now: number): Promise<void>;
  /** The spaces that watch something, but for those that are known to be out of reach. */
  reachableRooms(): Promise<readonly string[]>;
  /** Webex has given a space another id. */
  migrate(roomId: string, newRoomId: string): Promise<void>;
  /** All that time alone brings: blindness, reminders, escalations, ends of mutes and storms, digests (ALERTS 22 to 24, 31). */
  runScheduled(watching: MonitorState): Promise<void>;
  /** Something that the people who run the bot should know: to the ops room, if there is one. */
  notifyOps(lines: readonly string[], now: number): Promise<void>;
  /** The last try at reading a scope failed of this. */
  recordReadFailure(scope: Scope, trouble: ReadFailure, now: number): Promise<void>;
}

/** One message to be: everything that it is made from, as of the moment it was claimed. */
export interface OutgoingMessage {
  readonly recipient: Recipient;
  readonly holder: string;
  readonly form: MessagePlan["form"];
  readonly notices: readonly Notice[];
  /**
   * What it is about. For a cover, a reminder, a digest or a storm: all of those, not only the ones that a notice names.
   * Oldest first.
   */
  readonly alerts: readonly Alert[];
  /** What this space was told of them before. */
  readonly notified: readonly NotifiedState[];
  /** Absent for a person. */
  readonly room?: WatchingRoom;
  readonly queue: RecipientQueue;
  /** Customers of the scope, for a baseline. */
  readonly customerCount: number;
  /** From when on a digest counts. */
  readonly digestSince?: number;
  /** When a drill's first message was owed, taken up and posted. */
  readonly drillTimes?: { readonly queuedAt: number; readonly claimedAt: number; readonly sentAt: number };
}
