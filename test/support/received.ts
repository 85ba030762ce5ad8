import type { Customer } from "../../src/domain/customers/customer.ts";
import type { ReceivedCustomer } from "../../src/domain/ports/wholesale.ts";
import { receivedCustomer } from "../../src/wholesale/received.ts";

/** These customers as a page of the API has them. */
export const received = (customers: readonly Customer[]): readonly ReceivedCustomer[] =>
  customers.map(receivedCustomer);
