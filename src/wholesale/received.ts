import { createHash } from "node:crypto";
import type { Customer } from "../domain/customers/customer.ts";
import { canonical } from "../domain/customers/record.ts";
import type { ReceivedCustomer } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";
import { parseCustomer, readCustomer } from "./wire.ts";

/** Twice the customers that the bot is made for. */
const MOST_KNOWN = 200_000;

/**
 * Reads rows of the API. The checksum of each row is remembered by a digest of the row as it was sent, so that a row which comes
 * again is not parsed: in most sweeps nothing has changed, and parsing and sorting was half of their work.
 * @returns the customer, or the `Failure` for which it cannot be read
 */
export function createRowReader(mostKnown = MOST_KNOWN): (row: unknown) => ReceivedCustomer | Failure {
  const checksums = createRecentMap(mostKnown);
  return (row) => {
    const digest = digestOf(JSON.stringify(row) ?? "");
    const checksum = checksums.get(digest);
    if (checksum !== undefined) return asBefore(row as Pick<Customer, "id" | "status">, checksum);
    const customer = parseCustomer(row);
    if (customer instanceof Failure) return customer;
    const received = receivedCustomer(customer);
    checksums.set(digest, received.checksum);
    return received;
  };
}

/** A row that could be read before, as it is again. */
function asBefore(row: Pick<Customer, "id" | "status">, checksum: string): ReceivedCustomer {
  let parsed: Customer | undefined;
  return {
    id: row.id,
    status: row.status,
    checksum,
    get customer() {
      parsed ??= readCustomer(row);
      return parsed;
    },
  };
}

/** A customer as it was just parsed. */
export const receivedCustomer = (customer: Customer): ReceivedCustomer => ({
  id: customer.id,
  status: customer.status,
  checksum: digestOf(canonical(customer)),
  customer,
});

const digestOf = (text: string): string => createHash("sha1").update(text).digest("base64");

/** Keeps what was used last, and forgets the rest in two steps: at least the last `most / 2` are known, and never more than `most`. */
function createRecentMap(most: number) {
  let recent = new Map<string, string>();
  let older = new Map<string, string>();
  const set = (key: string, value: string): void => {
    if (recent.size >= most / 2) [recent, older] = [new Map(), recent];
    recent.set(key, value);
  };
  return {
    set,
    get(key: string): string | undefined {
      const known = recent.get(key);
      if (known !== undefined) return known;
      const old = older.get(key);
      if (old !== undefined) set(key, old);
      return old;
    },
  };
}
