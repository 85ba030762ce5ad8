import { squashed } from "../customers/filter.ts";
import type { CustomersCommand } from "./command.ts";
import { readList, withoutSettings } from "./list.ts";
import { type Reading, slipped } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bare, type PairToken, spoken, type Token, wordToken } from "./tokens.ts";
import { settingNamed } from "./vocabulary.ts";

/** What follows `watch`, `alerts` or `mute`: the filter of every list, but of alerts, so that saying "errors" adds nothing. */
export function readAlertFilter(
  head: "watch" | "alerts" | "mute",
  tokens: readonly Token[],
  distance: Distance,
): Reading<CustomersCommand> {
  const terms = tokens.filter((token) => !isNoun(token));
  if (head === "alerts") return readList(head, withoutSettings(terms, "page"), distance);
  const customer = terms.find(isOneCustomer);
  return customer ? ofOneCustomer(head, customer, terms) : readList(head, withoutSettings(terms), distance);
}

/** "open alerts", "stuck packages": alerts are of packages, and told while they are open. */
function isNoun(token: Token): boolean {
  return /^(?:alerts?|packages|open)$/.test(spoken(token) ?? "");
}

/** Left out, as under a list, this would watch or mute far more than was meant. */
function isOneCustomer(token: Token): token is PairToken {
  if (token.kind === "word" || settingNamed(squashed(token.key)) !== "customer") return false;
  return token.values.some(({ text }) => text !== "");
}

function ofOneCustomer(head: string, customer: PairToken, terms: readonly Token[]): Reading<never> {
  return slipped(
    "A filter has no field “customer”.",
    "A customer is found by externalId= or orgId=, or by a word of its name.",
    [head, ...terms].flatMap((token) => {
      if (typeof token === "string") return [wordToken(bare(token))];
      return token === customer ? token.values.map(wordToken) : [token];
    }),
  );
}
