import type { CommandName } from "../commands/command.ts";
import type { Button } from "./views.ts";

/** Something that people can ask, as `help` tells of it. */
export interface HelpTopic {
  /** The commands that this topic is about; the first decides who may see it. */
  readonly names: readonly [CommandName, ...string[]];
  readonly usage: string;
  readonly does: string;
  readonly more: readonly string[];
  readonly button?: Button;
}
