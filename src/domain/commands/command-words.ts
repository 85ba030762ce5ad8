import { skipFillers } from "./noise-words.ts";
import { COMMAND_NAMES, COMMANDS, type CommandName } from "./registry.ts";
import { bareToken, type Token, unquotedWord } from "./tokenize.ts";
import { GREETINGS, OVER_WORDS, SHOW_WORDS } from "./vocabulary.ts";

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

/** Whole messages that no command begins, without apostrophes, and the command words that replace them. */
const MESSAGES: ReadonlyMap<string, string> = new Map([
  ..."how does this work,how does it work,how do i use this,how do you work,good morning,good evening,good afternoon"
    .split(",")
    .map((message) => [message, "help"] as const),
  ..."never mind,forget it,stop,leave it".split(",").map((message) => [message, "no"] as const),
  ..."whats open,what is open".split(",").map((message) => [message, "alerts"] as const),
  ..."whats new,what is new,anything new,any news,news".split(",").map((message) => [message, "changes"] as const),
]);

/** The command words for such a message; undefined for any other. */
export function replaceMessage(tokens: readonly Token[]): readonly Token[] | undefined {
  const words = tokens.map((token) => unquotedWord(token)?.replaceAll("'", ""));
  return MESSAGES.get(words.join(" "))?.split(" ").map(bareToken);
}

/** Phrases of several words, and the command words that replace them. */
const PHRASES: ReadonlyMap<string, string> = new Map([
  ...["watches", "mutes"].flatMap((all) =>
    ["list", "all", "list all"].map((front) => [`${front} ${all}`, all] as const),
  ),
  ...["list", "open", "list open"].map((front) => [`${front} alerts`, "alerts"] as const),
  ...["all", "list all", "all open"].map((front) => [`${front} alerts`, "alerts all"] as const),
  ...[...OVER_WORDS].map((front) => [`${front} alerts`, "alerts over"] as const),
  ["go back", "back"],
  ["meaning code", "code"],
  ["time zone", "timezone"],
  ["set timezone", "timezone"],
  ["set time zone", "timezone"],
  ["look up", "lookup"],
  ...["stop", "cancel", "end", "remove", "delete", "undo"].flatMap((front) =>
    ["watching", "watch", "muting", "mute", "following", "follow", "ack"].map(
      (what) => [`${front} ${what}`, `un${what.replace(/ing$/, "").replace(/^mut$/, "mute")}`] as const,
    ),
  ),
  ["stop digest", "digest off"],
  ["hand over", "handover"],
  ["run drill", "drill"],
]);

const MAX_PHRASE_WORDS = 3;

/** A message that begins with such a phrase, with the command words in its place; any other message unchanged. */
export function replacePhrase(tokens: readonly Token[]): readonly Token[] {
  let phrase = unquotedWord(tokens[0]) ?? "";
  for (let at = 0, count = 1; count < MAX_PHRASE_WORDS; count += 1) {
    at = skipFillers(tokens, at + 1);
    phrase += ` ${unquotedWord(tokens[at])}`;
    const words = PHRASES.get(phrase)?.split(" ");
    if (words) return [...words.map(bareToken), ...tokens.slice(at + 1)];
  }
  return tokens;
}
