import type { CommandName } from "../commands/command.ts";
import type { Button } from "./views.ts";

/** Something that people can ask, as `help` tells of it. */
export interface Topic {
  /** The commands that this topic is about; the first decides who may see it. */
  readonly about: readonly [CommandName, ...string[]];
  readonly usage: string;
  readonly does: string;
  readonly more: readonly string[];
  readonly button?: Button;
}
