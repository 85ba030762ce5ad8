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
  if (alerts.length === 0 || edits >= MOST_EDITS) return { next: "none" };
  const edit: EditPlan = { next: "edit", isOver, pointsToThread: !isOver && edits >= CHANGE_EDITS };
  if (edits <= CHANGE_EDITS) {
    const notBefore = isOver ? 0 : earliestEdit(card);
    return now < notBefore ? { next: "wait", until: notBefore } : edit;
  }
  const isLast = edits === MOST_EDITS - 1;
  if (!isOver) return card.isOver && !isLast ? edit : { next: "none" };
  // Even a card that shows the end: a re-opening that it did not show may be the last word of its thread.
  if (!isLast) return edit;
  const until = Math.max(...alerts.map((alert) => finalAt(alert, reopenMs)));
  return now < until ? { next: "wait", until } : edit;
}

/** A storm changes all the time: its card is edited after 5, 10, 20, 40 … minutes (ALERTS 21). */
function earliestEdit({ kind, postedAt, edits }: AlertCard): number {
  return kind === "storm" ? postedAt + STORM_FIRST_EDIT_MS * 2 ** edits : 0;
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
