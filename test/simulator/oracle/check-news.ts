import { ENDS, NEWS, unnamedIn } from "./beliefs.ts";
import { isSurelyMuted } from "./mutes.ts";
import { type Observed, statementsOf, type Told, type Watcher } from "./observed.ts";
import { openItems } from "./open-items.ts";
import type { Version } from "./room-reader.ts";
import { quote, truthText } from "./sentences.ts";
import { episodesWithin, type TrueItem } from "./truth.ts";

/** What a room is told, and whether it should be told that: laws b and 18, and the numbers of lists and reminders. */
export function checkNews(observed: Observed, watcher: Watcher, from: number, to: number): readonly string[] {
  const known = new Map<number, TrueItem>();
  let unnamed = 0;
  return observed.reader
    .versions(watcher.roomId)
    .filter((version) => !version.isEdit && version.at <= to)
    .flatMap((version) => {
      const told = statementsOf(observed, version);
      const wrong = told.flatMap((one) => checkOne(observed, watcher, one, { known, unnamed }));
      for (const { alert, claim, items } of told) {
        const [only] = items;
        if (alert === undefined || only === undefined || items.length !== 1) continue;
        if (!known.has(alert) && ENDS.includes(claim)) unnamed -= 1;
        known.set(alert, only);
      }
      unnamed += mayCount(version);
      return version.at > from
        ? [
            ...wrong,
            ...checkOutage(observed, version),
            ...checkList(observed, watcher, version),
            ...checkHandover(observed, watcher, version),
          ]
        : [];
    });
}

/** How many alerts it may tell without their numbers. A storm, and a baseline with something in error, may tell of any. */
function mayCount({ reading }: Version): number {
  const { storm, baseline } = reading;
  const isOfAny = storm !== undefined || (baseline?.inError ?? 0) + (baseline?.flapping ?? 0) > 0;
  const { open, flapping } = unnamedIn(reading);
  return isOfAny ? Number.POSITIVE_INFINITY : open + flapping;
}

interface Known {
  /** The items of the alerts that the room was told of. */
  readonly known: ReadonlyMap<number, TrueItem>;
  /** How many alerts the room may have been told of without a number. */
  readonly unnamed: number;
}

function checkOne(observed: Observed, watcher: Watcher, told: Told, { known, unnamed }: Known): readonly string[] {
  const { alert = 0, claim, items, version, line, isReminder } = told;
  const [item] = items;
  if (item === undefined) return [];
  const said = `the line ${quote(version, line)}`;
  const before = known.get(alert);
  if (before !== undefined && !items.includes(before))
    return [`Check 1: ${said} is about another item than alert ${alert} was; ${truthText(before, version.at)}.`];
  if (!NEWS.includes(version.reading.form) || before !== undefined || isReminder) return [];
  if (ENDS.includes(claim)) return unnamed > 0 ? [] : [`Law b: ${said} tells the end of what the room was never told.`];
  if (version.at < watcher.since) return [];
  if (!items.some(watcher.wants)) return [`Rule 18: ${said} is about an item that the room does not watch.`];
  const isCovered = items.every((one) => isSurelyMuted(observed, watcher, one, version.at));
  return isCovered ? [`Rule 18: ${said} is about a muted item.`] : [];
}

/** An outage is told only when there is one, or was one a short time ago. */
function checkOutage({ delays }: Observed, version: Version): readonly string[] {
  const { form, firstLine } = version.reading;
  if (form !== "outage" && form !== "outage-end") return [];
  const isTrue = delays.isDisturbed(version.at - 3 * delays.lag.sweep, version.at);
  return isTrue ? [] : [`Check 1: the message ${quote(version, firstLine)} is wrong: nothing failed.`];
}

/** An error that is older than the history was not opened since then (ALERTS 15). */
function checkHandover(
  { truth, delays }: Observed,
  { sees = () => true }: Watcher,
  version: Version,
): readonly string[] {
  const { form, opened = 0, firstLine } = version.reading;
  if (form !== "digest") return [];
  const { most } = openItems(truth, delays, version.at, sees);
  const since = delays.earliest(version.at, delays.lag.sweep);
  const beganAt = truth.items()[0]?.stays[0]?.from ?? 0;
  const isNew = ({ stays }: TrueItem) => episodesWithin(stays, since, version.at).some(({ from }) => from > beganAt);
  const newer = most.filter(isNew).length;
  if (opened <= newer) return [];
  return [
    `Check 6: the message ${quote(version, firstLine)} counts ${opened} opened, and in truth at most ${newer} were.`,
  ];
}

/** The number of open alerts in the answer to `alerts`, and in a reminder. */
function checkList(observed: Observed, watcher: Watcher, version: Version): readonly string[] {
  const { form, open, flapping = 0, firstLine, statements, isFiltered, isEverywhere } = version.reading;
  if (form === "alerts" && isFiltered) return checkFiltered(observed, version);
  const isCounted = form === "alerts" || form === "reminder";
  if (!isCounted || open === undefined || statements.some(({ claim }) => claim === "other")) return [];
  const { sees = () => true } = isEverywhere ? {} : watcher;
  const { least, most } = openItems(observed.truth, observed.delays, version.at, sees);
  // What flaps may be in error or not, and an alert that is acknowledged is not in a reminder.
  const isTooFew = form === "alerts" && open + flapping < least.length;
  if (!isTooFew && open <= most.length) return [];
  const said = `the message ${quote(version, firstLine)} counts ${open}`;
  return [`Check 6: ${said}, and in truth there are ${least.length} to ${most.length}.`];
}

/** "No open alerts" is said only where nothing is open, and not where a filter matches nothing (PRODUCT 2). */
function checkFiltered({ truth, delays }: Observed, version: Version): readonly string[] {
  const { open = 0, flapping = 0, firstLine } = version.reading;
  const { least } = openItems(truth, delays, version.at, () => true);
  if (open + flapping > 0 || least.length === 0) return [];
  return [
    `Check 6: the message ${quote(version, firstLine)} says that nothing is open, and in truth ${least.length} are.`,
  ];
}
