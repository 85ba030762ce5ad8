import type { AuditEntry } from "../audit.ts";
import { format } from "./format.ts";
import { hideSearchWords } from "./free-words.ts";
import { COMMANDS, type Command, type CommandName, type CommandOf } from "./registry.ts";

/** Characters of a command that are kept. */
const LONGEST_TEXT = 300;

/** A command as the audit has it. */
export function auditedCommand(command: Command): Pick<AuditEntry, "command" | "text"> {
  const text = format(withoutFreeWords(withoutSearchWords(command)));
  const characters = [...text];
  return {
    command: text.split(" ", 1)[0] ?? "",
    text: characters.length > LONGEST_TEXT ? `${characters.slice(0, LONGEST_TEXT - 1).join("")}…` : text,
  };
}

function withoutSearchWords(command: Command): Command {
  return "filter" in command ? { ...command, filter: hideSearchWords(command.filter) } : command;
}

function withoutFreeWords<N extends CommandName>(command: CommandOf<N> & { readonly name: N }): Command {
  return COMMANDS[command.name].withoutFreeWords?.(command) ?? command;
}
