import type { Role } from "../access.ts";
import type { Command } from "../commands/command.ts";
import type { Health } from "../health.ts";
import type { Clock, PostedCard, ShownRow, Wholesale } from "../ports.ts";
import type { View } from "./views.ts";

/** What we answer, and what is to be remembered of it. A reply function posts, saves and deletes nothing itself. */
export interface Reply {
  readonly view: View;
  /** The rows of a list, so that `open 16` can find them. */
  readonly rows?: readonly ShownRow[];
  readonly changes?: readonly Change[];
}

export type Change = { readonly kind: "room"; readonly allowed: boolean };

/** All that a reply function may know and ask. */
export interface Context {
  readonly wholesale: Wholesale;
  /** The list that row numbers refer to: the one last shown in this room. */
  readonly lastList: () => Promise<PostedCard | undefined>;
  readonly health: () => Promise<Health>;
  readonly role: Role;
  /** Whether this is a group space, where being allowed for guests has a meaning. */
  readonly inGroup: boolean;
  readonly clock: Clock;
}

/** A command of one name. */
export type Asked<N extends Command["name"]> = Extract<Command, { readonly name: N }>;
