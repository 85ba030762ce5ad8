import { CODES_LISTED, countedItems, ENDS } from "./beliefs.ts";
import { isItemNamed, itemsNamed } from "./names.ts";
import type { Observed, Watcher } from "./observed.ts";
import { type Bounds, mayBeOpen } from "./open-items.ts";
import type { StormCounts } from "./read-counts.ts";
import type { Reading } from "./read-message.ts";
import type { Version } from "./room-reader.ts";
import { quote, truthText } from "./sentences.ts";
import { episodesWithin, staysWithin, type TrueItem } from "./truth.ts";

/** Checks 1 and 6: the numbers of baselines, groups and storms equal the world's within the lag. */
export function checkCounts(observed: Observed, watcher: Watcher, from: number, to: number): readonly string[] {
  return observed.reader
    .versions(watcher.roomId)
    .filter(({ at, createdAt }) => at > from && at <= to && createdAt >= watcher.since)
    .flatMap((version) => {
      const wrong = [
        ...checkRows(version.reading),
        ...checkBaseline(observed, watcher, version),
        ...checkStorm(observed, watcher, version),
      ];
      return wrong.map((what) => `Check 6: the message ${quote(version, version.reading.firstLine)} ${what}.`);
    });
}

/** The numbers in the title of a group and its rows are of one set. */
function checkRows({ form, open = 0, flapping = 0, ended = 0, more, statements }: Reading): readonly string[] {
  if (form !== "group" && form !== "reminder") return [];
  const rows = statements.filter(({ claim }) => claim !== "came-and-went");
  const ends = rows.filter(({ claim }) => ENDS.includes(claim)).length;
  const flaps = rows.filter(({ claim }) => claim === "flapping").length;
  const opens = rows.length - ends - flaps;
  const left = open - opens + (flapping - flaps) + (ended - ends);
  const isWrong = open < opens || flapping < flaps || ended < ends || left !== more;
  return isWrong ? [`counts ${open} open and ${ended} ended, and shows ${opens} and ${ends}, and ${more} more`] : [];
}

function checkBaseline(observed: Observed, watcher: Watcher, version: Version): readonly string[] {
  const { baseline } = version.reading;
  if (baseline === undefined || version.isEdit) return [];
  // What flaps may be in error at the moment, or healthy.
  const { least, most } = countedItems(observed, watcher, version);
  const { earliest, lag } = observed.delays;
  // A customer is removed when it is absent from two sweeps in a row.
  const { customers } = baseline;
  const there = observed.truth.countsWithin(earliest(version.at, 2 * lag.sweep), version.trueAt);
  const isWrong = customers < there.least || customers > there.most;
  return [
    ...outside("in error", baseline.inError, { least: least.slice(baseline.flapping), most }),
    ...(isWrong && watcher.sees === undefined
      ? [`counts ${customers} customers, and in truth there are ${there.least} to ${there.most}`]
      : []),
  ];
}

function checkStorm(observed: Observed, watcher: Watcher, version: Version): readonly string[] {
  const { storm } = version.reading;
  if (storm === undefined) return [];
  const all = countedItems(observed, watcher, version);
  const packages = storm.byPackage.reduce((sum, { count }) => sum + count, 0);
  const wrongTotal = outside("still in error", storm.open, withFlapping(all, storm.flapping));
  // Any of the packages may be the one that flaps.
  const ofPackages = storm.byPackage.flatMap(({ item, count }) =>
    outside(item, count, withFlapping(ofPackage(all, item), storm.flapping)),
  );
  return [
    ...(wrongTotal.length > 0 ? wrongTotal : ofPackages),
    ...(storm.byPackage.length === 0 || packages === storm.open
      ? []
      : [`counts ${storm.open} still in error, and ${packages} by package`]),
    ...checkTold(observed, watcher, version, storm),
    ...checkWorst(observed, version, storm),
    ...checkCodes(observed, watcher, version, storm),
  ];
}

/** More alerts than this in one message are a storm (ALERTS 21). */
const STORM_THRESHOLD = 10;

/** Rule 21: a storm is about the codes of its first message. Others join it where they are enough for a storm of their own. */
function checkCodes(observed: Observed, { roomId, wants }: Watcher, version: Version, storm: StormCounts) {
  const { truth, delays, reader } = observed;
  const first = reader.versions(roomId).find(({ id, isEdit }) => id === version.threadId && !isEdit);
  const codes = first?.reading.storm?.codes ?? [];
  if (first === undefined || codes.length === 0 || codes.length >= CODES_LISTED) return [];
  const joined = storm.codes.filter((code) => !codes.includes(code));
  const from = delays.earliest(first.createdAt, delays.lag.sweep + delays.lag.tell);
  const codesOf = ({ stays }: TrueItem) => staysWithin(stays, from, version.trueAt).flatMap((one) => one.codes);
  const others = truth.items().filter((item) => wants(item) && codesOf(item).some((code) => joined.includes(code)));
  // The code of one that the storm told may have changed.
  const mayBeOf = others.some((item) => codesOf(item).some((code) => codes.includes(code)));
  if (joined.length === 0 || mayBeOf || others.length > STORM_THRESHOLD) return [];
  return [`has the code ${joined.join(", ")}, which is not the storm's: in truth ${others.length} had it`];
}

/** An item that flaps is counted as that, whether it is in error at the moment or not. */
function withFlapping({ least, most }: Bounds, flapping: number): Bounds {
  return { least: least.slice(flapping), most };
}

/** How many packages the storm is about in all. */
function checkTold({ truth, delays }: Observed, { wants }: Watcher, version: Version, storm: StormCounts) {
  const from = delays.earliest(version.createdAt, delays.lag.sweep + delays.lag.tell);
  const most = truth
    .items()
    .filter((item) => wants(item) && episodesWithin(item.stays, from, version.trueAt).length > 0);
  return [
    ...(storm.told < storm.open ? [`counts ${storm.told} in all, and ${storm.open} still in error`] : []),
    ...(storm.told > most.length && version.id === version.threadId
      ? [`counts ${storm.told} in all, and in truth at most ${most.length} were in error`]
      : []),
  ];
}

function ofPackage({ least, most }: Bounds, item: string): Bounds {
  const isMeant = (one: TrueItem) => isItemNamed(item, one);
  return { least: least.filter(isMeant), most: most.filter(isMeant) };
}

function checkWorst({ truth, delays }: Observed, version: Version, storm: StormCounts): readonly string[] {
  return storm.worst.flatMap(({ customer, items }) =>
    items.flatMap((item) => {
      const named = itemsNamed(truth, customer, item);
      if (named.some((one) => mayBeOpen(one, delays, version.trueAt))) return [];
      const [first] = named;
      const inTruth = first === undefined ? "nobody has this name" : truthText(first, version.trueAt);
      return [`names ${customer} · ${item} among the most affected, which is not in error; ${inTruth}`];
    }),
  );
}

function outside(what: string, count: number, { least, most }: Bounds): readonly string[] {
  if (count >= least.length && count <= most.length) return [];
  const truth = least.length === most.length ? least.length : `${least.length} to ${most.length}`;
  return [`counts ${count} ${what}, and in truth there are ${truth}`];
}
