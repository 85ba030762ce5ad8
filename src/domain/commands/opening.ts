import { headNamed, isCommandWord } from "./heads.ts";
import { spoken, type Token } from "./tokens.ts";
import { isFiller } from "./vocabulary.ts";

/** Where a message begins to say something: behind fillers, greetings, and a "show me" in front of another command. */
export function openingOf(tokens: readonly Token[]): number {
  let at = 0;
  for (;;) {
    const next = pastFillers(tokens, at);
    const head = headNamed(spoken(tokens[next]) ?? "");
    const after = pastFillers(tokens, next + 1);
    const follows = tokens[after];
    const isOpening =
      head === "greeting" ? follows !== undefined : head === "show" && isCommandWord(spoken(follows) ?? "");
    if (!isOpening) return next;
    at = next + 1;
  }
}

export function pastFillers(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && isEmpty(spoken(tokens[at]))) at += 1;
  return at;
}

export function isEmpty(word: string | undefined): boolean {
  return word !== undefined && word !== "?" && (isFiller(word) || !/[\p{L}\p{N}]/u.test(word));
}
