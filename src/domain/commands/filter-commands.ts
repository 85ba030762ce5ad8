import { normalizeName } from "../customers/filter.ts";
import type { Command, CustomersCommand } from "./command.ts";
import { parseList, withoutSettings } from "./list.ts";
import { type ParseResult, parsed, parseError } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import { bareWord, type PairToken, plainWord, type Token, unquotedWord, wordToken } from "./tokenize.ts";
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
  return customer ? noCustomerField(head, customer, terms) : parseList(head, withoutSettings(terms), distance);
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

/** Nine digits stay a safe integer, and no space will ever have had so many alerts. */
const NUMBER = /^#?0*([1-9]\d{0,8})$/;

/** The numbers that a token names, of alerts, watches or mutes: `12`, `#12.`, `alert="12,13"`. They count from 1. */
export function numbersOf(token: Token): readonly number[] {
  const words =
    token.kind === "word" ? [unquotedWord(token) ?? ""] : token.values.flatMap(({ text }) => text.split(","));
  return words.flatMap((word) => {
    const digits = NUMBER.exec(plainWord(word.trim()))?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

/** `unwatch 2`, "unmute number 3, please"; without a number, it is for the answer to ask which. */
export function parseNumbered(name: "unwatch" | "unmute", tokens: readonly Token[]): ParseResult<Command> {
  const [number, ...others] = new Set(tokens.flatMap(numbersOf));
  if (number === undefined) return parsed({ name });
  if (others.length === 0) return parsed({ name, number });
  return parseError("That is more than one number.", `One at a time, for example ${name} ${number}.`, [
    wordToken(bareWord(name)),
    wordToken(bareWord(String(number))),
  ]);
}

/** `find` and its like take the same filter as a list. */
export function parseFind(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const reading = parseList("find", withoutSettings(rest), distance);
  return reading.ok ? parsed({ name: "find", filter: reading.value.filter }) : reading;
}

/** "summary by status": it counts by everything it can, so this adds nothing. */
export function parseSummary(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const filter = withoutSettings(rest).filter(
    (_, at) => unquotedWord(rest[at]) !== "by" && unquotedWord(rest[at - 1]) !== "by",
  );
  const reading = parseList("summary", filter, distance);
  return reading.ok ? parsed({ name: "summary", filter: reading.value.filter }) : reading;
}

export function parseExport(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const reading = parseList("export", rest, distance);
  if (!reading.ok) return reading;
  const { filter, sort } = reading.value;
  return parsed({ name: "export", filter, ...(sort !== undefined && { sort }) });
}
