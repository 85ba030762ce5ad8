import type { Kysely } from "kysely";
import { chunksOf, IDS } from "../chunks.ts";
import type { Tables } from "../schema.ts";
import type { OutboxDeps } from "./step.ts";

type Editing = Pick<OutboxDeps, "db" | "alone">;

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

/**
 * Counts an edit of a card, with every alert that it shows; false when it has had its last one. An alert that joined the card
 * later has counted fewer.
 */
export function countEdit({ db, alone }: Editing, { roomId, messageId }: AlertCard): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom("announced")
      .select("edits")
      .where("roomId", "=", roomId)
      .where("messageId", "=", messageId)
      .orderBy("alertId")
      .$if(!alone, (query) => query.forUpdate())
      .execute();
    const edits = Math.max(0, ...rows.map((row) => row.edits));
    if (rows.length === 0 || edits >= MOST_EDITS) return false;
    await tx
      .updateTable("announced")
      .set({ edits: edits + 1 })
      .where("roomId", "=", roomId)
      .where("messageId", "=", messageId)
      .execute();
    return true;
  });
}
