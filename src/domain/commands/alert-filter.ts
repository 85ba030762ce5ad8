import { normalizeName } from "../customers/filter.ts";
import type { CustomersCommand } from "./command.ts";
import { parseList, withoutSettings } from "./list.ts";
import { type ParseResult, parseError } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bareWord, type PairToken, type Token, unquotedWord, wordToken } from "./tokens.ts";
import { settingNamed } from "./vocabulary.ts";

/** What follows `watch`, `alerts` or `mute`: the filter of every list, but of alerts, so that saying "errors" adds nothing. */
export function parseAlertFilter(
  head: "watch" | "alerts" | "mute",
  tokens: readonly Token[],
  distance: Distance,
): ParseResult<CustomersCommand> {
  const terms = tokens.filter((token) => !isNoun(token));
  if (head === "alerts") return parseList(head, withoutSettings(terms, "page"), distance);
  const customer = terms.find(isOneCustomer);
  return customer
    ? noCustomerField(head, customer, terms)
    : parseList(head, withoutSettings(terms), distance);
}

/** "open alerts", "stuck packages": alerts are of packages, and told while they are open. */
function isNoun(token: Token): boolean {
  return /^(?:alerts?|packages|open)$/.test(unquotedWord(token) ?? "");
}

/** Left out, as under a list, this would watch or mute far more than was meant. */
function isOneCustomer(token: Token): token is PairToken {
  if (token.kind === "word" || settingNamed(normalizeName(token.key)) !== "customer") return false;
  return token.values.some(({ text }) => text !== "");
}

function noCustomerField(head: string, customer: PairToken, terms: readonly Token[]): ParseResult<never> {
  return parseError(
    "A filter has no field “customer”.",
    "A customer is found by externalId= or orgId=, or by a word of its name.",
    [head, ...terms].flatMap((token) => {
      if (typeof token === "string") return [wordToken(bareWord(token))];
      return token === customer ? token.values.map(wordToken) : [token];
    }),
  );
}
