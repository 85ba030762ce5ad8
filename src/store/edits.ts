import type { Kysely } from "kysely";
import { chunksOf, IDS } from "./chunks.ts";
import type { Tables } from "./schema.ts";

interface AlertCard {
  readonly roomId: string;
  readonly messageId: string;
}

/** The cards of these alerts, each once, however many of them it shows. */
export async function readCards(
  db: Kysely<Tables>,
  alertIds: readonly number[],
): Promise<readonly AlertCard[]> {
  const cards = new Map<string, AlertCard>();
  for (const ids of chunksOf(alertIds, IDS)) {
    const rows = await db
      .selectFrom("announced")
      .select(["roomId", "messageId"])
      .distinct()
      .where("alertId", "in", ids)
      .orderBy("roomId")
      .orderBy("messageId")
      .execute();
    for (const card of rows) cards.set(card.messageId, card);
  }
  return [...cards.values()];
}

/** A card is edited so often at most, and two more times by its own buttons: Webex allows ten (ALERTS 30). */
const MOST_EDITS = 8;

/** Counts an edit of a card, with every alert that it shows; false when it has had its last one. */
export async function countEdit(db: Kysely<Tables>, roomId: string, messageId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("announced")
    .set((is) => ({ edits: is("edits", "+", 1) }))
    .where("roomId", "=", roomId)
    .where("messageId", "=", messageId)
    .where("edits", "<", MOST_EDITS)
    // An alert that joined a card later has counted fewer of its edits.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("announced as worn")
            .select("worn.alertId")
            .where("worn.roomId", "=", roomId)
            .where("worn.messageId", "=", messageId)
            .where("worn.edits", ">=", MOST_EDITS),
        ),
      ),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
