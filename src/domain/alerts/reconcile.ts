import type { Scope } from "../customers/sweep.ts";
import { type Alert, isActive } from "./alert.ts";
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
  /** The root of the thread, which carries the card. */
  readonly messageId: string;
  /** The number of edits of that card. */
  readonly edits: number;
  readonly notifiedAt: number;
  /** The number of reminders, and when the next one is due. */
  readonly reminded: number;
  readonly remindAt: number;
  readonly escalatedAt?: number;
}

/** The state that a space should know (ALERTS 18); `unchanged` keeps whatever it was told. */
export type DesiredState = "open" | "closed" | "flapping" | "unchanged";

/** The notices about one alert (ALERTS 19). */
export type AlertNoticeKind = "alert" | "retry" | "reopen" | "recovery" | "flapping" | "flapping-end";

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
  alert: Pick<Alert, "failures" | "retrying">,
  notified: Pick<NotifiedState, "state" | "failures"> | undefined,
): AlertNoticeKind | undefined {
  if (notified === undefined) return desired === "open" ? "alert" : undefined;
  if (desired === "unchanged") return undefined;
  if (desired !== notified.state) return NOTICE_FOR_CHANGE[desired][notified.state];
  return desired === "open" && alert.failures > notified.failures && !alert.retrying ? "retry" : undefined;
}

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
