import { type Asides, NO_ASIDES } from "../domain/alerts/asides.ts";
import type { Db } from "./transaction.ts";

/** As it is stored with a card. */
export function asidesText(asides: Asides): string | null {
  return asides.cameAndWent.length + asides.removals.length === 0 ? null : JSON.stringify(asides);
}

export const parseAsides = (text: string | null): Asides => (text === null ? NO_ASIDES : JSON.parse(text));

/** What the message of the card told beside its alerts. */
export async function readAsides(db: Db, messageId: string): Promise<Asides> {
  const row = await db.selectFrom("alertCards").select("asides").where("messageId", "=", messageId).executeTakeFirst();
  return parseAsides(row?.asides ?? null);
}
