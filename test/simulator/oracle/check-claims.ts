import { NEWS } from "./beliefs.ts";
import { type Delays, readingLag } from "./lag.ts";
import { type Observed, statementsOf, type Told, type Watcher } from "./observed.ts";
import { surelySeen } from "./open-items.ts";
import type { Claim } from "./read-message.ts";
import { quote, truthText } from "./sentences.ts";
import { readTime } from "./times.ts";
import {
  episodesOf,
  episodesWithin,
  type StatusClass,
  type Stay,
  stayAt,
  staysWithin,
  type TrueItem,
  wasEver,
} from "./truth.ts";

/** The class that an item has had within the lag if the claim is true. */
const NEEDED: Readonly<Partial<Record<Claim, readonly StatusClass[]>>> = {
  open: ["bad"],
  "re-opened": ["bad"],
  "codes-changed": ["bad"],
  "retry-failed": ["bad"],
  retrying: ["moving"],
  moving: ["moving"],
  recovering: ["good"],
  recovered: ["good"],
  removed: ["gone"],
};

/** Check 1: what a message and each of its edits says of an item was true within the lag. */
export function checkClaims(observed: Observed, { roomId }: Pick<Watcher, "roomId">, from: number, to: number) {
  /** The last claim on each alert. */
  const last = new Map<number, Claim>();
  const checkOne = (told: Told, _at: number, all: readonly Told[]): readonly string[] => {
    const before = last.get(told.alert ?? 0);
    if (told.alert !== undefined) last.set(told.alert, told.claim);
    if (told.version.at <= from || isOlderEnd(told, all)) return [];
    return checkStatement(observed, told, before);
  };
  const versions = observed.reader.versions(roomId).filter(({ at }) => at <= to);
  return versions.flatMap((version) => [
    ...statementsOf(observed, version).flatMap(checkOne),
    ...(version.at > from ? version.reading.unread : []).map(
      (line) => `Check 1: nobody can read the line ${quote(version, line)}.`,
    ),
  ]);
}

/** The end of an alert beside a newer alert of the same item: that one says how the item is. */
function isOlderEnd({ claim, alert = 0, items }: Told, all: readonly Told[]): boolean {
  const isNewer = (other: Told) => (other.alert ?? 0) > alert && other.items.some((item) => items.includes(item));
  return claim === "recovered" && all.some(isNewer);
}

function checkStatement({ delays }: Observed, told: Told, before: Claim | undefined): readonly string[] {
  const { claim, items, version, line } = told;
  const said = `Check 1: the line ${quote(version, line)}`;
  const [first] = items;
  if (first === undefined) return [`${said} names nobody of the world.`];
  // The end of an alert stays true: only its first telling is compared.
  const isOldEnd = claim === before && ["recovered", "removed", "flapping"].includes(claim);
  if (isOldEnd) return [];
  const wrong = [
    ...(items.some((item) => wasTrue(item, told, delays)) ? [] : [`says “${claim}”`]),
    ...(items.some((item) => wasSeen(item, told, delays)) ? [] : [`says that it was seen “${told.lastSeen}”`]),
    ...(items.some((item) => isSinceTrue(item, told, delays)) ? [] : ["gives a wrong “since”"]),
    ...wrongCodes(told, delays),
  ];
  return wrong.map((what) => `${said} ${what}; ${truthText(first, version.trueAt)}.`);
}

function wasTrue({ stays }: TrueItem, { claim, lastSeen, isAgain, version }: Told, delays: Delays): boolean {
  const { lag, earliest } = delays;
  const { trueAt: at, reading } = version;
  if (claim === "flapping") return mayFlap(stays, at, delays);
  if (claim === "came-and-went") {
    const [first, ...others] = episodesWithin(stays, earliest(at, lag.tellLate), at);
    return first !== undefined && first.to <= at && (!isAgain || others.length > 0);
  }
  if (claim === "removed" && lastSeen !== undefined) return wasEver(stays, ["gone"], 0, at);
  // An answer lists what has recovered, whatever came after that, and the edit of a card shows how its alert ended.
  if (claim === "recovered" && (version.isEdit || !NEWS.includes(reading.form) || lastSeen !== undefined))
    return episodesOf(stays).some(({ to }) => to <= at && stayAt(stays, to)?.class === "good");
  // What is over stays over while it is MOVING.
  const shown = claim === "recovered" ? withoutMoving(stays) : stays;
  return wasOfClass(shown, NEEDED[claim] ?? [], at, delays);
}

/** A line about an item that flaps, or that ended and changed since, says in which class the bot saw it last. */
function wasSeen({ stays }: TrueItem, { lastSeen, version }: Told, delays: Delays): boolean {
  return lastSeen === undefined || wasOfClass(stays, [lastSeen], version.trueAt, delays);
}

/** Whether it was of one of these classes within the lag. */
function wasOfClass(stays: TrueItem["stays"], needed: readonly StatusClass[], at: number, delays: Delays): boolean {
  const { lag, earliest } = delays;
  return staysWithin(stays, earliest(at, lag.sweep), at).some((stay) => {
    return needed.includes(stay.class) && stay.to >= earliest(at, lagAfter(stays, stay.to, at, lag));
  });
}

/** Each other stay lasts until the next one that is not MOVING either. */
function withoutMoving(stays: readonly Stay[]): readonly Stay[] {
  const settled = stays.filter((stay) => stay.class !== "moving");
  return settled.map((stay, i) => ({ ...stay, to: settled[i + 1]?.from ?? Number.POSITIVE_INFINITY }));
}

/** How long what the bot saw last may be over: what followed may be something that only sweeps read. */
function lagAfter(stays: TrueItem["stays"], from: number, to: number, lag: Delays["lag"]): number {
  const later = staysWithin(stays, from, to).map((stay, i, all) => laterOf(stay, all[i - 1]));
  return Math.max(lag.quick, ...later.map((stay) => readingLag(lag, stay)));
}

/** The bot looks up what it knows as unhealthy as often as a quick poll, and what was healthy only if that lists it. */
function laterOf(stay: Stay, before: Stay | undefined): Pick<Stay, "isListed"> {
  const isNews = stay.class === "bad" || (stay.class === "moving" && before?.class === "good");
  return { isListed: isNews ? stay.isListed : stay.class !== "gone" };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** ALERTS 13: it failed so often within two hours, and has not been calm for 30 min and five readings since. */
const FLAPPING = { entries: 4, withinMs: 2 * HOUR, calmMs: 30 * MINUTE, readings: 6 };

function mayFlap(stays: readonly Stay[], at: number, { earliest, isSure, lag }: Delays): boolean {
  const { entries, withinMs, calmMs, readings } = FLAPPING;
  const isCalm = (from: number, to: number) => isSure(from, to, calmMs + readings * lag.sweep);
  const begins = (time: number) => episodesWithin(stays, earliest(time, lag.sweep) - withinMs, time).length >= entries;
  let flapsSince: number | undefined;
  for (const { class: of, from } of stays.filter((one) => one.from <= at)) {
    if (flapsSince !== undefined) flapsSince = isCalm(flapsSince, from) ? undefined : from;
    if (of === "bad" && begins(from)) flapsSince = from;
  }
  return flapsSince !== undefined && !isCalm(flapsSince, at);
}

/** "Seen since": the item was BAD when the bot saw it. */
function isSinceTrue({ stays }: TrueItem, { since, claim, version }: Told, { earliest, lag }: Delays): boolean {
  const at = since === undefined ? undefined : readTime(since, version.at);
  if (at === undefined || claim === "recovered" || claim === "removed") return true;
  return wasEver(stays, ["bad"], earliest(at, lag.quick), at + MINUTE);
}

/** How long ago the error may be over of which a line gives the code. */
const CODES_KEPT_MS: Readonly<Partial<Record<Claim, number>>> = {
  "came-and-went": HOUR,
  // A flapping alert counts entries into error of two hours, and may be removed while it is healthy.
  flapping: 2 * HOUR,
  removed: 2 * HOUR,
};

/** A code is wrong if the item had it at no time of the episodes that the line may be about. */
function wrongCodes({ claim, codes, items, version }: Told, delays: Delays): readonly string[] {
  const { earliest, lag } = delays;
  const from = earliest(version.trueAt, lag.sweep + (CODES_KEPT_MS[claim] ?? 0));
  const known = new Set(
    items.flatMap(({ stays }) => {
      const begin = Math.min(
        from,
        ...episodesOf(surelySeen(stays, delays, version.trueAt))
          .filter(({ to }) => to >= from)
          .map((one) => one.from),
      );
      return staysWithin(stays, begin, version.trueAt).flatMap((stay) => stay.codes);
    }),
  );
  return codes.filter((code) => !known.has(code)).map((code) => `gives the code ${code}`);
}
