import { CUSTOMER_ITEM } from "../customers/record.ts";
import type { VerifyState } from "../ports/alerting.ts";
import type { Alert } from "./alert.ts";
import { activeMute } from "./mute.ts";
import { isSummaryNotice } from "./notice.ts";
import { isWatched } from "./watch.ts";

/**
 * Why what a space was told differs from the API (`verify`), worst first. `isFault`: the bot must be looked after. `isPassing`:
 * it ends by itself. The others are meant so, but for a deleted message, which only people can put right.
 */
export const DIFFERENCE_REASONS = {
  Unexplained: { isFault: true, means: "no reason is known" },
  "Not delivered": { isFault: true, means: "Webex did not take the message" },
  Deleted: { means: "somebody deleted the message" },
  Waiting: { isPassing: true, means: "the message is on its way" },
  "Not seen yet": { isPassing: true, means: "the bot has not read the change yet" },
  Recovering: { isPassing: true, means: "told when the next reading confirms it" },
  "Held back": { isPassing: true, means: "a package of the same customer is told instead" },
  Muted: { means: "this space has muted it" },
  Flapping: { means: "it changes too often, and is told when it is stable" },
} as const satisfies Readonly<
  Record<string, { readonly means: string; readonly isFault?: boolean; readonly isPassing?: boolean }>
>;

export type DifferenceReason = keyof typeof DIFFERENCE_REASONS;
export const REASON_NAMES = Object.keys(DIFFERENCE_REASONS) as readonly DifferenceReason[];

export interface VerifyInput extends VerifyState {
  /** The present errors, as the alerts that they would open. */
  readonly inError: readonly Alert[];
  /** The class of the alert's item by the API; undefined where the API was not asked. */
  readonly classInApi: (alert: Alert) => "bad" | "moving" | "good" | "absent" | undefined;
  /** The key was in error at the bot's last reading. */
  readonly isInSnapshot: (alert: Alert) => boolean;
  readonly isDeleted: (messageId: string) => boolean;
  readonly now: number;
}

export interface Difference {
  readonly alert: Alert;
  readonly reason: DifferenceReason;
}

export interface VerifyResult {
  /** The errors that exist and that the space watches, and how many of them the space believes to be open or flapping. */
  readonly inError: number;
  readonly told: number;
  readonly differences: readonly Difference[];
}

/** Compares what a space was told with the present errors, and gives a reason for each difference. */
export function verifyRoom(input: VerifyInput): VerifyResult {
  const told = input.notified.filter(({ key, drill }) => key.kind === "error" && drill === undefined);
  const inError = input.inError.filter((alert) => isForRoom(alert, input));
  const toldKeys = new Set(told.map(keyOf));
  const missing = inError.filter((alert) => !toldKeys.has(keyOf(alert)));
  const index = buildIndex(input);
  return {
    inError: inError.length,
    told: inError.length - missing.length,
    differences: [
      ...missing.map((bad) => missingNotice(bad, index)),
      ...told.flatMap((alert) => differencesOfTold(alert, index)),
    ],
  };
}

/** The input, indexed, because a storm has tens of thousands of alerts and errors. */
interface VerifyIndex extends VerifyInput {
  readonly byKey: ReadonlyMap<string, Alert>;
  /** The customers with an active error alert of an item. */
  readonly inhibiting: ReadonlySet<string>;
  readonly queued: ReadonlySet<number>;
  readonly dead: ReadonlySet<number>;
  readonly states: ReadonlyMap<number, VerifyState["roomState"]["notified"][number]>;
  readonly hasSummaryNotice: boolean;
}

function buildIndex(input: VerifyInput): VerifyIndex {
  const { roomState, active, givenUp } = input;
  const errors = active.filter(({ key }) => key.kind === "error");
  const ofItems = errors.filter(({ key, state }) => key.item !== CUSTOMER_ITEM && state !== "closed");
  return {
    ...input,
    // Reversed, so that the first alert of a key stays in the map.
    byKey: new Map([...errors].reverse().map((alert) => [keyOf(alert), alert])),
    inhibiting: new Set(ofItems.map(({ key }) => key.customerId)),
    queued: new Set(roomState.queued.flatMap(({ alertId, kind }) => (kind === "came-and-went" ? [] : [alertId]))),
    dead: new Set(givenUp),
    states: new Map(roomState.notified.map((state) => [state.alertId, state])),
    hasSummaryNotice: roomState.queued.some(({ kind }) => isSummaryNotice(kind)),
  };
}

/** In error, and the space was not told. */
function missingNotice(bad: Alert, index: VerifyIndex): Difference {
  const alert = index.byKey.get(keyOf(bad));
  if (alert !== undefined) return { alert, reason: whyNotNotified(alert, index) };
  if (isMuted(bad, index)) return { alert: bad, reason: "Muted" };
  return { alert: bad, reason: index.isInSnapshot(bad) ? "Unexplained" : "Not seen yet" };
}

function whyNotNotified(alert: Alert, index: VerifyIndex): DifferenceReason {
  if (isInhibited(alert, index)) return "Held back";
  if (isMuted(alert, index)) return "Muted";
  if (isQueued(alert, index)) return "Waiting";
  return index.dead.has(alert.id) ? "Not delivered" : "Unexplained";
}

function differencesOfTold(alert: Alert, index: VerifyIndex): readonly Difference[] {
  const state = index.states.get(alert.id);
  if (state !== undefined && index.isDeleted(state.messageId)) return [{ alert, reason: "Deleted" }];
  const seen = index.classInApi(alert);
  if (state?.state === "flapping" && alert.flapping !== undefined) return [{ alert, reason: "Flapping" }];
  // An alert whose item is being retried is still open (ALERTS 10); one that is over is not, whatever is done to the item next.
  if (seen === "bad" || seen === undefined || (seen === "moving" && alert.state !== "closed")) return [];
  return [{ alert, reason: whyStillNotified(alert, index) }];
}

/** The space was told that it is in error, and it is not any more. */
function whyStillNotified(alert: Alert, index: VerifyIndex): DifferenceReason {
  if (isQueued(alert, index)) return "Waiting";
  if (index.dead.has(alert.id)) return "Not delivered";
  // The space is not told that it flaps where a mute covers it or no watch wants it (ALERTS 18).
  if (alert.flapping !== undefined && (isMuted(alert, index) || !isForRoom(alert, index))) return "Flapping";
  if (alert.state === "closed") return "Unexplained";
  // A removal needs two sweeps and a look-up.
  if (alert.state === "healing" || alert.absentSweeps > 0) return "Recovering";
  return alert.retrying || index.isInSnapshot(alert) ? "Not seen yet" : "Unexplained";
}

/** ALERTS 2. */
function isInhibited({ key }: Alert, { inhibiting }: VerifyIndex): boolean {
  return key.item === CUSTOMER_ITEM && inhibiting.has(key.customerId);
}

function isForRoom(alert: Alert, { roomState, now }: VerifyInput): boolean {
  return roomState.watches.some((watch) => isWatched(watch, alert, now));
}

function isMuted(alert: Alert, { roomState, now }: VerifyIndex): boolean {
  return activeMute(alert, roomState.mutes, now) !== undefined;
}

function isQueued({ id }: Alert, { queued, hasSummaryNotice }: VerifyIndex): boolean {
  return hasSummaryNotice || queued.has(id);
}

function keyOf({ key }: Pick<Alert, "key">): string {
  return JSON.stringify([key.customerId, key.item]);
}
