import type { Filter } from "../customers/filter.ts";

/**
 * What somebody asks, typed or pressed. `format` writes any of these as text and `parse` reads it back unchanged:
 * a button carries its command as that text, so there is one way in for both.
 */
export type Command =
  | CustomersCommand
  | CustomerCommand
  | FindCommand
  | { readonly name: "help"; readonly topic?: string }
  | { readonly name: "status" }
  | { readonly name: "summary"; readonly filter: Filter }
  | { readonly name: "trend" }
  | { readonly name: "history"; readonly ref?: CustomerRef }
  /** `since` is in milliseconds: `changes since=2h`. */
  | { readonly name: "changes"; readonly since: number }
  | { readonly name: "export"; readonly filter: Filter; readonly sort?: string }
  | { readonly name: "subpartners" }
  /** Binds the space to a sub-partner, by its organisation id or name; `use subpartner=all` frees it. */
  | { readonly name: "use"; readonly subpartner: string }
  | { readonly name: "allow" }
  | { readonly name: "disallow" };

export interface CustomersCommand {
  readonly name: "customers";
  readonly filter: Filter;
  /** From 1. */
  readonly page: number;
  /** Rows a page, 1 to 50. */
  readonly max: number;
  /** A field, with `-` in front for descending: `sort=name`, `sort=-status`. */
  readonly sort?: string;
  /** Asked past the cache: what Refresh does. Written `fresh=yes`. */
  readonly fresh: boolean;
}

export interface CustomerCommand {
  readonly name: "customer";
  /** Absent when somebody pressed Open with nothing chosen. */
  readonly ref?: CustomerRef;
  readonly fresh: boolean;
}

/** How a customer was pointed at: a row of the last list, the API's id, an external id, an organisation id, or "one of those". */
export type CustomerRef =
  | { readonly by: "row"; readonly row: number }
  | { readonly by: "any" | "id" | "externalId" | "orgId"; readonly value: string };

/** The filter form, filled in with the filter that was in force. */
export interface FindCommand {
  readonly name: "find";
  readonly filter: Filter;
}

export type CommandName = Command["name"];
