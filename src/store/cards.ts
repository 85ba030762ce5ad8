import type { Kysely } from "kysely";
import type { PostedCard } from "../domain/ports/messaging.ts";
import type { CardChange, PostedCards } from "../domain/ports/store.ts";
import { compiledCommand, compiledQuery } from "./compiled.ts";
import type { Tables } from "./schema.ts";

export interface StoredCards extends PostedCards {
  /** Deletes cards that were last written before `before`, except cards of open alerts; returns their number. */
  tidy(before: number): Promise<number>;
}

export function createCards(db: Kysely<Tables>): StoredCards {
  return {
    async find(messageId) {
      const [row] = await cardOf(db, { messageId });
      return row && readCard(row.card);
    },
    async lastList(roomId, senderId) {
      const [row] = await lastListIn(db, { roomId, senderId });
      return row && readCard(row.card);
    },
    async recent(roomId, senderId) {
      const rows = await recentIn(db, { roomId, senderId });
      return rows.map(({ card }) => readCard(card));
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
  await writeCard(db, { messageId, roomId, kind, senderId, shownAt, card: JSON.stringify(card) });
}

const writeCard = compiledCommand((db, { messageId, roomId, kind, senderId, shownAt, card }: Tables["cards"]) =>
  db
    .insertInto("cards")
    .values({ messageId, roomId, kind, senderId, shownAt, card })
    .onConflict((conflict) => conflict.column("messageId").doUpdateSet({ roomId, kind, senderId, shownAt, card })),
);

const cardOf = compiledQuery((db, { messageId }: { messageId: string }) =>
  db.selectFrom("cards").select("card").where("messageId", "=", messageId),
);

const lastListIn = compiledQuery((db, { roomId, senderId }: { roomId: string; senderId: string }) =>
  db
    .selectFrom("cards")
    .select("card")
    .where("roomId", "=", roomId)
    .where("kind", "=", "customers")
    .orderBy((is) => is("senderId", "=", senderId), "desc")
    .orderBy("shownAt", "desc")
    .orderBy("messageId", "desc")
    .limit(1),
);

/** As many as a person remembers. */
const RECENT = 10;

const recentIn = compiledQuery((db, { roomId, senderId }: { roomId: string; senderId: string }) =>
  db
    .selectFrom("cards")
    .select("card")
    .where("roomId", "=", roomId)
    .where("senderId", "=", senderId)
    .orderBy("shownAt", "desc")
    .orderBy("messageId", "desc")
    .limit(RECENT),
);

const readCard = (json: string): PostedCard => JSON.parse(json);
