import { fieldNamed } from "../customers/filter.ts";
import type { Command } from "./command.ts";
import { isEmpty } from "./opening.ts";
import { meant, type Reading, slipped } from "./slip.ts";
import { bare, spoken, type Token, trimEnd, type Word, wordToken } from "./tokens.ts";

/** What frees a space again; in quotes it is a name. */
export const ALL = "all";

/** `use subpartner=<id or name>`, `use Acme East`, `use all`. */
export function readUse(tokens: readonly Token[]): Reading<Command> {
  const other = tokens.find((token) => token.kind === "pair" && isOtherField(token.key));
  if (other) return aboutCustomers(tokens);
  const words = tokens.filter((token) => !isAround(token)).flatMap(wordsOf);
  const said = words.map(({ text }) => text).join(" ");
  const isFree = words.every(({ quoted }) => !quoted) && /^(?:all|any|everything|everyone|none)$/i.test(said);
  if (said !== "") return meant({ name: "use", subpartner: isFree ? ALL : said });
  return slipped(
    "That does not say which sub-partner.",
    "“subpartners” lists them; “use all” frees this space again.",
    [wordToken(bare("subpartners"))],
  );
}

function isOtherField(key: string): boolean {
  const field = fieldNamed(key);
  return field !== undefined && field !== "subpartner";
}

function isAround(token: Token): boolean {
  const word = spoken(token);
  return isEmpty(word) || word === "subpartner" || word === "sub-partner" || word === "partner";
}

/** A name may hold spaces and commas that nobody put in quotes, and an id a colon. */
function wordsOf(token: Token): readonly Word[] {
  if (token.kind === "word") return [token.word];
  const values = token.values.filter(({ text }) => text !== "");
  if (fieldNamed(token.key) === undefined) return [bare(trimEnd(token.written, " ,;"))];
  return values.map((word, index) => (index < values.length - 1 ? { ...word, text: `${word.text},` } : word));
}

function aboutCustomers(tokens: readonly Token[]): Reading<never> {
  return slipped(
    "A space is bound to a sub-partner, and to nothing else.",
    "For example “use subpartner=Acme”; customers are listed by “customers”.",
    [wordToken(bare("customers")), ...tokens],
  );
}
