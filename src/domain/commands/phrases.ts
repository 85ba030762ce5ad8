import { skipFillers } from "./opening.ts";
import { bareWord, type Token, unquotedWord, wordToken } from "./tokens.ts";

/** What people say in several words, and the command words for it. */
const PHRASES: ReadonlyMap<string, string> = new Map([
  ...["alerts", "watches", "mutes"].flatMap((all) =>
    ["list", "all", "list all"].map((front) => [`${front} ${all}`, all] as const),
  ),
  ...["open", "list open", "all open"].map((front) => [`${front} alerts`, "alerts"] as const),
  ["stop watching", "unwatch"],
  ["stop watch", "unwatch"],
  ["stop muting", "unmute"],
  ["stop mute", "unmute"],
  ["stop digest", "digest off"],
  ["hand over", "handover"],
  ["run drill", "drill"],
]);

const MAX_PHRASE_WORDS = 3;

/** A message that begins with such a phrase as if it began with the command; any other as it is. */
export function replacePhrase(tokens: readonly Token[]): readonly Token[] {
  let phrase = unquotedWord(tokens[0]) ?? "";
  for (let at = 0, count = 1; count < MAX_PHRASE_WORDS; count += 1) {
    at = skipFillers(tokens, at + 1);
    phrase += ` ${unquotedWord(tokens[at])}`;
    const words = PHRASES.get(phrase)?.split(" ");
    if (words) return [...words.map((word) => wordToken(bareWord(word))), ...tokens.slice(at + 1)];
  }
  return tokens;
}
