import type { Customer } from "../domain/customers/customer.ts";
import { DOT } from "./parts.ts";
import { exactId, shortenWords } from "./plain.ts";
import { joinNonEmpty, placeOf } from "./words.ts";

/** `Lyon, FR · WWI_EU_04`; the external id is left out where it is the title already. */
export function placeAndId({ address, name, externalId }: Customer): string {
  const known = name === undefined || externalId === undefined ? "" : shortenWords(exactId(externalId));
  return joinNonEmpty([placeOf(address), known], DOT);
}
