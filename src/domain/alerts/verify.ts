import { CUSTOMER_ITEM } from "../customers/record.ts";
import type { RoomAlertState } from "../ports/alerting.ts";
import { type Alert, isActive } from "./alert.ts";
import { activeMute } from "./mute.ts";
import { isSummaryNotice } from "./notice.ts";
import { isWatched } from "./watch.ts";

/** The reasons why the notified state of a space differs from the API (`verify`). Only the last one is a fault of the bot. */
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

export interface VerifyInput {
  readonly roomState: RoomAlertState;
  readonly active: readonly Alert[];
  /** The alerts that the space was told of, including closed ones. */
  readonly notified: readonly Alert[];
  /** The present errors, as the alerts that they would open. */
  readonly inError: readonly Alert[];
  /** The key was in error at the bot's last reading. */
  readonly isInSnapshot: (alert: Alert) => boolean;
  readonly now: number;
}

export interface VerifyResult {
  /** The watched errors that the space was last notified of as open. */
  readonly notified: number;
  /** The watched errors that exist. */
  readonly inError: number;
  readonly differences: readonly { readonly alert: Alert; readonly reason: DifferenceReason }[];
}

/** Compares what a space was told with the present errors, and gives a reason for each difference. */
export function verifyRoom(input: VerifyInput): VerifyResult {
  const { roomState, now } = input;
  const isForRoom = (alert: Alert) =>
    alert.key.kind === "error" &&
    alert.drill === undefined &&
    roomState.watches.some((watch) => isWatched(watch, alert, now));
  const toldOpen = new Set(roomState.notified.flatMap(({ state, alertId }) => (state === "closed" ? [] : [alertId])));
  const notified = input.notified.filter((alert) => toldOpen.has(alert.id) && isForRoom(alert));
  const inError = input.inError.filter(isForRoom);
  const notifiedKeys = new Set(notified.map(keyOf));
  const badKeys = new Set(input.inError.map(keyOf));
  const index = buildIndex(input);
  return {
    notified: notified.length,
    inError: inError.length,
    differences: [
      ...inError.filter((alert) => !notifiedKeys.has(keyOf(alert))).map((alert) => missingNotice(alert, index)),
      ...notified
        .filter((alert) => !badKeys.has(keyOf(alert)))
        .map((alert) => ({ alert, reason: whyStillNotified(alert, index) })),
    ],
  };
}

/** The input, indexed, because a storm has tens of thousands of alerts and errors. */
interface VerifyIndex extends Pick<VerifyInput, "roomState" | "isInSnapshot" | "now"> {
  readonly byKey: ReadonlyMap<string, Alert>;
  /** The customers with an active error alert of an item. */
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
    // Reversed, so that the first alert of a key stays in the map.
    byKey: new Map([...active].reverse().map((alert) => [keyOf(alert), alert])),
    inhibiting: new Set(ofPackages.map(({ key }) => key.customerId)),
    queued: new Set(roomState.queued.map(({ alertId }) => alertId)),
    hasSummaryNotice: roomState.queued.some(({ kind }) => isSummaryNotice(kind)),
  };
}

/** In error, and the space was not told. */
function missingNotice(bad: Alert, index: VerifyIndex): VerifyResult["differences"][number] {
  const alert = index.byKey.get(keyOf(bad));
  if (alert !== undefined) return { alert, reason: whyNotNotified(alert, index) };
  return { alert: bad, reason: index.isInSnapshot(bad) ? "Unexplained" : "Not seen yet" };
}

function whyNotNotified(alert: Alert, index: VerifyIndex): DifferenceReason {
  if (isInhibited(alert, index)) return "Held back";
  if (alert.flapping !== undefined) return "Flapping";
  if (activeMute(alert, index.roomState.mutes, index.now) !== undefined) return "Muted";
  return isQueued(alert, index) ? "Waiting" : "Unexplained";
}

/** The space was told that it is in error, and it is not (any more). */
function whyStillNotified(alert: Alert, index: VerifyIndex): DifferenceReason {
  if (isQueued(alert, index)) return "Waiting";
  if (alert.flapping !== undefined) return "Flapping";
  if (!isActive(alert)) return "Unexplained";
  // A removal needs two sweeps and a look-up.
  if (alert.state === "healing" || alert.retrying || alert.absentSweeps > 0) return "Recovering";
  return index.isInSnapshot(alert) ? "Not seen yet" : "Unexplained";
}

/** ALERTS 2. */
function isInhibited({ key }: Alert, { inhibiting }: VerifyIndex): boolean {
  return key.item === CUSTOMER_ITEM && inhibiting.has(key.customerId);
}

function isQueued({ id }: Alert, { queued, hasSummaryNotice }: VerifyIndex): boolean {
  return hasSummaryNotice || queued.has(id);
}

function keyOf({ key }: Pick<Alert, "key">): string {
  return JSON.stringify([key.customerId, key.item]);
}
