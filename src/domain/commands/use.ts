import { fieldNamed } from "../customers/filter.ts";
import type { Command } from "./command.ts";
import { isNoiseWord } from "./command-words.ts";
import { type ParseResult, parsed, parseError } from "./parse-error.ts";
import { bareWord, type Token, trimEnd, unquotedWord, type Word, wordToken } from "./tokenize.ts";

/** What frees a space again; in quotes it is a name. */
export const ALL_SUBPARTNERS = "all";

/** `use subpartner=<id or name>`, `use Acme East`, `use all`. */
export function parseUse(tokens: readonly Token[]): ParseResult<Command> {
  const other = tokens.find((token) => token.kind === "pair" && isOtherField(token.key));
  if (other) return useWithFilter(tokens);
  const words = tokens.filter((token) => !isIgnorable(token)).flatMap(wordsOf);
  const said = words.map(({ text }) => text).join(" ");
  const isFree = words.every(({ quoted }) => !quoted) && /^(?:all|any|everything|everyone|none)$/i.test(said);
  if (said !== "") return parsed({ name: "use", subpartner: isFree ? ALL_SUBPARTNERS : said });
  return parseError(
    "That does not say which sub-partner.",
    "“subpartners” lists them; “use all” frees this space again.",
    [wordToken(bareWord("subpartners"))],
  );
}

function isOtherField(key: string): boolean {
  const field = fieldNamed(key);
  return field !== undefined && field !== "subpartner";
}

function isIgnorable(token: Token): boolean {
  const word = unquotedWord(token);
  return isNoiseWord(word) || word === "subpartner" || word === "sub-partner" || word === "partner";
}

/** A name may hold spaces and commas that nobody put in quotes, and an id a colon. */
function wordsOf(token: Token): readonly Word[] {
  if (token.kind === "word") return [token.word];
  const values = token.values.filter(({ text }) => text !== "");
  if (fieldNamed(token.key) === undefined) return [bareWord(trimEnd(token.raw, " ,;"))];
  return values.map((word, index) => (index < values.length - 1 ? { ...word, text: `${word.text},` } : word));
}

function useWithFilter(tokens: readonly Token[]): ParseResult<never> {
  return parseError(
    "A space is bound to a sub-partner, and to nothing else.",
    "For example “use subpartner=Acme”; customers are listed by “customers”.",
    [wordToken(bareWord("customers")), ...tokens],
  );
}
