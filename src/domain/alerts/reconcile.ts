import type { Scope } from "../customers/sweep.ts";
import { type Alert, isActive } from "./alert.ts";
import { activeMute, type Mute } from "./mute.ts";
import { isWatched, type Watch } from "./watch.ts";

/** A space as far as it decides what it should be told. */
export interface WatchingRoom {
  readonly roomId: string;
  /** It hears of this scope alone. */
  readonly scope: Scope;
  readonly watches: readonly Watch[];
  /** Those that have ended as well. */
  readonly mutes: readonly Mute[];
}

/** What a space was last told of an alert (ALERTS 18, 28). Nothing of it: it was never told. */
export interface NotifiedState {
  readonly roomId: string;
  readonly alertId: number;
  readonly state: "open" | "closed" | "flapping";
  readonly generation: number;
  /** How many failed retries it was told of. */
  readonly failures: number;
  /** The message that began the thread, and carries the card. */
  readonly messageId: string;
  /** How often that card was edited. */
  readonly edits: number;
  readonly notifiedAt: number;
  /** How often it was reminded of, and when that is due next. */
  readonly reminded: number;
  readonly remindAt: number;
  readonly escalatedAt?: number;
}

/** What a space should believe (ALERTS 18); `hold` is whatever it believes. */
export type DesiredState = "open" | "closed" | "flapping" | "unchanged";

/** The one thing that a space is to be told of an alert. */
export type AlertNoticeKind = "alert" | "retry" | "reopen" | "recovery" | "flapping" | "flapping-end";

export interface ReconcileInput {
  readonly alert: Alert;
  /** Whether a package of the same customer is open, which says more than the customer itself (ALERTS 2). */
  readonly inhibited: boolean;
}

export function desiredState({ alert, inhibited }: ReconcileInput, room: WatchingRoom, now: number): DesiredState {
  if (alert.key.scope !== room.scope) return "unchanged";
  const state = notifiedStateOf(alert);
  // The end of what was told is told however the watches and mutes were changed since; that it flaps is no end.
  if (state === "closed") return "closed";
  const isForRoom =
    alert.drill === undefined
      ? room.watches.some((watch) => isWatched(watch, alert, now))
      : alert.drill === room.roomId;
  return isForRoom && !inhibited && activeMute(alert, room.mutes, now) === undefined ? state : "unchanged";
}

/**
 * The difference between what a space should believe and what it was told, as the notice that makes up for it (ALERTS 19).
 * Undefined when there is none: who was told nothing is owed no ending.
 */
export function noticeFor(
  desired: DesiredState,
  alert: Pick<Alert, "failures" | "retrying">,
  told: Pick<NotifiedState, "state" | "failures"> | undefined,
): AlertNoticeKind | undefined {
  if (told === undefined) return desired === "open" ? "alert" : undefined;
  if (desired === "unchanged") return undefined;
  if (desired !== told.state) return NOTICE_FOR_CHANGE[desired][told.state];
  return desired === "open" && alert.failures > told.failures && !alert.retrying ? "retry" : undefined;
}

/** What leads to what should be believed from what is believed. */
const NOTICE_FOR_CHANGE: Readonly<
  Record<NotifiedState["state"], Partial<Record<NotifiedState["state"], AlertNoticeKind>>>
> = {
  open: { closed: "reopen", flapping: "flapping-end" },
  closed: { open: "recovery", flapping: "recovery" },
  flapping: { open: "flapping", closed: "flapping" },
};

/** What a space believes of an alert, once it was told that it is so. */
export function notifiedStateOf(alert: Alert): NotifiedState["state"] {
  if (alert.flapping !== undefined) return "flapping";
  return isActive(alert) ? "open" : "closed";
}
