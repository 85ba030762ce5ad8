import { buildRefreshedView, isPossiblyAlertCard } from "../domain/alerts/alert-cards.ts";
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

/** Brings the cards of these alerts up to date, wherever they are, but for one that has been. */
export type RefreshCards = (alertIds: readonly number[], exceptMessageId?: string) => Promise<void>;

/** Best effort (ALERTS 30): what is true is in the thread of each card as well. */
export function createRefreshCards({ alerts, cards, messenger, clock, log }: RefreshCardsDeps): RefreshCards {
  async function refreshCard(roomId: string, messageId: string): Promise<void> {
    const shown = await alerts.alertsOnCard(roomId, messageId);
    const { kind } = (await cards.find(messageId)) ?? { kind: "unknown" };
    // A thread may begin with what is no card of alerts, such as a baseline: that says how things were then.
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

/** One card may be about several of the alerts. */
function distinct<T extends { readonly messageId: string }>(cards: readonly T[]): Iterable<T> {
  return new Map(cards.map((card) => [card.messageId, card])).values();
}
