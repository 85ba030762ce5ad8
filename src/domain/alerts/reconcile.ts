import type { Scope } from "../customers/sweep.ts";
import { type Alert, isActive } from "./alert.ts";
import { codesText } from "./error-codes.ts";
import { activeMute, type Mute } from "./mute.ts";
import { isWatched, type Watch } from "./watch.ts";

/** The settings of a space that decide what it should be told. */
export interface WatchingRoom {
  readonly roomId: string;
  /** Alerts of other scopes are not for this space. */
  readonly scope: Scope;
  readonly watches: readonly Watch[];
  /** Including those that have ended. */
  readonly mutes: readonly Mute[];
}

/** The last state of an alert that a space was told (ALERTS 18, 28). Without such a row, it was never told. */
export interface NotifiedState {
  readonly roomId: string;
  readonly alertId: number;
  readonly state: "open" | "closed" | "flapping";
  readonly generation: number;
  /** The failed retries that it was told of. */
  readonly failures: number;
  /** The entry into BAD that it was told of, as `Alert.badSince`. */
  readonly badSince: number;
  /** The codes that it was told, as `codesText` has them. */
  readonly codes: string;
  /** The root of the thread. It stays the same as long as the room knows the alert. */
  readonly messageId: string;
  /** The first summary of the storm that told its last opening; absent if it was told by name. */
  readonly storm?: string;
  readonly notifiedAt: number;
  /** The number of reminders, and when the next one is due. */
  readonly reminded: number;
  readonly remindAt: number;
  readonly escalatedAt?: number;
}

/** The state that a space should know (ALERTS 18); `unchanged` keeps whatever it was told. */
export type DesiredState = "open" | "closed" | "flapping" | "unchanged";

/** The notices about one alert (ALERTS 19). */
export type AlertNoticeKind = "alert" | "retry" | "code-change" | "reopen" | "recovery" | "flapping" | "flapping-end";

export interface ReconcileInput {
  readonly alert: Alert;
  /** The alert is of `*`, and an item of the same customer has an active alert of the same kind (ALERTS 2). */
  readonly inhibited: boolean;
}

/** The state that the room should know of this alert; `unchanged` where its watches and mutes ask for no message (ALERTS 18). */
export function desiredState({ alert, inhibited }: ReconcileInput, room: WatchingRoom, now: number): DesiredState {
  if (alert.key.scope !== room.scope) return "unchanged";
  const state = notifiedStateOf(alert);
  // A close is notified in spite of changed watches and mutes. Flapping is not a close.
  if (state === "closed") return "closed";
  const isForRoom =
    alert.drill === undefined
      ? room.watches.some((watch) => isWatched(watch, alert, now))
      : alert.drill === room.roomId;
  return isForRoom && !inhibited && activeMute(alert, room.mutes, now) === undefined ? state : "unchanged";
}

/**
 * The notice that removes the difference between desired and notified, by the table of ALERTS 19; undefined when there is none.
 * A space that was never told of the alert gets no notice of its end.
 */
export function noticeFor(
  desired: DesiredState,
  alert: NotifiedFacts,
  notified: Pick<NotifiedState, "state" | "failures" | "badSince" | "codes"> | undefined,
): AlertNoticeKind | undefined {
  if (desired === "unchanged") return undefined;
  if (notified === undefined) return FIRST_NOTICE[desired];
  if (desired !== notified.state) return NOTICE_FOR_CHANGE[desired][notified.state];
  return desired === "open" ? newsOf(alert, notified) : undefined;
}

type NotifiedFacts = Pick<Alert, "failures" | "retrying" | "badSince" | "subject">;

/** The notice for a change of an open alert that the space was not told of yet (ALERTS 3, 10, 12). */
function newsOf(
  alert: NotifiedFacts,
  notified: Pick<NotifiedState, "failures" | "badSince" | "codes">,
): AlertNoticeKind | undefined {
  if (alert.badSince > notified.badSince) return "reopen";
  if (alert.retrying) return undefined;
  if (alert.failures > notified.failures) return "retry";
  return codesText(alert) === notified.codes ? undefined : "code-change";
}

/** To a space that was not told of the alert, by desired. */
const FIRST_NOTICE: Readonly<Partial<Record<NotifiedState["state"], AlertNoticeKind>>> = {
  open: "alert",
  flapping: "flapping",
};

/** By desired, then by notified. */
const NOTICE_FOR_CHANGE: Readonly<
  Record<NotifiedState["state"], Partial<Record<NotifiedState["state"], AlertNoticeKind>>>
> = {
  open: { closed: "reopen", flapping: "flapping-end" },
  closed: { open: "recovery", flapping: "recovery" },
  flapping: { open: "flapping", closed: "flapping" },
};

/** The notified state of a space after a message about the alert in its present state. */
export function notifiedStateOf(alert: Alert): NotifiedState["state"] {
  if (alert.flapping !== undefined) return "flapping";
  return isActive(alert) ? "open" : "closed";
}
