import type { Customer } from "../../src/domain/customers/customer.ts";

/** A provisioned customer without packages. */
export const bareCustomer = (parts: Partial<Customer> = {}): Customer => ({
  id: "acme",
  address: {},
  status: "provisioned",
  packages: [],
  addOns: [],
  problems: [],
  ...parts,
});
