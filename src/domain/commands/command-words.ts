import { skipFillers } from "./noise-words.ts";
import { COMMAND_NAMES, COMMANDS, type CommandName } from "./registry.ts";
import { type Token, unquotedWord } from "./tokenize.ts";
import { GREETINGS, SHOW_WORDS } from "./vocabulary.ts";

const COMMANDS_BY_WORD: ReadonlyMap<string, CommandName> = new Map(
  COMMAND_NAMES.flatMap((name) => COMMANDS[name].words.map((word) => [word, name] as const)),
);

/** The command that a message means by its first word, in lower case. */
export function commandOfWord(word: string): CommandName | undefined {
  return COMMANDS_BY_WORD.get(word);
}

export function isCommandWord(word: string): boolean {
  return COMMANDS_BY_WORD.has(word);
}

export const SUGGESTED_BY_EDITS = COMMAND_NAMES.flatMap((name) => COMMANDS[name].suggested?.byEdits ?? []);
export const SUGGESTED_BY_SLIP = COMMAND_NAMES.flatMap((name) => COMMANDS[name].suggested?.bySlip ?? []);

/** Where the command in a message begins: behind fillers, greetings, and a "show me" in front of another command. */
export function commandStart(tokens: readonly Token[]): number {
  let at = 0;
  for (;;) {
    const next = skipFillers(tokens, at);
    const word = unquotedWord(tokens[next]) ?? "";
    const following = tokens[skipFillers(tokens, next + 1)];
    const isOpening = GREETINGS.includes(word)
      ? following !== undefined
      : SHOW_WORDS.includes(word) && isCommandOrNumber(unquotedWord(following) ?? "");
    if (!isOpening) return next;
    at = next + 1;
  }
}

/** "show next", "show 3". */
function isCommandOrNumber(word: string): boolean {
  return isCommandWord(word) || /^#?\d+$/.test(word);
}
