import type { Role } from "../role.ts";
import type { WriteValue } from "./format-terms.ts";
import type { ParseResult } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import type { Token } from "./tokenize.ts";

/** A command without its reply, which is in `replies/registry.ts`. `Also` are other commands that its words may mean. */
export interface CommandDefinition<C extends { readonly name: string }, Also = never> {
  /** The words that a message may begin with, in lower case. Each belongs to one command only. */
  readonly words: readonly string[];
  /** The words of `words` that are offered when a similar word was typed. */
  readonly suggested?: SuggestedWords;
  readonly needs: Role;
  /** True if the answer holds customer data, which is not shown in a space with guests (PRODUCT 5). */
  readonly confidential: boolean;
  /** The topics in `help`; empty when the topic of another command covers this one. */
  readonly help: readonly HelpTopic[];
  /** Undefined when the words are rather the name of a customer: `Watches of Switzerland`. */
  readonly parse: (message: Message, distance: Distance) => ParseResult<C | Also> | undefined;
  /**
   * The same command with `HIDDEN` in place of notes, reasons, topics and people whom the sender names, for the audit. Absent where
   * it has none; the words that a `filter` searches for are hidden in every command.
   */
  readonly withoutFreeWords?: (command: C) => C;
  /** The canonical text, which `parse` reads back as the same command. Defaults are left out. */
  readonly format: (command: C, write: WriteValue) => string;
}

/** The word that a message begins with, in lower case, and what follows it. */
export interface Message {
  readonly word: string;
  readonly rest: readonly Token[];
}

export interface SuggestedWords {
  /** Offered for a word that a few edits make of them. */
  readonly byEdits?: readonly string[];
  /** Offered for a typing slip only, because customers have names that are nearly the same: "Match", "Verity", "Albert". */
  readonly bySlip?: readonly string[];
}

export interface HelpTopic {
  /** Words besides the command's name that `help` finds this topic by. */
  readonly also?: readonly string[];
  readonly usage: string;
  readonly does: string;
  readonly more: readonly string[];
  readonly button?: { readonly title: string; readonly command: string; readonly main?: boolean };
}
