import {
  beliefsAt,
  isCountedFlapping,
  type Observed,
  statementsOf,
  type Told,
  unaskedPosts,
  type Watcher,
} from "./beliefs.ts";
import { itemsNamed } from "./names.ts";
import { mustBeOpen } from "./open-items.ts";
import type { Version } from "./room-reader.ts";
import { quote } from "./sentences.ts";
import { episodesWithin, type TrueItem } from "./truth.ts";

/** Latencies between a message that was due and its time in the room. */
const TOLERANCE_MS = 5_000;

/** Check 7, law d: one grouped message in each window, but for an error after calm (ALERTS 20). */
export function checkWindows(
  observed: Observed,
  watcher: Watcher,
  { from, to, intervalMs }: { readonly from: number; readonly to: number; readonly intervalMs: number },
): readonly string[] {
  const grouped = unaskedPosts(observed, watcher, to).filter(isGrouped);
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

/** It tells of an item that was GOOD before, and nothing that the room knew of was still open. */
function isExcepted(observed: Observed, watcher: Watcher, version: Version): boolean {
  const before = unaskedPosts(observed, watcher, version.at - 1).flatMap((one) => statementsOf(observed, one));
  // A room that was not told of the alert so far, since it came and went, hears of its re-opening as of a new one.
  const isNew = ({ alert }: Told) => !before.some((told) => told.alert === alert);
  const named = statementsOf(observed, version).filter((told) => {
    const { claim } = told;
    return ["open", "retrying", "recovering"].includes(claim) || (claim === "re-opened" && isNew(told));
  });
  const worst = version.reading.storm?.worst ?? [];
  const told = [
    ...named.flatMap(({ items }) => items),
    ...worst.flatMap(({ customer, items }) => items.flatMap((item) => itemsNamed(observed.truth, customer, item))),
  ];
  const isRegression = told.some((item) => wasGood(item, version.at));
  const moment = { at: version.at - 1, delays: observed.delays };
  // A flapping package is not open, also where a message counts it as flapping without its name.
  const known = [...beliefsAt(observed, watcher, moment.at).values()].filter(
    ({ isOpen, isFlapping, item, by }) => isOpen && !isFlapping && !isCountedFlapping(item, [by], moment),
  );
  return isRegression && !known.some(({ item }) => mustBeOpen(item, observed.delays, moment.at));
}

function wasGood({ stays }: TrueItem, at: number): boolean {
  return episodesWithin(stays, at - 600_000, at).some(({ before }) => before === "good");
}
