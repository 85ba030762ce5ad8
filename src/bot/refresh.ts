import type { Alerts } from "../domain/alerting.ts";
import { boardOf, mayBeBoard } from "../domain/notices/present.ts";
import type { Clock, Log, Messenger, PostedCards } from "../domain/ports.ts";

export interface RefreshDeps {
  readonly alerts: Pick<Alerts, "cardsOf" | "shownOn" | "desk" | "mayEdit">;
  readonly cards: Pick<PostedCards, "find">;
  readonly messenger: Pick<Messenger, "edit">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Brings the cards of these alerts up to date, wherever they are, but for one that has been. */
export type Refresh = (alertIds: readonly number[], exceptMessageId?: string) => Promise<void>;

/** Best effort (ALERTS 30): what is true is in the thread of each card as well. */
export function createRefresh({ alerts, cards, messenger, clock, log }: RefreshDeps): Refresh {
  async function refreshCard(roomId: string, messageId: string): Promise<void> {
    const shown = await alerts.shownOn(roomId, messageId);
    const { kind } = (await cards.find(messageId)) ?? { kind: "unknown" };
    // A thread may begin with what is no card of alerts, such as a baseline: that says how things were then.
    if (shown.length === 0 || !mayBeBoard({ kind }) || !(await alerts.mayEdit(roomId, messageId))) return;
    const view = boardOf({ kind }, shown, { desk: await alerts.desk(roomId), now: clock() });
    await messenger.edit({ roomId, messageId }, view);
  }

  return async function refresh(alertIds, exceptMessageId) {
    if (alertIds.length === 0) return;
    try {
      for (const { roomId, messageId } of distinct(await alerts.cardsOf(alertIds))) {
        if (messageId === exceptMessageId) continue;
        await refreshCard(roomId, messageId).catch((error: unknown) =>
          log.warn("alert.not_refreshed", { error }),
        );
      }
    } catch (error) {
      log.warn("alert.not_refreshed", { error });
    }
  };
}

/** One card may be about several of the alerts. */
function distinct<T extends { readonly messageId: string }>(cards: readonly T[]): Iterable<T> {
  return new Map(cards.map((card) => [card.messageId, card])).values();
}
