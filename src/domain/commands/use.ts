import { fieldNamed } from "../customers/filter.ts";
import type { CommandDefinition } from "./definition.ts";
import { isNoiseWord } from "./noise-words.ts";
import { type ParseResult, parsed, parseError } from "./parse-error.ts";
import { bareToken, bareWord, looksLikeId, type Token, trimEnd, unquotedWord, type Word } from "./tokenize.ts";

/** Binds the space to a sub-partner, or frees it. */
export interface UseCommand {
  readonly name: "use";
  /** An organisation id, a name, or `ALL_SUBPARTNERS`. */
  readonly subpartner: string;
}

/** The value that frees a space again; in quotes it is a name. */
export const ALL_SUBPARTNERS = "all";

export const use: CommandDefinition<UseCommand> = {
  words: ["use"],
  needs: "admin",
  confidential: true,
  help: [
    {
      also: ["subpartner"],
      usage: "use subpartner=Acme",
      does: "binds this space to one sub-partner: it then shows only that one’s customers; use all ends that",
      more: ["Only an admin can do this, and only in the space itself."],
    },
  ],
  parse: ({ rest }) => parseUse(rest),
  // A name is always quoted, so that it may be any word, "all" included.
  format: ({ subpartner }, write) => {
    const isBare = subpartner === ALL_SUBPARTNERS || looksLikeId(subpartner);
    return `use subpartner=${write(subpartner, { bare: isBare })}`;
  },
};

/** `use subpartner=<id or name>`, `use Acme East`, `use all`. */
function parseUse(tokens: readonly Token[]): ParseResult<UseCommand> {
  if (tokens.some((token) => token.kind === "pair" && isOtherField(token.key))) return useWithFilter(tokens);
  const words = tokens.filter((token) => !isIgnorable(token)).flatMap(wordsOf);
  const name = words.map(({ text }) => text).join(" ");
  const isAll = words.every(({ quoted }) => !quoted) && /^(?:all|any|everything|everyone|none)$/i.test(name);
  if (name !== "") return parsed({ name: "use", subpartner: isAll ? ALL_SUBPARTNERS : name });
  return parseError(
    "That does not say which sub-partner.",
    "“subpartners” lists them; “use all” frees this space again.",
    [bareToken("subpartners")],
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

/** A name may hold unquoted spaces and commas, and an id may hold a colon. */
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
    [bareToken("customers"), ...tokens],
  );
}
