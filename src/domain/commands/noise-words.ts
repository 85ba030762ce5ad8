import { type Token, unquotedWord } from "./tokenize.ts";
import { isFiller } from "./vocabulary.ts";

/** A word that adds nothing to a command: a filler, or punctuation alone. Undefined stands for no plain word. */
export function isNoiseWord(word: string | undefined): boolean {
  return word !== undefined && word !== "?" && (isFiller(word) || !/[\p{L}\p{N}]/u.test(word));
}

/** @param most how many are skipped: a look ahead from every word of a message needs an end */
export function skipFillers(tokens: readonly Token[], from: number, most = Number.POSITIVE_INFINITY): number {
  let at = from;
  while (at < tokens.length && at - from < most && isNoiseWord(unquotedWord(tokens[at]))) at += 1;
  return at;
}

/** More stand between no two words that belong together. */
export const FEW_FILLERS = 4;

/** True if a command that takes no arguments has none. Other words make it a name: `Watches of Switzerland`. */
export function isWithoutArguments(rest: readonly Token[]): boolean {
  return rest.every((token) => {
    const word = unquotedWord(token);
    return isNoiseWord(word) || /^(?:alerts?|customers|space|room|here|test|all|open|active|today)$/.test(word ?? "");
  });
}
