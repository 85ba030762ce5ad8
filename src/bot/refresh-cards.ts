import { buildRefreshedView, isPossiblyAlertCard } from "../domain/alerts/alert-views.ts";
import type { Alerts } from "../domain/ports/alerting.ts";
import type { Messenger } from "../domain/ports/messaging.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { PostedCards } from "../domain/ports/store.ts";

export interface RefreshCardsDeps {
  readonly alerts: Pick<Alerts, "cardsOf" | "alertsOnCard" | "roomState" | "reserveEdit">;
  readonly cards: Pick<PostedCards, "find">;
  readonly messenger: Pick<Messenger, "edit">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Edits the cards of these alerts in all spaces to their present state, except one card that is up to date already. */
export type RefreshCards = (alertIds: readonly number[], exceptMessageId?: string) => Promise<void>;

/** Best effort (ALERTS 30): the thread of each card has the same news. */
export function createRefreshCards({ alerts, cards, messenger, clock, log }: RefreshCardsDeps): RefreshCards {
  async function refreshCard(roomId: string, messageId: string): Promise<void> {
    const shown = await alerts.alertsOnCard(roomId, messageId);
    const { kind } = (await cards.find(messageId)) ?? { kind: "unknown" };
    // The root of a thread may be another card, such as a baseline: it shows a past state and is not edited.
    if (shown.length === 0 || !isPossiblyAlertCard({ kind }) || !(await alerts.reserveEdit(roomId, messageId))) return;
    const view = buildRefreshedView({ kind }, shown, { room: await alerts.roomState(roomId), now: clock() });
    await messenger.edit({ roomId, messageId }, view);
  }

  return async function refreshCards(alertIds, exceptMessageId) {
    if (alertIds.length === 0) return;
    try {
      for (const { roomId, messageId } of distinct(await alerts.cardsOf(alertIds))) {
        if (messageId === exceptMessageId) continue;
        await refreshCard(roomId, messageId).catch((error: unknown) => log.warn("cards.refresh_failed", { error }));
      }
    } catch (error) {
      log.warn("cards.refresh_failed", { error });
    }
  };
}

/** Several of the alerts may be on one card. */
function distinct<T extends { readonly messageId: string }>(cards: readonly T[]): Iterable<T> {
  return new Map(cards.map((card) => [card.messageId, card])).values();
}
