import { type ParseResult, parseError } from "./parse-error.ts";
import type { Token } from "./tokenize.ts";

/** A filter with more terms becomes a statement that a database refuses, and a button that Webex refuses. */
export const MAX_TERMS = 50;
const MAX_WORDS = 400;
const LONGEST_WORD = 1_000;

/** The refusal of a message that is too long for a filter; undefined for any other. */
export function tooLong(tokens: readonly Token[]): ParseResult<never> | undefined {
  if (tokens.length > MAX_WORDS)
    return parseError(`This message has more than ${MAX_WORDS} words.`, "Send a shorter one, such as “help”.");
  if (tokens.some(({ raw }) => raw.length > LONGEST_WORD))
    return parseError(`A word has more than ${LONGEST_WORD} characters.`, "Send a shorter one, such as “help”.");
  return undefined;
}
