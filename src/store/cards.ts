import type { Kysely } from "kysely";
import type { PostedCard } from "../domain/ports/messaging.ts";
import type { CardChange, PostedCards } from "../domain/ports/store.ts";
import { compiledCommand, compiledQuery } from "./compiled.ts";
import { REPLACED, type Tables } from "./schema.ts";

export interface StoredCards extends PostedCards {
  /** Deletes cards that were last written before `before`, except cards of open alerts; returns their number. */
  tidy(before: number): Promise<number>;
}

export function createCards(db: Kysely<Tables>): StoredCards {
  return {
    find: (messageId) => findCard(db, messageId),
    async lastList(roomId, senderId) {
      const [row] = await lastListIn(db, { roomId, senderId });
      return row && readCard(row.card);
    },
    async recent(roomId, senderId) {
      const rows = await recentIn(db, { roomId, senderId });
      return rows.map(({ card }) => readCard(card));
    },
    save: (card) => saveCard(db, card),
    keep: (card) => keepCard(db, toRow(card)),
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

/** The rest of a card whose message was replaced: presses on it that were under way are about the card in its place. */
interface ReplacedCard {
  readonly replacedBy: string;
}

async function findCard(db: Kysely<Tables>, messageId: string): Promise<PostedCard | undefined> {
  const [row] = await cardOf(db, { messageId });
  if (row === undefined) return undefined;
  const found: PostedCard | ReplacedCard = JSON.parse(row.card);
  return "replacedBy" in found ? findCard(db, found.replacedBy) : found;
}

/** Saves the cards, and what replaced which, in the transaction of an event. */
export async function saveCards(tx: Kysely<Tables>, changes: readonly CardChange[]): Promise<void> {
  for (const { card, replaced } of changes) {
    await saveCard(tx, card);
    if (replaced !== undefined && replaced !== card.messageId) await saveReplaced(tx, replaced, card);
  }
}

async function saveReplaced(tx: Kysely<Tables>, messageId: string, by: PostedCard): Promise<void> {
  const { roomId, shownAt, messageId: replacedBy } = by;
  const card = JSON.stringify({ replacedBy } satisfies ReplacedCard);
  await writeCard(tx, { messageId, roomId, kind: REPLACED, senderId: "", shownAt, card });
}

async function saveCard(db: Kysely<Tables>, card: PostedCard): Promise<void> {
  await writeCard(db, toRow(card));
}

function toRow(card: PostedCard): Tables["cards"] {
  const { messageId, roomId, kind, senderId, shownAt } = card;
  return { messageId, roomId, kind, senderId, shownAt, card: JSON.stringify(card) };
}

async function keepCard(db: Kysely<Tables>, row: Tables["cards"]): Promise<void> {
  await db
    .insertInto("cards")
    .values(row)
    .onConflict((conflict) => conflict.column("messageId").doNothing())
    .execute();
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
