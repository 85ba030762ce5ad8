import { beliefsAt, NEWS, unnamedIn } from "./beliefs.ts";
import { isMuted } from "./mutes.ts";
import { titleOf } from "./names.ts";
import { type Observed, statementsOf, type Watcher } from "./observed.ts";
import { isInhibited } from "./open-items.ts";
import type { Version } from "./room-reader.ts";
import { timeText, truthText } from "./sentences.ts";
import { type Episode, episodesOf, type TrueItem } from "./truth.ts";

const MINUTE = 60_000;
/** ALERTS 13: so many entries into error within this time, and it ends after so long without a change. */
const ENTRIES = 4;
const WITHIN_MS = 120 * MINUTE;
const CALM_MS = 30 * MINUTE;

/** Rule 13: each room that watches a flapping item is told so while it flaps, also one that was not told of it before. */
export function checkFlapping(observed: Observed, watcher: Watcher, at: number): readonly string[] {
  return observed.truth
    .items()
    .filter((item) => watcher.wants(item) && item.stays.length > 2 * ENTRIES - 1)
    .flatMap((item) => checkItem(observed, watcher, item, at));
}

function checkItem(observed: Observed, watcher: Watcher, item: TrueItem, at: number): readonly string[] {
  const begun = beginningOf(observed, item);
  if (begun === undefined) return [];
  const { first, last } = begun;
  const { lag } = observed.delays;
  const mutes = (watcher.mutes ?? []).filter((mute) => mute.covers(item) && mute.from <= last + CALM_MS);
  const mayKnowFrom = Math.max(last + lag.quick, watcher.since, ...mutes.map(({ to }) => to));
  const dueBy = mayKnowFrom + lag.tell;
  if (dueBy > at || !isStillFlapping(observed, watcher, item, { first, last, dueBy })) return [];
  if (isTold(observed, watcher, item, { first, last, dueBy })) return [];
  const text = `Rule 13: ${titleOf(item)} failed ${ENTRIES} times until ${timeText(last)}, and the room was not told that it flaps`;
  return [`${text} by ${timeText(dueBy)}; ${truthText(item, dueBy)}.`];
}

/** Four errors in a row that the bot has surely seen, with a recovery before each; the first such time. */
function beginningOf({ delays }: Observed, { stays }: TrueItem) {
  const isSeen = (from: number, to: number) => delays.isSure(from, to, delays.lag.quick);
  const isEntry = ({ from, bad, before }: Episode): boolean => {
    const good = stays.findLast((stay) => stay.from < from && stay.class === "good");
    const isSure = bad.some((stay) => stay.isListed && isSeen(stay.from, stay.to));
    return before !== undefined && isSure && good !== undefined && isSeen(good.from, good.to);
  };
  const episodes = episodesOf(stays);
  for (let i = ENTRIES - 1; i < episodes.length; i += 1) {
    const entries = episodes.slice(i - ENTRIES + 1, i + 1);
    const [first, last] = [entries[0]?.from ?? 0, entries.at(-1)?.from ?? 0];
    if (entries.every(isEntry) && last - first < WITHIN_MS - 2 * delays.lag.quick) return { first, last };
  }
  return undefined;
}

interface Period {
  /** When the first and the last of the four errors began. */
  readonly first: number;
  readonly last: number;
  readonly dueBy: number;
}

/** It was not calm since, is there, and nothing but its room's mute kept the bot from telling it. */
function isStillFlapping(observed: Observed, watcher: Watcher, item: TrueItem, period: Period): boolean {
  const { truth, delays } = observed;
  const { first, last, dueBy } = period;
  const stays = item.stays.filter(({ from, to }) => from <= dueBy && to >= first);
  return (
    stays.every(({ from, to }) => Math.min(to, dueBy) - Math.max(from, last) < CALM_MS) &&
    stays.every((stay) => stay.class !== "gone") &&
    !delays.isDisturbed(first, dueBy) &&
    !isInhibited(truth, item, first - delays.lag.sweep, dueBy) &&
    !isMuted(watcher, item, dueBy - delays.lag.tell + 1, dueBy)
  );
}

/** By name, or in the numbers of a message: a storm tells of its own by these, in its own time. */
function isTold(observed: Observed, watcher: Watcher, item: TrueItem, { first, dueBy }: Period): boolean {
  const versions = observed.reader.versions(watcher.roomId).filter(({ at }) => at <= dueBy);
  const since = unrestSince(item, first);
  const mayCount = ({ at, reading }: Version) =>
    at >= since && (reading.storm !== undefined || unnamedIn(reading).flapping > 0);
  const isNamed = (version: Version) =>
    statementsOf(observed, version).some(({ claim, items }) => claim === "flapping" && items.includes(item));
  return (
    versions.some(mayCount) ||
    versions.some((version) => version.at >= first && isNews(version) && isNamed(version)) ||
    beliefsAt(observed, watcher, dueBy).get(item.key)?.isFlapping === true
  );
}

/** It may flap on from earlier errors, through changes that leave no half an hour of calm, and is told once. */
function unrestSince({ stays }: TrueItem, first: number): number {
  return (
    stays.reduceRight((since, { from }) => (from < since && from >= since - CALM_MS ? from : since), first) - CALM_MS
  );
}

const isNews = ({ reading }: Version): boolean => NEWS.includes(reading.form) || reading.form === "reminder";
