import type { Refusal } from "../access.ts";
import type { Acknowledgement, Alert } from "../alerts/alert.ts";
import type { Asides } from "../alerts/asides.ts";
import type { AlertCard } from "../alerts/card-edits.ts";
import type { DeliveryFailure } from "../alerts/delivery-policy.ts";
import type { CodeMemory, RecalledCode } from "../alerts/error-codes.ts";
import type { MessagePlan, RecipientQueue } from "../alerts/grouping.ts";
import type { Mute } from "../alerts/mute.ts";
import type { Notice, NoticeKind, Recipient } from "../alerts/notice.ts";
import type { NotifiedState, WatchingRoom } from "../alerts/reconcile.ts";
import type { StormPlan } from "../alerts/storm.ts";
import type { ToldMessage } from "../alerts/story.ts";
import type { MonitorState, ReadFailure, Visibility } from "../alerts/visibility.ts";
import type { Watch, WatchOptions } from "../alerts/watch.ts";
import type { AuditEntry, AuditedPerson } from "../audit.ts";
import type { DigestSchedule } from "../commands/digest.ts";
import type { ProvisioningClass } from "../customers/customer.ts";
import type { Filter } from "../customers/filter.ts";
import type { Scope } from "../customers/sweep.ts";
import type { Unanswered } from "../unanswered.ts";
import type { PostedMessage } from "./messaging.ts";

/** Each call is one transaction that also enqueues the notices that follow from it (ALERTS 25). Times are epoch milliseconds. */

/** The alerts, and what people change about them. */
export interface Alerts {
  find(scope: Scope, id: number): Promise<Alert | undefined>;
  /** Open, healing or flapping, oldest first, without drills. */
  active(scope: Scope): Promise<readonly Alert[]>;
  /** The number of those. */
  countActive(scope: Scope): Promise<number>;
  activeOfCustomer(scope: Scope, customerId: string): Promise<readonly Alert[]>;
  /** Opened, re-opened or closed at `since` or later, oldest first, without drills. */
  changedSince(scope: Scope, since: number): Promise<readonly Alert[]>;
  /** Entries into error of matching packages since then, from the history; for the preview of `watch`. */
  countErrorEntries(
    scope: Scope,
    query: { readonly filter: Filter; readonly since: number; readonly now: number },
  ): Promise<number>;
  /** The bot’s memory of a code in this scope. */
  codeMemory(about: RecalledCode, now: number): Promise<CodeMemory>;
  /** The same for a card of these alerts: of the first code of the only one; undefined where it is over or has none. */
  memoryOnCard(alerts: readonly Alert[], now: number): Promise<CodeMemory | undefined>;
  roomState(roomId: string): Promise<RoomAlertState>;
  /** The watches of every space that has one, by space. */
  watchedSpaces(): Promise<readonly SpaceWatches[]>;
  /** The messages about this alert that the space got, oldest first; summaries are not among them. */
  toldMessages(roomId: string, alertId: number): Promise<readonly ToldMessage[]>;
  /** The data that `verify` compares, read at one moment. */
  verifyState(roomId: string): Promise<VerifyState>;
  /** The alerts that this message shows, and what this space was told of them; undefined if it shows none. */
  alertsOnCard(roomId: string, messageId: string): Promise<AlertsOnCard | undefined>;
  /** The customers that this person follows, by their titles. */
  follows(scope: Scope, personId: string): Promise<readonly Follow[]>;
  visibility(scope: Scope): Promise<Visibility>;
  /** The rows that are kept about a person; the id or the address may be empty. */
  tracesOf(person: AuditedPerson): Promise<Traces>;
  change(roomId: string, change: AlertChange, now: number, audit?: AuditEntry): Promise<void>;
  /** Counts an edit that answers a press; false when the card has had its two (ALERTS 30). */
  reservePressEdit(messageId: string): Promise<boolean>;
  /** The answer to a press has edited the card, so that the press owes it no edit. */
  recordPressEdit(messageId: string, now: number): Promise<void>;
}

export interface SpaceWatches {
  readonly roomId: string;
  readonly scope: Scope;
  readonly watches: readonly Watch[];
  /** Since when they are suspended (ALERTS 29); absent while the space can be reached. */
  readonly suspendedAt?: number;
}

export interface AlertsOnCard {
  readonly shown: readonly NotifiedAlert[];
  readonly postedAt: number;
  readonly asides: Asides;
}

export interface NotifiedAlert {
  readonly alert: Alert;
  readonly notified: NotifiedState;
}

/** The settings of a space, and what it was told. */
export interface RoomAlertState extends WatchingRoom {
  readonly notified: readonly NotifiedState[];
  readonly queued: readonly Notice[];
  /** The first summary of its storm; absent when there is none. */
  readonly stormMessageId?: string;
  readonly digest?: DigestSchedule;
  /** The time at which its watches were suspended (ALERTS 29); absent while it can be reached. */
  readonly suspendedAt?: number;
}

export interface VerifyState {
  readonly roomState: RoomAlertState;
  /** All tracked alerts of the scope, without drills. */
  readonly active: readonly Alert[];
  /** The alerts that the space believes to be open or flapping. */
  readonly notified: readonly Alert[];
  /** The alerts of which a dead notice to this space tells. */
  readonly givenUp: readonly number[];
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
  /** An alert that is closed or acknowledged already stays as it is. */
  | ({ readonly kind: "ack"; readonly alerts: readonly number[]; readonly ack: Acknowledgement } & ShownOn)
  /** Takes acknowledgements back; reminders go on (ALERTS 22). */
  | ({ readonly kind: "unack"; readonly alerts: readonly number[] } & ShownOn)
  | ({ readonly kind: "mute"; readonly mute: Omit<Mute, "roomId" | "number"> } & ShownOn)
  /** Ends the mute now; its open alerts are notified (ALERTS 23). */
  | ({ readonly kind: "unmute"; readonly number: number } & ShownOn)
  | { readonly kind: "follow"; readonly follow: Follow }
  | ({ readonly kind: "unfollow" } & Pick<Follow, "personId" | "scope" | "customerId">)
  | { readonly kind: "digest"; readonly schedule?: DigestSchedule }
  | { readonly kind: "drill" }
  /** The customers that the list leaves out are really gone, says the person of this name (ALERTS 6). */
  | { readonly kind: "confirm absence"; readonly by: string }
  /** Removes what is kept about a person who left; the watches of that person are the heir's from then on. */
  | { readonly kind: "forget"; readonly person: AuditedPerson; readonly heirId: string }
  /** Sends what was given up, and what waits for another try, at once; to every recipient (ALERTS 29). */
  | { readonly kind: "send again" };

/** The rows that are kept about one person, as `forget` shows them. */
export interface Traces {
  /** The name or the address of the person. */
  readonly hasName: boolean;
  readonly auditRows: number;
  readonly follows: number;
  /** Messages to the person that wait, or were sent lately. */
  readonly messages: number;
  /** Watches that the person made, and those that escalate to the person. */
  readonly watches: number;
  readonly escalations: number;
  readonly acks: number;
  readonly mutes: number;
}

/** The cards of the alerts are edited to show such a change. */
interface ShownOn {
  /** The pressed card, which the answer to the press edits; if that does not happen, it is edited a minute later. */
  readonly shownOn?: string;
}

/** One person is notified once, 1:1, of the final status of this customer. */
export interface Follow {
  readonly personId: string;
  readonly scope: Scope;
  readonly customerId: string;
  /** The name of the customer for people. */
  readonly title: string;
  /** The class of the customer at `since`. */
  readonly class: ProvisioningClass;
  readonly since: number;
}

/** The outcome of a failed delivery. `lease lost`: it was claimed again meanwhile, and nothing was recorded. */
export type FailureOutcome = "retry" | "dead" | "suspended" | "lease lost";

/** The notices, sent as one message at a time to each recipient (ALERTS 27). */
export interface Outbox {
  /**
   * Claims the next message of the recipient that is due first, with a lease; undefined when nothing is due. A message whose
   * earlier lease ran out after its POST began may have been posted, so it is marked (ALERTS 28).
   */
  claim(holder: string, now: number, leaseMs: number): Promise<OutgoingMessage | undefined>;
  /** Records that the POST of a claimed message begins; false if the lease ran out, and another process has the message. */
  beginPost(message: OutgoingMessage, now: number): Promise<boolean>;
  /** Records a posted message, and enqueues what has changed meanwhile (ALERTS 28). */
  delivered(
    message: OutgoingMessage,
    posted: Pick<PostedMessage, "messageId" | "threadId">,
    now: number,
  ): Promise<void>;
  /** Records a delivery failure (ALERTS 29). @param jitter a random number from 0 to 1 */
  failed(message: OutgoingMessage, failure: DeliveryFailure, now: number, jitter: number): Promise<FailureOutcome>;
  /**
   * Postpones a message that may not be shown to its recipient now (PRODUCT 5); not counted as a try. True if the space is to be
   * told that guests are the reason.
   */
  withhold(message: OutgoingMessage, because: Refusal["because"], now: number): Promise<boolean>;
  /** The guests are gone: the space gets a baseline in place of this message and of what waited with it. */
  endWithholding(message: OutgoingMessage, now: number): Promise<void>;
  /** Claims, with a lease, the card that owes an edit and is due first; undefined when none is due (ALERTS 30). */
  claimEdit(now: number, leaseMs: number): Promise<CardEdit | undefined>;
  /** Records the outcome of an edit; one that failed is tried again later. */
  recordEdit(edit: CardEdit, outcome: EditOutcome, now: number): Promise<void>;
  /** Ends the leases of the process before this one; does nothing where several processes may share the database. */
  release(): Promise<number>;
  /** The database is a restored backup: drops what waits, in the inbox as well, and gives each watching space a catch-up. */
  dropRestored(now: number): Promise<void>;
  /** When the next message is due; undefined when nothing waits. */
  nextDue(): Promise<number | undefined>;
  /** When the next edit of a card is due; undefined when no card owes one. */
  nextEditDue(): Promise<number | undefined>;
  /** The numbers of notices; `cancelled` are those that were dropped because their difference was gone. */
  state(): Promise<{
    readonly waiting: number;
    readonly oldestAt?: number;
    readonly cancelled: number;
    readonly dead: number;
  }>;
  /** The messages that were not delivered, oldest first. */
  contents(): Promise<readonly OutboxEntry[]>;
  /** Suspends the watches of a space that cannot be reached, and tells their owners and the ops room (ALERTS 29). */
  suspend(roomId: string, why: "removed" | "unreachable", now: number): Promise<void>;
  /** The bot is in this space: if its watches were suspended before `now`, they go on with a baseline (ALERTS 29). */
  resume(roomId: string, now: number): Promise<void>;
  /** The spaces with watches that are suspended. */
  suspendedRooms(): Promise<readonly string[]>;
  /** The spaces with watches that are not suspended, or were suspended at this moment or later. */
  migrationCandidates(suspendedSince: number): Promise<readonly string[]>;
  /** Webex changed the id of a space. If its watches were suspended, they go on with a baseline (ALERTS 29). */
  migrate(roomId: string, newRoomId: string, now: number): Promise<void>;
  /** Does what is due by time alone: outages, reminders, escalations, ends of mutes and storms, digests (ALERTS 21 to 24, 31). */
  runScheduled(monitor: MonitorState): Promise<void>;
  /** Enqueues the note that a question of this space was not answered, or adds it to the note that waits. */
  reportUnanswered(roomId: string, question: Unanswered, now: number): Promise<void>;
  /** Enqueues a report to the ops room; does nothing without one. @param lines a title, then lines */
  notifyOps(lines: readonly string[], now: number): Promise<void>;
  recordReadFailure(scope: Scope, failure: ReadFailure, now: number): Promise<void>;
}

/** A claimed edit: the card, and the present state of what it shows. */
export interface CardEdit extends AlertsOnCard {
  readonly roomId: string;
  readonly messageId: string;
  readonly kind: AlertCard["kind"];
  readonly room: WatchingRoom;
  /** As in a message. */
  readonly memory?: CodeMemory | undefined;
  readonly isOver: boolean;
  readonly pointsToThread: boolean;
  /** It is the first summary of a storm that has not ended. */
  readonly isStormOn: boolean;
  /** The number of changes that this edit covers. */
  readonly changes: number;
}

/** `refused`: Webex takes no edit of this card; `failed`: it may take one later; `withheld`: the room may not see it now. */
export type EditOutcome = "shown" | "refused" | "failed" | "withheld";

/** Undelivered notices of one kind to one recipient. */
export interface OutboxEntry {
  /** The title of the space, as its watches know it; "A person" for a person. */
  readonly recipient: string;
  /** A `question` was asked in this space and given up. */
  readonly kind: NoticeKind | "question";
  readonly state: "waiting" | "held" | "dead";
  readonly count: number;
  /** The numbers of the first alerts. */
  readonly alertIds: readonly number[];
  /** When the oldest was queued. */
  readonly since: number;
  /** The kind of the `DeliveryFailure` after which it was given up; `guests` if it waits for them to leave; of a question, its code. */
  readonly cause?: string;
  readonly nextTryAt?: number;
}

/** The claim of a message, which is void once another claim has followed it. */
export interface MessageLease {
  readonly holder: string;
  readonly leasedUntil: number;
}

/** A claimed message: all that it is made from, as of the time of the claim. */
export interface OutgoingMessage extends MessageLease {
  readonly recipient: Recipient;
  readonly form: MessagePlan["form"];
  readonly notices: readonly Notice[];
  readonly storm?: StormPlan;
  /** The alerts that came and went, and that the message names besides (ALERTS 20). */
  readonly cameAndWent?: readonly Notice[];
  /** Of the card that the message edits: an edit has none of its own. */
  readonly asidesOfCard?: Asides;
  /** Oldest first. For a summary notice, a reminder, a digest or a storm: also the alerts that no notice names. */
  readonly alerts: readonly Alert[];
  /** The states of these alerts that the space was told before. */
  readonly notified: readonly NotifiedState[];
  /** Absent for a message to a person. */
  readonly room?: WatchingRoom;
  readonly queue: RecipientQueue;
  /** The bot’s memory of the first code of the only alert; absent where it is over or has none. */
  readonly memory?: CodeMemory | undefined;
  /** The customers of the scope, for a baseline. */
  readonly customerCount: number;
  /** The start of the period of a digest. */
  readonly digestSince?: number;
  /** The steps of the first message of a drill. */
  readonly drillTimes?: { readonly queuedAt: number; readonly claimedAt: number; readonly sentAt: number };
}
