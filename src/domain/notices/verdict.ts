import type { Desk } from "../alerting.ts";
import { type Alert, isActive } from "../alerts/alert.ts";
import { muteOf } from "../alerts/mute.ts";
import { WHOLE } from "../customers/record.ts";
import { isCover } from "./outbox.ts";
import { isWanted } from "./watch.ts";

/** Why a space believes something else than what is so (`verify`). Only the last one is a fault. */
export const REASONS = [
  "Waiting",
  "Muted",
  "Held back",
  "Flapping",
  "Recovering",
  "Not seen yet",
  "Unexplained",
] as const;
export type Reason = (typeof REASONS)[number];

/** All that a verdict is made from. */
export interface Evidence {
  readonly desk: Desk;
  /** Active alerts of the scope. */
  readonly active: readonly Alert[];
  /** Those that the space was told of, closed ones too. */
  readonly told: readonly Alert[];
  /** What is in error, as alerts that would open now. */
  readonly inError: readonly Alert[];
  /** Whether the bot itself has seen this key in error when it last looked. */
  readonly hasSeen: (alert: Alert) => boolean;
  readonly now: number;
}

export interface Verdict {
  /** Errors that the space watches: those that it was told of and believes, and those there are. */
  readonly told: number;
  readonly inError: number;
  readonly differences: readonly { readonly alert: Alert; readonly reason: Reason }[];
}

/** Compares what a space believes with what is so, and gives each difference its reason. */
export function verdictOf(evidence: Evidence): Verdict {
  const { desk, now } = evidence;
  const isWatched = (alert: Alert) =>
    alert.key.kind === "error" &&
    alert.drill === undefined &&
    desk.watches.some((watch) => isWanted(watch, alert, now));
  const believed = new Set(desk.told.flatMap(({ state, alertId }) => (state === "closed" ? [] : [alertId])));
  const told = evidence.told.filter((alert) => believed.has(alert.id) && isWatched(alert));
  const inError = evidence.inError.filter(isWatched);
  const toldKeys = new Set(told.map(keyOf));
  const badKeys = new Set(evidence.inError.map(keyOf));
  const known = indexOf(evidence);
  return {
    told: told.length,
    inError: inError.length,
    differences: [
      ...inError.filter((alert) => !toldKeys.has(keyOf(alert))).map((alert) => untold(alert, known)),
      ...told
        .filter((alert) => !badKeys.has(keyOf(alert)))
        .map((alert) => ({ alert, reason: whyBelieved(alert, known) })),
    ],
  };
}

/** The evidence so that each alert finds its own: in a storm there are ten thousands of both. */
interface Known extends Pick<Evidence, "desk" | "hasSeen" | "now"> {
  readonly byKey: ReadonlyMap<string, Alert>;
  /** Customers of which a package has an alert of errors. */
  readonly burdened: ReadonlySet<string>;
  readonly owed: ReadonlySet<number>;
  readonly isCovered: boolean;
}

function indexOf({ desk, active, hasSeen, now }: Evidence): Known {
  const ofPackages = active.filter(({ key }) => key.item !== WHOLE && key.kind === "error");
  return {
    desk,
    hasSeen,
    now,
    // The first of a key counts.
    byKey: new Map([...active].reverse().map((alert) => [keyOf(alert), alert])),
    burdened: new Set(ofPackages.map(({ key }) => key.customerId)),
    owed: new Set(desk.waiting.map(({ alertId }) => alertId)),
    isCovered: desk.waiting.some(({ kind }) => isCover(kind)),
  };
}

/** In error, and the space does not know. */
function untold(bad: Alert, known: Known): Verdict["differences"][number] {
  const alert = known.byKey.get(keyOf(bad));
  if (alert !== undefined) return { alert, reason: whyUntold(alert, known) };
  return { alert: bad, reason: known.hasSeen(bad) ? "Unexplained" : "Not seen yet" };
}

function whyUntold(alert: Alert, known: Known): Reason {
  if (isHeldBack(alert, known)) return "Held back";
  if (alert.flapping !== undefined) return "Flapping";
  if (muteOf(alert, known.desk.mutes, known.now) !== undefined) return "Muted";
  return isOwed(alert, known) ? "Waiting" : "Unexplained";
}

/** The space believes that it is in error, and it is not (any more). */
function whyBelieved(alert: Alert, known: Known): Reason {
  if (isOwed(alert, known)) return "Waiting";
  if (alert.flapping !== undefined) return "Flapping";
  if (!isActive(alert)) return "Unexplained";
  // One that is gone is looked for twice and looked up before that is believed.
  if (alert.state === "healing" || alert.retrying || alert.absent > 0) return "Recovering";
  return known.hasSeen(alert) ? "Not seen yet" : "Unexplained";
}

/** The customer itself, while one of its packages says more (ALERTS 2). */
function isHeldBack({ key }: Alert, { burdened }: Known): boolean {
  return key.item === WHOLE && burdened.has(key.customerId);
}

function isOwed({ id }: Alert, { owed, isCovered }: Known): boolean {
  return isCovered || owed.has(id);
}

function keyOf({ key }: Pick<Alert, "key">): string {
  return JSON.stringify([key.customerId, key.item]);
}
