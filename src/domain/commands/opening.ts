import { isCommandWord, keywordOf } from "./heads.ts";
import { type Token, unquotedWord } from "./tokens.ts";
import { isFiller } from "./vocabulary.ts";

/** Where a message begins to say something: behind fillers, greetings, and a "show me" in front of another command. */
export function commandStart(tokens: readonly Token[]): number {
  let at = 0;
  for (;;) {
    const next = skipFillers(tokens, at);
    const head = keywordOf(unquotedWord(tokens[next]) ?? "");
    const after = skipFillers(tokens, next + 1);
    const follows = tokens[after];
    const isOpening =
      head === "greeting"
        ? follows !== undefined
        : head === "show" && isCommandWord(unquotedWord(follows) ?? "");
    if (!isOpening) return next;
    at = next + 1;
  }
}

export function skipFillers(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && isNoiseWord(unquotedWord(tokens[at]))) at += 1;
  return at;
}

export function isNoiseWord(word: string | undefined): boolean {
  return word !== undefined && word !== "?" && (isFiller(word) || !/[\p{L}\p{N}]/u.test(word));
}
