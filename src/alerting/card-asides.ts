import { type Asides, NO_ASIDES } from "../domain/alerts/asides.ts";
import type { Db } from "./transaction.ts";

/** As they are stored with a card; null for none. */
export function asidesText(asides: Asides): string | null {
  return asides.cameAndWent.length + asides.removals.length === 0 ? null : JSON.stringify(asides);
}

export const parseAsides = (text: string | null): Asides => (text === null ? NO_ASIDES : JSON.parse(text));

/** The asides of the message that became this card. */
export async function readAsides(db: Db, messageId: string): Promise<Asides> {
  const row = await db.selectFrom("alertCards").select("asides").where("messageId", "=", messageId).executeTakeFirst();
  return parseAsides(row?.asides ?? null);
}
