import type { Delays } from "./lag.ts";
import type { TrueItem } from "./truth.ts";

export interface Mute {
  readonly from: number;
  readonly to: number;
  /** Until somebody may have ended it. */
  readonly surelyTo: number;
  /** It may have covered the item at some time. */
  readonly covers: (item: TrueItem) => boolean;
  /** It covered the item in every state that the bot may have seen last. */
  readonly surelyCovers: (item: TrueItem, from: number, to: number) => boolean;
}

interface Muting {
  readonly mutes?: readonly Mute[];
}

/** True if a mute may have covered the item at some time between the two. */
export function isMuted({ mutes = [] }: Muting, item: TrueItem, from: number, to: number): boolean {
  return mutes.some((mute) => mute.from <= to && mute.to >= from && mute.covers(item));
}

/** How long a message may be under way when a mute begins. */
const UNDER_WAY_MS = 60_000;

/** Muted for longer than a message may be under way, whatever the bot has seen last; what was said during a fault may be lost. */
export function isSurelyMuted(
  { delays }: { readonly delays: Delays },
  { mutes = [] }: Muting,
  item: TrueItem,
  at: number,
): boolean {
  const seenFrom = delays.earliest(at, delays.lag.sweep);
  return mutes.some((mute) => {
    const isLost = delays.isDisturbed(mute.from, mute.from + UNDER_WAY_MS);
    return !isLost && mute.from < at - UNDER_WAY_MS && mute.surelyTo > at && mute.surelyCovers(item, seenFrom, at);
  });
}
