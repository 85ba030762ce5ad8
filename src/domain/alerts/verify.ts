import { CUSTOMER_ITEM } from "../customers/record.ts";
import type { RoomAlertState } from "../ports/alerting.ts";
import { type Alert, isActive } from "./alert.ts";
import { activeMute } from "./mute.ts";
import { isSummaryNotice } from "./notice.ts";
import { isWatched } from "./watch.ts";

/** Why a space believes something else than what is so (`verify`). Only the last one is a fault. */
export const DIFFERENCE_REASONS = [
  "Waiting",
  "Muted",
  "Held back",
  "Flapping",
  "Recovering",
  "Not seen yet",
  "Unexplained",
] as const;
export type DifferenceReason = (typeof DIFFERENCE_REASONS)[number];

/** All that a verdict is made from. */
export interface VerifyInput {
  readonly roomState: RoomAlertState;
  /** Active alerts of the scope. */
  readonly active: readonly Alert[];
  /** Those that the space was told of, closed ones too. */
  readonly notified: readonly Alert[];
  /** What is in error, as alerts that would open now. */
  readonly inError: readonly Alert[];
  /** Whether the bot itself has seen this key in error when it last looked. */
  readonly isInSnapshot: (alert: Alert) => boolean;
  readonly now: number;
}

export interface VerifyResult {
  /** Errors that the space watches: those that it was told of and believes, and those there are. */
  readonly notified: number;
  readonly inError: number;
  readonly differences: readonly { readonly alert: Alert; readonly reason: DifferenceReason }[];
}

/** Compares what a space believes with what is so, and gives each difference its reason. */
export function verifyRoom(evidence: VerifyInput): VerifyResult {
  const { roomState, now } = evidence;
  const isForRoom = (alert: Alert) =>
    alert.key.kind === "error" &&
    alert.drill === undefined &&
    roomState.watches.some((watch) => isWatched(watch, alert, now));
  const believed = new Set(roomState.notified.flatMap(({ state, alertId }) => (state === "closed" ? [] : [alertId])));
  const told = evidence.notified.filter((alert) => believed.has(alert.id) && isForRoom(alert));
  const inError = evidence.inError.filter(isForRoom);
  const toldKeys = new Set(told.map(keyOf));
  const badKeys = new Set(evidence.inError.map(keyOf));
  const known = buildIndex(evidence);
  return {
    notified: told.length,
    inError: inError.length,
    differences: [
      ...inError.filter((alert) => !toldKeys.has(keyOf(alert))).map((alert) => missingNotice(alert, known)),
      ...told
        .filter((alert) => !badKeys.has(keyOf(alert)))
        .map((alert) => ({ alert, reason: whyStillNotified(alert, known) })),
    ],
  };
}

/** The evidence so that each alert finds its own: in a storm there are ten thousands of both. */
interface VerifyIndex extends Pick<VerifyInput, "roomState" | "isInSnapshot" | "now"> {
  readonly byKey: ReadonlyMap<string, Alert>;
  /** Customers of which a package has an alert of errors. */
  readonly inhibiting: ReadonlySet<string>;
  readonly queued: ReadonlySet<number>;
  readonly hasSummaryNotice: boolean;
}

function buildIndex({ roomState, active, isInSnapshot, now }: VerifyInput): VerifyIndex {
  const ofPackages = active.filter(({ key }) => key.item !== CUSTOMER_ITEM && key.kind === "error");
  return {
    roomState,
    isInSnapshot,
    now,
    // The first of a key counts.
    byKey: new Map([...active].reverse().map((alert) => [keyOf(alert), alert])),
    inhibiting: new Set(ofPackages.map(({ key }) => key.customerId)),
    queued: new Set(roomState.queued.map(({ alertId }) => alertId)),
    hasSummaryNotice: roomState.queued.some(({ kind }) => isSummaryNotice(kind)),
  };
}

/** In error, and the space does not know. */
function missingNotice(bad: Alert, known: VerifyIndex): VerifyResult["differences"][number] {
  const alert = known.byKey.get(keyOf(bad));
  if (alert !== undefined) return { alert, reason: whyNotNotified(alert, known) };
  return { alert: bad, reason: known.isInSnapshot(bad) ? "Unexplained" : "Not seen yet" };
}

function whyNotNotified(alert: Alert, known: VerifyIndex): DifferenceReason {
  if (isInhibited(alert, known)) return "Held back";
  if (alert.flapping !== undefined) return "Flapping";
  if (activeMute(alert, known.roomState.mutes, known.now) !== undefined) return "Muted";
  return isQueued(alert, known) ? "Waiting" : "Unexplained";
}

/** The space believes that it is in error, and it is not (any more). */
function whyStillNotified(alert: Alert, known: VerifyIndex): DifferenceReason {
  if (isQueued(alert, known)) return "Waiting";
  if (alert.flapping !== undefined) return "Flapping";
  if (!isActive(alert)) return "Unexplained";
  // One that is gone is looked for twice and looked up before that is believed.
  if (alert.state === "healing" || alert.retrying || alert.absentSweeps > 0) return "Recovering";
  return known.isInSnapshot(alert) ? "Not seen yet" : "Unexplained";
}

/** The customer itself, while one of its packages says more (ALERTS 2). */
function isInhibited({ key }: Alert, { inhibiting }: VerifyIndex): boolean {
  return key.item === CUSTOMER_ITEM && inhibiting.has(key.customerId);
}

function isQueued({ id }: Alert, { queued, hasSummaryNotice }: VerifyIndex): boolean {
  return hasSummaryNotice || queued.has(id);
}

function keyOf({ key }: Pick<Alert, "key">): string {
  return JSON.stringify([key.customerId, key.item]);
}
