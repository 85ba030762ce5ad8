import { type Delays, readingLag } from "./lag.ts";
import { type Episode, episodeAt, episodesWithin, type Stay, stayAt, type TrueItem, type Truth } from "./truth.ts";

/** The fewest and the most that a number may be. */
export interface Bounds {
  readonly least: readonly TrueItem[];
  readonly most: readonly TrueItem[];
}

/** The items in trouble as the bot may know them at a time; of the customer itself only while no item of it is in trouble. */
export function openItems(truth: Truth, delays: Delays, at: number, isMeant: (item: TrueItem) => boolean): Bounds {
  const meant = truth.items().filter(isMeant);
  const others = (item: TrueItem) => truth.itemsOf(item.customer.id).filter((other) => other.item !== "*");
  const isOwn = ({ item }: TrueItem) => item === "*";
  const may = (item: TrueItem) => mayBeOpen(item, delays, at);
  const must = (item: TrueItem) => mustBeOpen(item, delays, at);
  return {
    least: meant.filter((item) => must(item) && !(isOwn(item) && others(item).some(may))),
    most: meant.filter((item) => may(item) && !(isOwn(item) && others(item).some(must))),
  };
}

/** In trouble at some time that the bot may have seen last. */
export function mayBeOpen({ stays }: TrueItem, delays: Delays, at: number): boolean {
  const { earliest, lag } = delays;
  return episodesWithin(surelySeen(stays, delays, at), earliest(at, lag.sweep), at).some(({ bad, to }) => {
    const last = bad.findLast(({ from }) => from <= at);
    // Only sweeps find that an item is gone.
    const isGone = stayAt(stays, to)?.class === "gone";
    return last !== undefined && to >= earliest(at, isGone ? lag.sweep : readingLag(lag, last));
  });
}

/** Without the times in which it was GOOD for so short that the bot may have missed them. */
export function surelySeen(stays: readonly Stay[], { isSure, lag }: Delays, at: number): readonly Stay[] {
  return stays.filter(
    ({ class: of, from, to }, i) => i === 0 || of !== "good" || isSure(from, Math.min(to, at), lag.quick),
  );
}

/** In trouble now, and since long enough to be seen. */
export function mustBeOpen({ stays }: TrueItem, delays: Delays, at: number): boolean {
  const episode = episodeAt(stays, at);
  return episode !== undefined && isSurelySeen(episode, delays, at);
}

/** BAD for so long that the bot has seen it by then. */
export function isSurelySeen({ bad }: Pick<Episode, "bad">, { isSure, lag }: Delays, by: number): boolean {
  return bad.some((stay) => stay.from < by && isSure(stay.from, Math.min(stay.to, by), readingLag(lag, stay)));
}

/** The customer itself is not told of while one of its items is in trouble (ALERTS 2). */
export function isInhibited(truth: Truth, { customer, item }: TrueItem, from: number, to: number): boolean {
  if (item !== "*") return false;
  const others = truth.itemsOf(customer.id).filter((other) => other.item !== "*");
  return others.some(({ stays }) => episodesWithin(stays, from, to).length > 0);
}
