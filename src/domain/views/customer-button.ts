import { format } from "../commands/format.ts";
import type { Command } from "../commands/registry.ts";
import type { Customer } from "../customers/customer.ts";
import type { Button } from "./views.ts";

/** The command for one customer that a button stands for. */
export type CustomerPurpose = "customer" | "history" | "follow" | "unfollow" | "subscribers";

interface ButtonOptions {
  readonly main?: boolean;
  /** Asked past the cache. */
  readonly fresh?: boolean;
}

type Ref = { readonly by: "id" | "any"; readonly value: string };

function commandFor(purpose: CustomerPurpose, ref: Ref, fresh: boolean): Command {
  if (purpose === "customer") return { name: purpose, ref, fresh };
  return purpose === "subscribers" ? { name: purpose, ref, page: 1 } : { name: purpose, ref };
}

/** Pressed it names the customer by its id. A plain text has its external id, which people can type. */
export function customerButton(
  title: string,
  { id, externalId }: Pick<Customer, "id" | "externalId">,
  purpose: CustomerPurpose,
  { main = false, fresh = false }: ButtonOptions = {},
): Button {
  const command = (ref: Ref) => format(commandFor(purpose, ref, fresh));
  return {
    title,
    command: command({ by: "id", value: id }),
    ...(externalId !== undefined && { typed: command({ by: "any", value: externalId }) }),
    ...(main && { main }),
  };
}
