import { isCountedFlapping, NEWS, OPEN_CLAIMS, unnamedIn } from "./beliefs.ts";
import { readingLag } from "./lag.ts";
import { isMuted } from "./mutes.ts";
import { titleOf } from "./names.ts";
import { type Observed, statementsOf, type Told, type Watcher } from "./observed.ts";
import { isInhibited, isSurelySeen } from "./open-items.ts";
import type { Claim } from "./read-message.ts";
import type { Version } from "./room-reader.ts";
import { quote, timeText, truthText } from "./sentences.ts";
import { type Episode, episodesOf, type TrueItem } from "./truth.ts";
import { unaskedPosts } from "./unasked.ts";

/** What the checks of law f need besides the observation. */
export interface EpisodeCheck {
  readonly at: number;
  /** Whether a message may have been posted without being recorded between the two: a crash, or an answer that got lost. */
  readonly mayRepeat: (from: number, to: number) => boolean;
}

/** News of an alert; the first line of a message that says so is a second telling where it comes twice. */
const FRESH: readonly Claim[] = ["open", "re-opened"];

/** Claims that tell of an error. A recovery alone may be that of the error before. */
const TELLING: readonly Claim[] = [...OPEN_CLAIMS, "came-and-went"];

/** The messages that tell of an episode, by name or in their numbers. */
interface Tellings {
  readonly named: readonly Told[];
  readonly counted: readonly Version[];
  /** The messages that count errors that came and went by code. */
  readonly passed: readonly Version[];
}

/** Check 4, law f: each error that lasts long enough to be seen is told once to each watching room. */
export function checkEpisodes(observed: Observed, watcher: Watcher, check: EpisodeCheck): readonly string[] {
  const tellings = tellingsIn(observed, watcher, check.at);
  const byItem = new Map<string, Told[]>();
  for (const told of tellings.named) {
    for (const { key } of told.items) byItem.set(key, [...(byItem.get(key) ?? []), told]);
  }
  return observed.truth
    .items()
    .filter((item) => watcher.wants(item))
    .flatMap((item) => {
      const named = byItem.get(item.key) ?? [];
      return checkItem(observed, watcher, item, { ...check, ...tellings, named });
    });
}

function tellingsIn(observed: Observed, watcher: Watcher, at: number): Tellings {
  const posted = unaskedPosts(observed, watcher, at);
  return {
    named: posted.filter(isNews).flatMap((version) => statementsOf(observed, version)),
    // Also by an edit: while a storm grows, its card alone tells what is new.
    counted: observed.reader
      .versions(watcher.roomId)
      .filter(({ reading }) => (reading.storm ?? reading.baseline) !== undefined || hasUnnamed(reading)),
    passed: posted.filter(({ reading }) => reading.passed.length > 0),
  };
}

function hasUnnamed(reading: Version["reading"]): boolean {
  const { open, flapping } = unnamedIn(reading);
  return open + flapping > 0;
}

const isNews = ({ reading }: Version): boolean => NEWS.includes(reading.form);

/** One episode, or several with too short a time between them to be seen as healthy. */
interface Chain {
  readonly from: number;
  readonly to: number;
  readonly episodes: readonly Episode[];
}

function chainsOf({ stays }: TrueItem, { delays }: Observed): readonly Chain[] {
  const chains: { from: number; to: number; episodes: Episode[] }[] = [];
  for (const episode of episodesOf(stays)) {
    const last = chains.at(-1);
    if (last && !delays.isSure(last.to, episode.from, delays.lag.quick)) {
      last.to = episode.to;
      last.episodes.push(episode);
    } else chains.push({ from: episode.from, to: episode.to, episodes: [episode] });
  }
  return chains;
}

type ItemCheck = EpisodeCheck & Tellings;

function checkItem(observed: Observed, watcher: Watcher, item: TrueItem, check: ItemCheck): readonly string[] {
  return chainsOf(item, observed).flatMap((chain) => {
    const twice = chain.episodes.flatMap((episode) => toldTwice(item, episode, check));
    const late = toldLate(observed, watcher, item, { ...check, chain });
    if (late !== undefined) return [...twice, late];
    const isOwed = isOwedNow(observed, watcher, item, { ...chain, at: check.at });
    if (!isOwed || wasTold(observed, watcher, item, chain, check)) return twice;
    const text = `Law f: ${titleOf(item)} was in error from ${timeText(chain.from)} to ${timeText(chain.to)}, and the room was never told`;
    return [...twice, `${text}; ${truthText(item, Math.min(chain.to, check.at))}.`];
  });
}

/** Whether the bot must have told it by now. */
function isOwedNow(
  { truth, delays, losses }: Observed,
  watcher: Watcher,
  item: TrueItem,
  { from, to, episodes, at }: Chain & { readonly at: number },
): boolean {
  const { tell, tellLate, sweep } = delays.lag;
  const isOver = to <= at;
  const dueBy = isOver ? at - tellLate : at - tell;
  const end = Math.min(to, at);
  return (
    from > watcher.since &&
    // An error that is over before the next complete reading is not missed.
    losses.every((loss) => loss < from || loss > end + tell || delays.isSure(loss, end, sweep)) &&
    (!isOver || to <= dueBy) &&
    episodes.some((episode) => isSurelySeen(episode, delays, Math.min(end, dueBy))) &&
    !isMuted(watcher, item, from, end + tell) &&
    !isInhibited(truth, item, from - sweep, end)
  );
}

function wasTold(
  { delays, rejections }: Observed,
  { roomId }: Watcher,
  item: TrueItem,
  { from, to, episodes }: Chain,
  { named, counted, passed }: ItemCheck,
): boolean {
  const { tellLate } = delays.lag;
  const isAt = (at: number) => at >= from && at <= to + tellLate;
  // A space that Webex suspended hears with the baseline of its return what is in error by then, and nothing of what is over.
  const isRejected = rejections.some((one) => one.roomId === roomId && one.reading.baseline && isAt(one.at));
  const isWithin = ({ createdAt }: Version, ms: number) => createdAt >= from && createdAt <= to + ms;
  return (
    isToldBefore(named, from) ||
    named.some(({ claim, version }) => TELLING.includes(claim) && isWithin(version, tellLate)) ||
    isRejected ||
    counted.some(({ at }) => isAt(at)) ||
    passed.some((version) => isWithin(version, tellLate) && isPassed(version, episodes)) ||
    // The numbers of a baseline may be all that it was told of an item that flaps.
    isCountedFlapping(item, counted, { at: from, delays })
  );
}

/** The message counts errors of this kind that came and went. */
function isPassed({ reading }: Version, episodes: readonly Episode[]): boolean {
  const codes = episodes.flatMap(({ bad }) => bad.flatMap((stay) => (stay.codes.length === 0 ? [""] : stay.codes)));
  return codes.some((code) => reading.passed.includes(code));
}

/**
 * Nothing new is owed where the room still believes that the alert is open, or that it flaps. A line about an error that came and
 * went is about the past, and takes neither back.
 */
function isToldBefore(named: readonly Told[], from: number): boolean {
  const isBefore = ({ claim, version }: Told) => version.createdAt < from && claim !== "came-and-went";
  const before = named.findLast(isBefore)?.version;
  // One message may tell the end of an earlier alert of the item as well.
  return named.some(({ claim, version }) => version === before && OPEN_CLAIMS.includes(claim));
}

/** How long a storm may keep what is new for its next edit. */
const STORM_WAIT_MS = 60 * 60_000;

/** The error went on for two complete readings and more, with nothing in the way, until the room heard of it first. */
function toldLate(
  { truth, delays }: Observed,
  watcher: Watcher,
  item: TrueItem,
  { chain: { from, to, episodes }, named, counted }: ItemCheck & { readonly chain: Chain },
): string | undefined {
  const { sweep } = delays.lag;
  if (from <= watcher.since || isToldBefore(named, from)) return undefined;
  const telling = [...named.filter(({ claim }) => TELLING.includes(claim)).map(({ version }) => version), ...counted];
  const toldAt = Math.min(...telling.map(({ at }) => at).filter((at) => at >= from));
  const seen = episodes
    .flatMap(({ bad }) => bad)
    .find((one) => delays.isSure(one.from, one.to, readingLag(delays.lag, one)));
  const isLate = seen !== undefined && delays.isSure(seen.from, Math.min(to, toldAt), 2 * sweep);
  if (!Number.isFinite(toldAt) || !isLate) return undefined;
  const isExcused =
    isMuted(watcher, item, from, toldAt) ||
    isInhibited(truth, item, from - sweep, toldAt) ||
    isCountedFlapping(item, counted, { at: from, delays }) ||
    counted.some(({ at }) => at >= from - STORM_WAIT_MS && at <= toldAt);
  if (isExcused) return undefined;
  return `Law f: ${titleOf(item)} was in error from ${timeText(from)}, and the room was told first at ${timeText(toldAt)}; ${truthText(item, toldAt)}.`;
}

function toldTwice(item: TrueItem, { from, to }: Episode, { named, mayRepeat }: ItemCheck): readonly string[] {
  const fresh = named.filter(({ claim, isReminder, version }) => {
    return FRESH.includes(claim) && !isReminder && version.createdAt >= from && version.createdAt < to;
  });
  return fresh.slice(1).flatMap((again, i) => {
    const first = fresh[i];
    if (first === undefined) return [];
    const isAllowed = again.version.reading.isRepeat && mayRepeat(first.version.createdAt, again.version.createdAt);
    const text = `Law f: ${titleOf(item)} was told twice in one error, as ${quote(first.version, first.line)} and as ${quote(again.version, again.line)}`;
    return isAllowed ? [] : [`${text}; ${truthText(item, again.version.createdAt)}.`];
  });
}
