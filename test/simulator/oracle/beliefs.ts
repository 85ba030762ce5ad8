import type { Delays } from "./lag.ts";
import { isMuted } from "./mutes.ts";
import { isUnknown, type Observed, statementsOf, type Told, type Watcher } from "./observed.ts";
import { type Bounds, mustBeOpen, openItems, surelySeen } from "./open-items.ts";
import type { Claim, Form, Reading } from "./read-message.ts";
import type { Version } from "./room-reader.ts";
import { episodeAt, episodesWithin, type TrueItem } from "./truth.ts";

/** What a room believes of one item. */
export interface Belief {
  readonly item: TrueItem;
  /** Absent where the item was counted without a name, or named without an alert. */
  readonly alert?: number | undefined;
  readonly isOpen: boolean;
  readonly isFlapping: boolean;
  readonly cameAndWent?: boolean;
  /**
   * More items may be meant than the message counts, or this one was not in error then. Or an answer alone named its alert: the end
   * is told only where a message told of the alert (ALERTS 19).
   */
  readonly isUnsure?: boolean;
  readonly by: Version;
  readonly line: string;
}

export const OPEN_CLAIMS: readonly Claim[] = [
  "open",
  "re-opened",
  "codes-changed",
  "retry-failed",
  "retrying",
  "moving",
  "recovering",
  "flapping",
];

export const ENDS: readonly Claim[] = ["recovered", "removed"];

/** The forms that tell what is new of single alerts. */
export const NEWS: readonly Form[] = ["single", "group", "catch-up"];

/** The forms in which people get single alerts because they asked. */
const ANSWERS: readonly Form[] = ["alerts", "digest"];

/** The last word of later messages on a belief that a message may have ended without its name. */
type Naming = "over" | "open" | "not";

/** What a room believes at a time: the newest statement on each alert, and the numbers of storms and baselines. */
export function beliefsAt(observed: Observed, watcher: Watcher, at: number): ReadonlyMap<string, Belief> {
  const shown = observed.reader.shownAt(watcher.roomId, at);
  const beliefs = new Map(countedBeliefs(observed, watcher, shown).map((belief) => [belief.item.key, belief]));
  const named = namedBeliefs(observed, shown);
  const isFirstNamedOver = findNamedEnds(observed, shown);
  // One message may end alerts without naming them. Those that another message names as over are not among them, and those that
  // one names as open are the last of them.
  const namedLater = (belief: Belief): Naming => {
    const last = named.get(belief.item.key);
    if (last?.isOpen === false && last.by.at >= belief.by.at) return "over";
    if (isFirstNamedOver(belief)) return "over";
    return last?.isOpen === true && last.by.at > belief.by.at ? "open" : "not";
  };
  for (const version of shown.toSorted((a, b) => a.at - b.at)) {
    endUnnamed(observed, beliefs, version, namedLater);
    // A later number may count it anew.
    endUnnamed(observed, named, version);
  }
  const ends = newestEnds(observed, shown);
  for (const [key, last] of named) {
    const end = ends.get(key);
    // An older alert of the item, whose end no message names, hides the end of a newer one.
    const belief = end !== undefined && !last.isOpen && end.by.at > last.by.at ? end : last;
    if (hasPrecedence(belief, beliefs.get(key))) beliefs.set(key, belief);
  }
  return beliefs;
}

/** True if what the messages name of an item counts, and not what they only count. */
function hasPrecedence(named: Belief, counted: Belief | undefined): boolean {
  if (counted === undefined) return true;
  if (named.isOpen) return !counted.isOpen || !named.isUnsure;
  // The message that would end it without its name may count it as well.
  const isUndecided = counted.by === named.by && countOf(named.by) > 0;
  // A list of what is over in the last hours says nothing of a later error that is only counted.
  const isList = ANSWERS.includes(named.by.reading.form);
  return named.by.at >= counted.by.at && !isUndecided && !isList;
}

/** By item, the newest notice that names it as over. */
function newestEnds(observed: Observed, shown: readonly Version[]): ReadonlyMap<string, Belief> {
  const told = shown
    .toSorted((a, b) => a.at - b.at)
    .flatMap((version) => statementsOf(observed, version))
    .filter((one) => ENDS.includes(one.claim) && one.lastSeen !== "bad" && !isAsked(one));
  return new Map(told.flatMap((one) => one.items.map((item) => [item.key, beliefOf(one, item, false)] as const)));
}

/** True for what the first message that names it later names as over, and not as in error again, also if it was told as open since. */
function findNamedEnds(observed: Observed, shown: readonly Version[]): (belief: Belief) => boolean {
  const byItem = new Map<string, Told[]>();
  const statements = shown.toSorted((a, b) => a.at - b.at).flatMap((version) => statementsOf(observed, version));
  for (const told of statements) {
    for (const { key } of told.items) byItem.set(key, [...(byItem.get(key) ?? []), told]);
  }
  return ({ item, by }) => {
    const first = byItem.get(item.key)?.find(({ version }) => version.at >= by.at);
    const isAgain = first?.isAgain === true || first?.lastSeen === "bad";
    return first !== undefined && !isAgain && !OPEN_CLAIMS.includes(first.claim);
  };
}

/** So many packages are over by the numbers of this message, of those that the room believed to be open. */
function endUnnamed(
  observed: Observed,
  beliefs: Map<string, Belief>,
  version: Version,
  namedLater: (belief: Belief) => Naming = () => "not",
): void {
  const count = unnamedEnds(version.reading);
  if (count === 0) return;
  const named = statementsOf(observed, version);
  // An older alert of the same item may be named beside it.
  const isNamed = ({ item, alert }: Belief) =>
    named.some((told) => told.items.includes(item) && (alert === undefined || told.alert === alert));
  // The numbers are first of those that a message surely counted. One that flaps is rarely over by then.
  const rank = (belief: Belief) =>
    Number(belief.isUnsure ?? false) + Number(namedLater(belief) === "open") + Number(belief.isFlapping);
  const over = [...beliefs.values()]
    .filter((belief) => mayEnd(belief, version) && !isNamed(belief) && namedLater(belief) !== "over")
    .toSorted((a, b) => rank(a) - rank(b));
  for (const { item } of over.slice(0, count)) {
    beliefs.set(item.key, { item, isOpen: false, isFlapping: false, by: version, line: version.reading.firstLine });
  }
}

const mayEnd = ({ isOpen, by, item }: Belief, { at, trueAt }: Version): boolean =>
  isOpen && by.at < at && episodeAt(item.stays, trueAt) === undefined;

/** "And 9 more" under the rows of recovered packages, or what a storm says is not in error any more. A baseline counts all that is. */
function unnamedEnds({ form, storm, baseline, ended = 0, statements }: Reading): number {
  if (baseline !== undefined) return Number.POSITIVE_INFINITY;
  if (storm !== undefined) return Math.max(0, storm.told - storm.open);
  if (!NEWS.includes(form)) return 0;
  return Math.max(0, ended - statements.filter(({ claim }) => ENDS.includes(claim)).length);
}

/** By item: open if the newest statement on any of its alerts says so. */
function namedBeliefs(observed: Observed, shown: readonly Version[]): Map<string, Belief> {
  const byItem = new Map<string, Belief>();
  // A list of what the room does not watch is true of its time, and nobody is told what comes after it.
  const own = shown.filter(({ reading }) => !reading.isEverywhere);
  const all = own.flatMap((version) => statementsOf(observed, version)).filter(({ isAgain }) => !isAgain);
  const notices = newestOfAlerts(all.filter((told) => !isAsked(told)));
  const ended = new Set(notices.filter(({ claim }) => ENDS.includes(claim)).map(({ alert }) => alert));
  // A list of what is over repeats an end that a notice told, which may be older than a later error.
  const statements = all.filter((told) => !(isAsked(told) && ENDS.includes(told.claim) && ended.has(told.alert)));
  const notified = new Set(notices.filter(({ claim }) => OPEN_CLAIMS.includes(claim)).map(({ alert }) => alert));
  const passed = statements.filter(({ claim }) => claim === "came-and-went");
  const passedAt = own.findLast(({ reading }) => reading.passed.length > 0)?.createdAt ?? 0;
  // Only notices are followed by the end, and a line may count without names what came and went.
  const isUnsure = (told: Told) => isAsked(told) && (!notified.has(told.alert) || told.version.at < passedAt);
  const countedAt = own.findLast(({ reading }) => reading.baseline !== undefined)?.at ?? 0;
  for (const told of newestOfAlerts(statements)) {
    // Another alert tells of an item that is in error again.
    if (told.lastSeen === "bad" && ENDS.includes(told.claim)) continue;
    // A baseline counts anew whatever is in error.
    const isLive = (item: TrueItem) =>
      told.version.at >= countedAt && !passed.some((one) => hasPassed(item, told, one));
    for (const item of told.items.filter((one) => !isOpening(told) || isLive(one))) {
      const belief = beliefOf(told, item, isUnsure(told));
      const known = byItem.get(item.key);
      if (known === undefined || isStronger(belief, known)) byItem.set(item.key, belief);
    }
  }
  return byItem;
}

const isOpening = ({ claim }: Told): boolean => OPEN_CLAIMS.includes(claim) && claim !== "flapping";

/** A later line told that it was over. The end of an older alert, told since, does not hide that. */
const hasPassed = (item: TrueItem, { version }: Told, passed: Told): boolean =>
  passed.items.includes(item) && passed.version.at > version.at;

/** The statement is in an answer, or in a list of the day, of which the bot does not remember what it said. */
export const isAsked = ({ version }: Told): boolean => ANSWERS.includes(version.reading.form);

function isStronger(one: Belief, other: Belief): boolean {
  const isNewer = one.by.at >= other.by.at;
  // It tells of one of the errors of which there are too many.
  if (one.cameAndWent && other.isFlapping) return false;
  if (other.cameAndWent && one.isFlapping) return true;
  // "Came and went" names no alert, so it ends whatever else was told before.
  if (one.isOpen === other.isOpen || one.cameAndWent || other.cameAndWent) return isNewer;
  return one.isOpen;
}

function beliefOf({ claim, version, line, alert }: Told, item: TrueItem, isUnsure: boolean): Belief {
  const cameAndWent = claim === "came-and-went";
  return {
    item,
    alert,
    isOpen: OPEN_CLAIMS.includes(claim),
    isFlapping: claim === "flapping",
    cameAndWent,
    isUnsure,
    by: version,
    line,
  };
}

/** The newest statement on each alert; statements without a number all count. */
export function newestOfAlerts(told: readonly Told[]): readonly Told[] {
  const byAlert = new Map<number, Told>();
  for (const one of told) {
    if (one.alert === undefined) continue;
    const known = byAlert.get(one.alert);
    if (known === undefined || isNewer(one.version, known.version)) byAlert.set(one.alert, one);
  }
  return [...told.filter(({ alert }) => alert === undefined), ...byAlert.values()];
}

function isNewer(one: Version, other: Version): boolean {
  return one.at === other.at ? one.createdAt >= other.createdAt : one.at > other.at;
}

/** The items that are in the numbers of a storm or a baseline without a name. */
function countedBeliefs(observed: Observed, watcher: Watcher, shown: readonly Version[]): readonly Belief[] {
  const storms = new Map<string, Version>();
  const sources: Version[] = [];
  for (const version of shown) {
    if (version.reading.baseline) sources.push(version);
    if (!version.reading.storm) continue;
    const known = storms.get(version.threadId);
    if (known === undefined || isNewer(version, known)) storms.set(version.threadId, version);
  }
  return [...sources, ...storms.values()]
    .toSorted((a, b) => a.at - b.at)
    .flatMap((version) => {
      const { least, most } = countedItems(observed, watcher, version);
      const isSure = (item: TrueItem) =>
        episodeAt(item.stays, version.trueAt) !== undefined &&
        (most.length <= countOf(version) || least.includes(item));
      const counted = { isOpen: true, isFlapping: false, by: version, line: version.reading.firstLine };
      return most.map((item) => ({ item, isUnsure: !isSure(item), ...counted }));
    });
}

/** How many items a storm or a baseline says are in error. */
const countOf = ({ reading: { storm, baseline } }: Version): number => storm?.open ?? baseline?.inError ?? 0;

/** How many items a message counts as open or as flapping without their names: "and 53 more". A storm counts all of its own. */
export function unnamedIn({ form, open = 0, flapping = 0, statements, storm, baseline }: Reading) {
  const counts = storm ?? baseline;
  if (counts !== undefined) return { open: 0, flapping: counts.flapping };
  if (!NEWS.includes(form)) return { open: 0, flapping: 0 };
  const flaps = statements.filter(({ claim }) => claim === "flapping").length;
  const opens = statements.filter(({ claim }) => OPEN_CLAIMS.includes(claim)).length - flaps;
  return { open: Math.max(0, open - opens), flapping: Math.max(0, flapping - flaps) };
}

const TWO_HOURS_MS = 2 * 3_600_000;

/** One of these messages may count the item without its name: as open since this error began, or as flapping. */
export function isCountedUnnamed(
  item: TrueItem,
  shown: readonly Version[],
  moment: { readonly at: number; readonly delays: Delays },
): boolean {
  const from = episodeAt(item.stays, moment.at)?.from ?? moment.at;
  return (
    shown.some(({ at, reading }) => unnamedIn(reading).open > 0 && at >= from) || isCountedFlapping(item, shown, moment)
  );
}

interface FlapMoment {
  readonly at: number;
  readonly delays: Delays;
}

const flapsFrom = ({ at, delays }: FlapMoment): number => delays.earliest(at, delays.lag.sweep) - TWO_HOURS_MS;

/** It went into error often enough to flap. */
const hasFlapped = ({ stays }: TrueItem, moment: FlapMoment): boolean =>
  episodesWithin(stays, flapsFrom(moment), moment.at).length >= 4;

/** It may flap, and one of these messages may count it as that. */
export function isCountedFlapping(item: TrueItem, shown: readonly Version[], moment: FlapMoment): boolean {
  if (!hasFlapped(item, moment)) return false;
  const from = flapsFrom(moment);
  return shown.some(({ reading, at }) => unnamedIn(reading).flapping > 0 && at >= from && at <= moment.at);
}

const hasCounts = ({ baseline, storm }: Reading): boolean => (baseline ?? storm) !== undefined;

/** The items that the numbers of a storm or a baseline may mean, and those that they must mean. */
export function countedItems(observed: Observed, watcher: Watcher, version: Version): Bounds {
  const { truth, delays, losses } = observed;
  const isStorm = version.reading.storm !== undefined;
  const settledAt = isStorm ? version.trueAt - delays.lag.tell : version.trueAt;
  const { most } = openItems(truth, delays, version.trueAt, watcher.wants);
  const { least } = openItems(truth, delays, settledAt, watcher.wants);
  const { isExcluded, isElsewhere } = isStorm ? toldElsewhere(observed, watcher, version) : NOWHERE;
  const may = most.filter((item) => !isExcluded(item));
  // Lost notices are made anew after the next complete reading.
  const isAnyLost = losses.some(
    (loss) => loss <= version.trueAt && !delays.isSure(loss, version.trueAt, delays.lag.sweep),
  );
  return {
    most: may,
    least: least.filter((item) => {
      if (isAnyLost) return false;
      const isStillOpen =
        may.includes(item) && (episodeAt(item.stays, version.trueAt)?.from ?? version.trueAt) <= settledAt;
      return isStillOpen && !isElsewhere(item) && !isMuted(watcher, item, settledAt, version.trueAt);
    }),
  };
}

/** The card of a storm lists so many codes at most (ALERTS 21). */
export const CODES_LISTED = 8;

interface Elsewhere {
  /** The storm cannot count it: it was told before, and did not change since. */
  readonly isExcluded: (item: TrueItem) => boolean;
  /** The storm need not count it. */
  readonly isElsewhere: (item: TrueItem) => boolean;
}

const NOWHERE: Elsewhere = { isExcluded: () => false, isElsewhere: () => false };

/** Which items were told in other messages than those of the storm, or were to be told when it was over. */
function toldElsewhere({ reader, delays, ...observed }: Observed, watcher: Watcher, storm: Version): Elsewhere {
  const { roomId } = watcher;
  const posted = reader.versions(roomId).filter(({ isEdit, at }) => !isEdit && at <= storm.at);
  const startedAt = posted.find(({ id }) => id === storm.threadId)?.createdAt ?? storm.createdAt;
  const endedAt = posted.find(
    ({ threadId, reading }) => threadId === storm.threadId && reading.form === "storm-end",
  )?.at;
  const others = posted.filter(({ threadId }) => threadId !== storm.threadId);
  const told = others
    .flatMap((version) => statementsOf(observed, version))
    .filter(({ version }) => NEWS.includes(version.reading.form));
  const named = told.filter(({ claim }) => OPEN_CLAIMS.includes(claim));
  const shown = reader.versions(roomId).filter(({ threadId, at }) => threadId !== storm.threadId && at <= storm.at);
  const counted = shown.filter(({ reading, at }) => hasCounts(reading) && at < startedAt);
  const known = named.filter(({ version }) => !isUnknown(observed, version));
  const isToldOf = (
    item: TrueItem,
    until: number,
    mayCount: (counts: Version) => boolean,
    openings = named,
  ): boolean => {
    const { key, stays } = item;
    const { from = Number.POSITIVE_INFINITY } = episodeAt(stays, until) ?? {};
    const isNamed = ({ items, version: { at } }: Told) =>
      at >= from && at <= until && items.some((one) => one.key === key);
    const isCounted = counted.some((counts) => counts.at >= from && mayCount(counts));
    return isCounted || openings.some(isNamed) || isToldFlapping(key, until);
  };
  const isToldFlapping = (key: string, until: number): boolean => {
    const last = told.findLast(({ items, version: { at } }) => at <= until && items.some((one) => one.key === key));
    return last?.claim === "flapping";
  };
  const mayBeCounted = (item: TrueItem): boolean => isCountedUnnamed(item, shown, { at: storm.trueAt, delays });
  const isSettled = ({ stays }: TrueItem): boolean =>
    !stays.some(({ from }) => from > startedAt - delays.lag.sweep && from <= storm.trueAt);
  const isLater = (item: TrueItem): boolean => {
    if (endedAt === undefined || endedAt >= storm.trueAt) return false;
    const from = endedAt - delays.lag.tell;
    return (episodeAt(item.stays, storm.trueAt)?.from ?? 0) > from || isMuted(watcher, item, from, endedAt);
  };
  // Packages that fail with other codes are told by name, with the next window.
  const { codes = [] } = storm.reading.storm ?? {};
  const isOfOtherCode = ({ stays }: TrueItem): boolean => {
    const own = episodeAt(stays, storm.trueAt)?.bad.flatMap((stay) => stay.codes) ?? [];
    return (
      codes.length > 0 && codes.length < CODES_LISTED && own.length > 0 && !own.some((code) => codes.includes(code))
    );
  };
  return {
    // While the list lied, or the bot was blind, an earlier message with numbers knew nothing of the item.
    isExcluded: (item) => {
      const hasCounted = (counts: Version) => !isUnknown(observed, counts) && mustBeOpen(item, delays, counts.trueAt);
      return isToldOf(item, startedAt, hasCounted, known) && isSettled(item);
    },
    // The bot may have missed a GOOD time that was short: then the error is the one that was told before.
    isElsewhere: (item) => {
      const seen = { ...item, stays: surelySeen(item.stays, delays, storm.trueAt) };
      const isTold = isToldOf(seen, storm.trueAt, () => true) || mayBeCounted(item);
      // That a package flaps is told by its name.
      return isTold || isLater(item) || isOfOtherCode(item) || hasFlapped(item, { at: storm.trueAt, delays });
    },
  };
}
