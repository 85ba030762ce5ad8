import { type Alert, isActive } from "../alerts/alert.ts";
import { type Mute, muteOf } from "../alerts/mute.ts";
import type { Scope } from "../customers/sweep.ts";
import { isWanted, type Watch } from "./watch.ts";

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
export interface Announced {
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
  readonly toldAt: number;
  /** How often it was reminded of, and when that is due next. */
  readonly reminded: number;
  readonly remindAt: number;
  readonly escalatedAt?: number;
}

/** What a space should believe (ALERTS 18); `hold` is whatever it believes. */
export type Desired = "open" | "closed" | "flapping" | "hold";

/** The one thing that a space is to be told of an alert. */
export type AlertNotice = "alert" | "retry" | "reopen" | "recovery" | "flapping" | "steady";

export interface Standing {
  readonly alert: Alert;
  /** Whether a package of the same customer is open, which says more than the customer itself (ALERTS 2). */
  readonly heldBack: boolean;
}

export function desiredOf({ alert, heldBack }: Standing, room: WatchingRoom, now: number): Desired {
  if (alert.key.scope !== room.scope) return "hold";
  const state = stateOf(alert);
  // The end of what was told is told however the watches and mutes were changed since; that it flaps is no end.
  if (state === "closed") return "closed";
  const isWatched =
    alert.drill === undefined
      ? room.watches.some((watch) => isWanted(watch, alert, now))
      : alert.drill === room.roomId;
  return isWatched && !heldBack && muteOf(alert, room.mutes, now) === undefined ? state : "hold";
}

/**
 * The difference between what a space should believe and what it was told, as the notice that makes up for it (ALERTS 19).
 * Undefined when there is none: who was told nothing is owed no ending.
 */
export function owedFor(
  desired: Desired,
  alert: Pick<Alert, "failures" | "retrying">,
  told: Pick<Announced, "state" | "failures"> | undefined,
): AlertNotice | undefined {
  if (told === undefined) return desired === "open" ? "alert" : undefined;
  if (desired === "hold") return undefined;
  if (desired !== told.state) return TURNS[desired][told.state];
  return desired === "open" && alert.failures > told.failures && !alert.retrying ? "retry" : undefined;
}

/** What leads to what should be believed from what is believed. */
const TURNS: Readonly<Record<Announced["state"], Partial<Record<Announced["state"], AlertNotice>>>> = {
  open: { closed: "reopen", flapping: "steady" },
  closed: { open: "recovery", flapping: "recovery" },
  flapping: { open: "flapping", closed: "flapping" },
};

/** What a space believes of an alert, once it was told that it is so. */
export function stateOf(alert: Alert): Announced["state"] {
  if (alert.flapping !== undefined) return "flapping";
  return isActive(alert) ? "open" : "closed";
}
