import { pastFillers } from "./opening.ts";
import { bare, spoken, type Token, wordToken } from "./tokens.ts";

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

const LONGEST = 3;

/** A message that begins with such a phrase as if it began with the command; any other as it is. */
export function withoutPhrase(tokens: readonly Token[]): readonly Token[] {
  let phrase = spoken(tokens[0]) ?? "";
  for (let at = 0, count = 1; count < LONGEST; count += 1) {
    at = pastFillers(tokens, at + 1);
    phrase += ` ${spoken(tokens[at])}`;
    const words = PHRASES.get(phrase)?.split(" ");
    if (words) return [...words.map((word) => wordToken(bare(word))), ...tokens.slice(at + 1)];
  }
  return tokens;
}
