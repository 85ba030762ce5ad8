import type { Kysely } from "kysely";
import type { PostedCard } from "../domain/ports/messaging.ts";
import type { CardChange, PostedCards } from "../domain/ports/store.ts";
import type { Tables } from "./schema.ts";

export interface StoredCards extends PostedCards {
  /** Deletes cards that were last written before `before`, except cards of open alerts; returns their number. */
  tidy(before: number): Promise<number>;
}

export function createCards(db: Kysely<Tables>): StoredCards {
  return {
    async find(messageId) {
      const row = await db.selectFrom("cards").select("card").where("messageId", "=", messageId).executeTakeFirst();
      return row && readCard(row.card);
    },
    async lastList(roomId, senderId) {
      const row = await db
        .selectFrom("cards")
        .select("card")
        .where("roomId", "=", roomId)
        .where("kind", "=", "customers")
        .orderBy((is) => is("senderId", "=", senderId), "desc")
        .orderBy("shownAt", "desc")
        .orderBy("messageId", "desc")
        .limit(1)
        .executeTakeFirst();
      return row && readCard(row.card);
    },
    save: (card) => saveCard(db, card),
    async tidy(before) {
      const { numDeletedRows } = await db
        .deleteFrom("cards")
        .where("shownAt", "<", before)
        // People press the card of an alert for as long as the alert is open.
        .where("messageId", "not in", (is) =>
          is.selectFrom("notifiedStates").select("notifiedStates.messageId").where("state", "!=", "closed"),
        )
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/** Saves the cards and deletes those that they replaced, in the transaction of an event. */
export async function saveCards(tx: Kysely<Tables>, changes: readonly CardChange[]): Promise<void> {
  for (const { card, replaced } of changes) {
    await saveCard(tx, card);
    if (replaced !== undefined && replaced !== card.messageId)
      await tx.deleteFrom("cards").where("messageId", "=", replaced).execute();
  }
}

async function saveCard(db: Kysely<Tables>, card: PostedCard): Promise<void> {
  const { messageId, roomId, kind, senderId, shownAt } = card;
  const content = { roomId, kind, senderId, shownAt, card: JSON.stringify(card) };
  await db
    .insertInto("cards")
    .values({ messageId, ...content })
    .onConflict((conflict) => conflict.column("messageId").doUpdateSet(content))
    .execute();
}

const readCard = (json: string): PostedCard => JSON.parse(json);
