import type { Customer } from "../domain/customers/customer.ts";
import { DOT } from "./parts.ts";
import { exact, shortWords } from "./plain.ts";
import { joined, placeOf } from "./words.ts";

/** `Lyon, FR · WWI_EU_04`; the external id is left out where it is the title already. */
export function whereOf({ address, name, externalId }: Customer): string {
  const known = name === undefined || externalId === undefined ? "" : shortWords(exact(externalId));
  return joined([placeOf(address), known], DOT);
}
