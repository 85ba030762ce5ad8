import { beliefsAt, countedItems, isAsked, isCountedFlapping, OPEN_CLAIMS } from "./beliefs.ts";
import { readingLag } from "./lag.ts";
import { type Observed, type Rejection, statementsOf, type Told, type Watcher } from "./observed.ts";
import { mustBeOpen } from "./open-items.ts";
import type { Version } from "./room-reader.ts";
import { quote } from "./sentences.ts";
import { episodesWithin, type Stay, type TrueItem } from "./truth.ts";
import { isAnswer, unaskedPosts } from "./unasked.ts";

/** Latencies between a message that was due and its time in the room. */
const TOLERANCE_MS = 5_000;

/** Check 7, law d: one grouped message in each window, but for an error after calm (ALERTS 20). */
export function checkWindows(
  observed: Observed,
  watcher: Watcher,
  { from, to, intervalMs }: { readonly from: number; readonly to: number; readonly intervalMs: number },
): readonly string[] {
  const posts = unaskedPosts(observed, watcher, to).filter(isGrouped);
  const grouped = posts.filter((version) => !wasRefusedForLong(observed, version));
  return grouped.flatMap((version, i) => {
    const before = grouped[i - 1];
    if (before === undefined || version.at <= from) return [];
    const isSoon = version.at - before.at < intervalMs - TOLERANCE_MS;
    if (!isSoon || observed.delays.isDisturbed(before.at - intervalMs, version.at)) return [];
    if (isExcepted(observed, watcher, version)) return [];
    const seconds = Math.round((version.at - before.at) / 1_000);
    const [one, other] = [before, version].map((message) => quote(message, message.reading.firstLine));
    return [`Law d: ${seconds} s are between ${one} and ${other}.`];
  });
}

function isGrouped({ reading }: Version): boolean {
  return ["single", "group", "storm", "removals"].includes(reading.form) && !reading.isRepeat;
}

/** A message is tried so often within minutes before it waits for an hour, and is outside of the window then (ALERTS 29). */
const QUICK_TRIES = 4;
/** The forms of one try are posted one after the other. */
const ONE_TRY_MS = 30_000;
const NEXT_TRY_MS = 59 * 60_000;

/** Tries of all that this message names failed so often, and so long ago. */
function wasRefusedForLong(observed: Observed, version: Version): boolean {
  // The tries of the last hour were those of other messages: this one waited for that hour.
  const tries = failedTries(observed, version.roomId, version.at - NEXT_TRY_MS);
  const told = statementsOf(observed, version);
  return told.length > 0 && told.every((one) => one.items.some((item) => tries(item, one).length >= QUICK_TRIES));
}

/** @returns when Webex rejected, before `end`, a message of this room with such news of an item, or may have */
function failedTries({ rejections, doubts, resolve }: Observed, roomId: string, end: number) {
  const rejected = rejections.filter((one) => one.roomId === roomId && one.at < end);
  // The answer to a try that a crash or the network cut short is not seen: it may have been a rejection too.
  const cutShort = doubts.filter((one) => (one.roomId ?? roomId) === roomId && one.at < end);
  // A list that was cut may have had any of them.
  const isNamed = ({ reading }: Rejection, item: TrueItem) =>
    reading.more > 0 ||
    [...reading.statements, ...reading.short].some((statement) => resolve(statement).includes(item));
  return (item: TrueItem, { claim }: Told): readonly number[] => {
    const isOfPassed = ({ reading }: Rejection) => claim === "came-and-went" && reading.passed.length > 0;
    const own = rejected.filter((one) => isNamed(one, item) || isOfPassed(one));
    const since = own[0]?.at ?? end;
    const times = [...own, ...cutShort.filter(({ at }) => at > since)].map(({ at }) => at).toSorted((a, b) => a - b);
    return times.filter((at, i) => at - (times[i - 1] ?? 0) > ONE_TRY_MS);
  };
}

/** It tells of an item that was GOOD before, and nothing that the room knew of was still open. */
function isExcepted(observed: Observed, watcher: Watcher, version: Version): boolean {
  // A digest that people asked for looks like one of every day: neither tells of an alert.
  const before = unaskedPosts(observed, watcher, version.at - 1)
    .flatMap((one) => statementsOf(observed, one))
    .filter((told) => !isAsked(told));
  // A room that was not told of the alert so far, since it came and went, hears of its re-opening as of a new one.
  const isNew = ({ alert }: Told) => !before.some((told) => told.alert === alert);
  const named = statementsOf(observed, version).filter((told) => {
    const { claim } = told;
    return ["open", "retrying", "recovering"].includes(claim) || (claim === "re-opened" && isNew(told));
  });
  const counted = version.reading.storm === undefined ? [] : countedItems(observed, watcher, version).most;
  const told = [...named.flatMap(({ items }) => items), ...counted];
  const isRegression = told.some((item) => wasGood(observed, item, version.at));
  const moment = { at: version.at - 1, delays: observed.delays };
  // The answer to a question is no news: what only it named, the room still has to be told.
  const isUntold = (item: TrueItem) => {
    const last = before.findLast(({ items }) => items.includes(item));
    return last === undefined || !OPEN_CLAIMS.includes(last.claim);
  };
  // A flapping package is not open, also where a message counts it as flapping without its name; one that a number may mean is
  // not known.
  const known = [...beliefsAt(observed, watcher, moment.at).values()].filter(
    ({ isOpen, isFlapping, isUnsure, item, by }) =>
      isOpen &&
      !isFlapping &&
      !isUnsure &&
      !isCountedFlapping(item, [by], moment) &&
      !(isAnswer(observed, watcher, by) && isUntold(item)),
  );
  return isRegression && !known.some(({ item }) => mustBeOpen(item, observed.delays, moment.at));
}

/** The bot may have missed a retry between the two. */
function wasGood({ delays }: Observed, { stays }: TrueItem, at: number): boolean {
  const isSeen = (stay: Stay) => delays.isSure(stay.from, stay.to, readingLag(delays.lag, stay));
  const seen = stays.filter((stay) => stay.class !== "moving" || isSeen(stay));
  return episodesWithin(seen, at - 600_000, at).some(({ before }) => before === "good");
}
