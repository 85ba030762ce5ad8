import { pastFillers } from "./opening.ts";
import { bare, spoken, type Token, wordToken } from "./tokens.ts";

/** What people say in several words, and the command words for it. */
const PHRASES: ReadonlyMap<string, string> = new Map([
  ["open alerts", "alerts"],
  ["list alerts", "alerts"],
  ["list open alerts", "alerts"],
  ["all alerts", "alerts"],
  ["all open alerts", "alerts"],
  ["list watches", "watches"],
  ["all watches", "watches"],
  ["list mutes", "mutes"],
  ["all mutes", "mutes"],
  ["stop watching", "unwatch"],
  ["stop watch", "unwatch"],
  ["stop muting", "unmute"],
  ["stop mute", "unmute"],
  ["stop digest", "digest off"],
  ["hand over", "handover"],
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
