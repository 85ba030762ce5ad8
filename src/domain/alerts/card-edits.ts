import { type Alert, isActive } from "./alert.ts";
import type { MessagePlan } from "./grouping.ts";
import type { Notice } from "./notice.ts";

/** A card of alerts that is the root of a thread, as far as it decides about its next edit (ALERTS 30). */
export interface AlertCard {
  readonly kind: "alert" | "alerts" | "storm";
  readonly postedAt: number;
  /** Edits so far, without those that answered a press. */
  readonly edits: number;
  /** It shows every alert on it as over. */
  readonly isOver: boolean;
}

export type EditPlan =
  | {
      readonly next: "edit";
      readonly isOver: boolean;
      /** No further change will be shown, so the card points to its thread. */
      readonly pointsToThread: boolean;
    }
  | { readonly next: "wait"; readonly until: number }
  | { readonly next: "none" };

/** Webex allows ten edits of a message. Two of them are left for presses. */
export const PRESS_EDITS = 2;
export const MOST_EDITS = 8;
/** Edits that show any change. The one after them points to the thread; the rest shows only the end and a re-opening. */
const CHANGE_EDITS = 4;

const STORM_FIRST_EDIT_MS = 5 * 60_000;

/**
 * The next edit of a card that shows these alerts. The last one is kept until no alert on it can be re-opened, so that a card
 * never stays red after the end.
 */
export function planEdit(
  card: AlertCard,
  alerts: readonly Alert[],
  { now, reopenMs }: { readonly now: number; readonly reopenMs: number },
): EditPlan {
  const { edits } = card;
  const isOver = alerts.every(isEnded);
  const isSpent = alerts.length === 0 || edits >= MOST_EDITS;
  if (isSpent || (!isOver && !mayShowOpen(card))) return { next: "none" };
  const until = isOver ? earliestEnd(card, alerts, reopenMs) : earliestChange(card);
  if (now < until) return { next: "wait", until };
  return { next: "edit", isOver, pointsToThread: !isOver && edits >= CHANGE_EDITS };
}

/** Any change, and later only that a card which shows everything as over is not. */
const mayShowOpen = ({ edits, isOver }: AlertCard): boolean =>
  edits <= CHANGE_EDITS || (isOver && edits < MOST_EDITS - 1);

/** A storm changes all the time: its card is edited after 5, 10, 20, 40 … minutes (ALERTS 21). */
function earliestChange({ kind, postedAt, edits }: AlertCard): number {
  return kind === "storm" && edits <= CHANGE_EDITS ? postedAt + STORM_FIRST_EDIT_MS * 2 ** edits : 0;
}

/** Also of a card that shows the end: a re-opening for which it had no edit may be the last word of its thread. */
function earliestEnd({ edits }: AlertCard, alerts: readonly Alert[], reopenMs: number): number {
  return edits < MOST_EDITS - 1 ? 0 : Math.max(...alerts.map((alert) => finalAt(alert, reopenMs)));
}

const isEnded = (alert: Alert): boolean => !isActive(alert);

/** From when on the alert cannot be re-opened (ALERTS 12). */
function finalAt({ reason, closedAt = 0 }: Alert, reopenMs: number): number {
  return reason === "recovered" ? closedAt + reopenMs + 1 : closedAt;
}

/** The card that a message becomes the root with; undefined where its card shows a past state, such as a baseline. */
export function cardKindOf({ form, notices }: Pick<MessagePlan, "form" | "notices">): AlertCard["kind"] | undefined {
  switch (form) {
    case "single":
      return "alert";
    case "group":
      return "alerts";
    case "storm":
      return "storm";
    case "standalone":
      return notices.some(isCatchUp) ? "alerts" : undefined;
  }
}

const isCatchUp = ({ kind }: Notice): boolean => kind === "catch-up";

/** True if the card of these alerts shows every one of them as over. */
export const isAllOver = (alerts: readonly Alert[]): boolean => alerts.every(isEnded);
