import {
  type Belief,
  beliefsAt,
  isCountedFlapping,
  isCountedUnnamed,
  NEWS,
  newestOfAlerts,
  OPEN_CLAIMS,
} from "./beliefs.ts";
import { isMuted } from "./mutes.ts";
import { titleOf } from "./names.ts";
import { isUnknown, type Observed, statementsOf, type Told, type Watcher } from "./observed.ts";
import { isInhibited, surelySeen } from "./open-items.ts";
import type { Version } from "./room-reader.ts";
import { quote, truthText } from "./sentences.ts";
import { episodeAt, type StatusClass, stayAt, type TrueItem } from "./truth.ts";
import { isAnswer } from "./unasked.ts";

/** A difference between what a room believes and the truth. */
export interface Difference {
  readonly item: TrueItem;
  /** A whole sentence without its full stop. */
  readonly text: string;
}

/** Whether an item did not change for so long that the bot has seen and told its state. */
export type IsSettled = (item: TrueItem) => boolean;

interface Comparison {
  readonly at: number;
  readonly isSettled: IsSettled;
  /** Nothing is said again that people deleted; true when absent. */
  readonly mayBeDeleted?: boolean;
}

/** Check 2: a room believes everything to be open that is in error, and nothing else. */
export function compareBeliefs(
  observed: Observed,
  watcher: Watcher,
  { at, isSettled, mayBeDeleted = true }: Comparison,
): readonly Difference[] {
  const beliefs = beliefsAt(observed, watcher, at);
  const shown = observed.reader.versions(watcher.roomId).filter((version) => version.at <= at);
  const deleted = mayBeDeleted ? observed.reader.deleted(watcher.roomId) : [];
  const excused = new Set(deleted.flatMap((version) => statementsOf(observed, version).flatMap(keysOf)));
  return observed.truth
    .items()
    .filter(isSettled)
    .flatMap((item) => {
      const belief = beliefs.get(item.key);
      if (belief?.isOpen) {
        const later = shown.filter((version) => version.at > belief.by.at);
        const isFlapping = belief.isFlapping || isCountedFlapping(item, later, { at, delays: observed.delays });
        return wronglyOpen(observed, item, { ...belief, isFlapping }, at);
      }
      const isOwed =
        item.stays.length > 0 &&
        mustBelieve(observed, watcher, item, at) &&
        !excused.has(item.key) &&
        !isCountedUnnamed(item, shown, { at, delays: observed.delays });
      return isOwed ? [{ item, text: silence(item, belief, at) }] : [];
    });
}

const keysOf = ({ items }: Told): readonly string[] => items.map(({ key }) => key);

function mustBelieve({ truth, delays }: Observed, watcher: Watcher, item: TrueItem, at: number): boolean {
  const { tell, sweep } = delays.lag;
  return (
    stayAt(item.stays, at)?.class === "bad" &&
    watcher.since < at - tell &&
    watcher.wants(item) &&
    !isMuted(watcher, item, at - sweep - tell, at) &&
    !isInhibited(truth, item, at - sweep - tell, at)
  );
}

function silence(item: TrueItem, belief: Belief | undefined, at: number): string {
  const said = belief === undefined ? "was told nothing of it" : `was told last ${quote(belief.by, belief.line)}`;
  return `${titleOf(item)} is in error, and the room ${said}; ${truthText(item, at)}`;
}

/** How long a card may say "flapping" after the last change (ALERTS 13). */
const CALM_MS = 30 * 60_000;

function wronglyOpen({ delays }: Observed, item: TrueItem, belief: Belief, at: number): readonly Difference[] {
  if (belief.isUnsure || episodeAt(surelySeen(item.stays, delays, at), at) !== undefined) return [];
  const { sweep, tell } = delays.lag;
  const changedAt = stayAt(item.stays, at)?.from ?? 0;
  if (belief.isFlapping && changedAt > at - CALM_MS - 6 * sweep - tell) return [];
  const text = `the room believes that ${titleOf(item)} is open, by ${quote(belief.by, belief.line)}; ${truthText(item, at)}`;
  return [{ item, text }];
}

/** Check 3, law g: a card that told of an alert and its thread show the truth in their newest part. */
export function checkThreads(
  observed: Observed,
  watcher: Watcher,
  at: number,
  isSettled: IsSettled,
): readonly string[] {
  const shown = observed.reader.shownAt(watcher.roomId, at);
  const newestAlert = newestAlertOfItems(shown.flatMap((version) => statementsOf(observed, version)));
  const beliefs = beliefsAt(observed, watcher, at);
  return rootCards(observed, watcher, shown).flatMap((root) => {
    const alerts = new Set(openedBy(observed, root));
    const thread = shown.filter(({ threadId }) => threadId === root.id);
    const newest = newestOfAlerts(thread.flatMap((version) => statementsOf(observed, version)));
    return newest.flatMap((told) => {
      const [item] = told.items;
      if (item === undefined || told.items.length > 1 || !alerts.has(told.alert) || !isSettled(item)) return [];
      if (thread.some((version) => version.at > told.version.at && saysAllOver(version))) return [];
      // A storm may have told of a later error without the number of its alert; check 2 finds one that nobody told of.
      const isToldElsewhere = beliefs.get(item.key)?.isOpen === true && !OPEN_CLAIMS.includes(told.claim);
      const isNewestAlert = newestAlert.get(item.key) === told.alert && !isToldElsewhere;
      return isTrueNow(observed, told, item, { at, isNewestAlert })
        ? []
        : [`Law g: the thread says last ${quote(told.version, told.line)}; ${truthText(item, at)}.`];
    });
  });
}

/** Webex takes no more edits of a message. Where answers are lost, edits are repeated, and the rations of ALERTS 30 end early. */
const WEBEX_EDITS = 10;

/** The messages of a room that began a thread with an alert, as they were posted. */
function rootCards(observed: Observed, watcher: Watcher, shown: readonly Version[]): readonly Version[] {
  const { roomId } = watcher;
  const ids = new Set(shown.map(({ id }) => id));
  const outdated = new Set(shown.filter(({ reading }) => reading.isOutdated).map(({ id }) => id));
  const posted = observed.reader.versions(roomId).filter(({ isEdit }) => !isEdit);
  const repeats = posted.filter(({ reading }) => reading.isRepeat);
  const mayBeEdited = ({ id }: Version) =>
    observed.reader.versions(roomId).filter((one) => one.id === id && one.isEdit).length < WEBEX_EDITS;
  return posted.filter((root) => {
    const { id, isReply, reading } = root;
    const isCurrent = ids.has(id) && !outdated.has(id) && !isReply && NEWS.includes(reading.form) && mayBeEdited(root);
    const isOther = isAnswer(observed, watcher, root) || isUnknown(observed, root);
    return isCurrent && !isOther && !isRepeated(observed, root, repeats);
  });
}

/**
 * The bot never learnt that this message arrived, so it can edit the later ones alone. They name its alerts, which may be over by
 * then.
 */
function isRepeated(observed: Observed, first: Version, repeats: readonly Version[]): boolean {
  const later = repeats.filter(({ createdAt }) => createdAt > first.createdAt);
  const named = new Set(later.flatMap((repeat) => statementsOf(observed, repeat)).map(({ alert }) => alert));
  return later.length > 0 && openedBy(observed, first).every((alert) => named.has(alert));
}

/** "✓ 95 packages recovered": by its numbers also those that it does not name. */
function saysAllOver({ reading: { form, open, flapping, ended = 0 } }: Version): boolean {
  return form === "group" && open === 0 && flapping === 0 && ended > 0;
}

/** The alerts that a message told as open. */
function openedBy(observed: Observed, version: Version): readonly (number | undefined)[] {
  return statementsOf(observed, version)
    .filter(({ claim }) => OPEN_CLAIMS.includes(claim))
    .map(({ alert }) => alert);
}

function newestAlertOfItems(told: readonly Told[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { alert = 0, items } of told) {
    for (const { key } of items) newest.set(key, Math.max(alert, newest.get(key) ?? 0));
  }
  return newest;
}

interface Moment {
  readonly at: number;
  /** No later alert is about the item. */
  readonly isNewestAlert: boolean;
}

function isTrueNow(observed: Observed, { claim, version, line }: Told, item: TrueItem, moment: Moment): boolean {
  const { at, isNewestAlert } = moment;
  const isOpen = OPEN_CLAIMS.includes(claim);
  if (isOpen) {
    if (!isNewestAlert) return false;
    const belief = { item, isOpen, isFlapping: claim === "flapping", by: version, line };
    return wronglyOpen(observed, item, belief, at).length === 0 && isClassShown(claim, stayAt(item.stays, at)?.class);
  }
  return !isNewestAlert || stayAt(item.stays, at)?.class !== "bad";
}

/** A card that says "retrying" while the item is in error shows something else than the truth. */
function isClassShown(claim: Told["claim"], present: StatusClass | undefined): boolean {
  if (claim === "retrying" || claim === "moving") return present === "moving";
  if (claim === "recovering") return present === "good";
  return true;
}
