import { normalizeName } from "../customers/filter.ts";
import { clockAt } from "./clock-time.ts";
import { type ListArguments, parseList, withoutSettings } from "./list.ts";
import { skipFillers } from "./noise-words.ts";
import { type ParseResult, parsed, parseError } from "./parse-error.ts";
import { isUntil } from "./spoken-duration.ts";
import type { Distance } from "./suggest.ts";
import { bareToken, type PairToken, plainWord, type Token, unquotedWord, wordToken } from "./tokenize.ts";
import { settingNamed } from "./vocabulary.ts";

/** Parses the arguments of `watch`, `alerts` or `mute`: the filter of a list, but of alerts, so that "errors" adds nothing. */
export function parseAlertFilter(
  command: "watch" | "alerts" | "mute",
  tokens: readonly Token[],
  distance: Distance,
): ParseResult<ListArguments> {
  const terms = tokens.filter((token) => !isNoun(token));
  const options = { isOfErrors: true };
  if (command === "alerts") return parseList(command, withoutSettings(terms, "page"), distance, options);
  const customer = terms.find(isOneCustomer);
  if (customer) return noCustomerField(command, customer, terms);
  return parseList(command, withoutSettings(terms), distance, options);
}

/** "open alerts", "stuck packages". */
function isNoun(token: Token): boolean {
  return /^(?:alerts?|packages|open)$/.test(unquotedWord(token) ?? "");
}

/** A list leaves this key out; a watch or a mute without it would cover far more than was meant. */
function isOneCustomer(token: Token): token is PairToken {
  if (token.kind === "word" || settingNamed(normalizeName(token.key)) !== "customer") return false;
  return token.values.some(({ text }) => text !== "");
}

function noCustomerField(command: string, customer: PairToken, terms: readonly Token[]): ParseResult<never> {
  return parseError(
    "A filter has no field “customer”.",
    "A customer is found by externalId= or orgId=, or by a word of its name.",
    [bareToken(command), ...terms.flatMap((token) => (token === customer ? token.values.map(wordToken) : [token]))],
  );
}

/** At most nine digits, so that the number is a safe integer. */
const NUMBER = /^#?0*([1-9]\d{0,8})(?:-#?0*([1-9]\d{0,8}))?$/;

/** A longer range is rather a slip, or part of a note. */
const MAX_RANGE = 1_000;

/** The numbers of alerts, watches or mutes in a token, from 1: `12`, `#12.`, `12-40`, `alert="12,13"`. */
export function numbersOf(token: Token): readonly number[] {
  const words =
    token.kind === "word" ? [unquotedWord(token) ?? ""] : token.values.flatMap(({ text }) => text.split(","));
  return words.flatMap((word) => {
    const [, first, last = first] = NUMBER.exec(plainWord(word.trim())) ?? [];
    const count = Number(last) - Number(first) + 1;
    return count >= 1 && count <= MAX_RANGE ? Array.from({ length: count }, (_, i) => Number(first) + i) : [];
  });
}

/** `12,14-40`: three or more consecutive numbers are a range. */
export function formatNumbers(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length; ) {
    const first = numbers[at] ?? 0;
    let count = 1;
    while (count < MAX_RANGE && numbers[at + count] === first + count) count += 1;
    const isRange = count > 2;
    parts.push(isRange ? `${first}-${first + count - 1}` : String(first));
    at += isRange ? count : 1;
  }
  return parts.join(",");
}

/** `unwatch 2`, "unmute number 3, please". Without a number, the reply asks for one. */
export function parseNumbered<N extends "unwatch" | "unmute">(
  name: N,
  tokens: readonly Token[],
): ParseResult<{ readonly name: N; readonly number?: number }> {
  const [number, ...others] = new Set(tokens.flatMap(numbersOf));
  if (number === undefined) return parsed({ name });
  if (others.length === 0) return parsed({ name, number });
  return parseError(
    "That is more than one number.",
    `One at a time, for example ${name} ${number}.`,
    [name, String(number)].map(bareToken),
  );
}

/** True if an alert, a duration or a reason follows `take`, `silence` or `snooze`. Otherwise it is a name: `Take Two`. */
export function hasAlertArguments(rest: readonly Token[]): boolean {
  return isTarget(rest[skipFillers(rest, 0)]) || rest.some((token, at) => isDurationOrReason(token) || isEnd(rest, at));
}

function isTarget(first: Token | undefined): boolean {
  if (first === undefined || first.kind === "pair" || numbersOf(first).length > 0) return true;
  return /^(?:all|alerts?|errors)$/.test(unquotedWord(first) ?? "");
}

function isDurationOrReason(token: Token): boolean {
  if (token.kind === "pair") return /^(?:for|until|because|reason)$/i.test(token.key);
  return /^(?:for|because)$/.test(unquotedWord(token) ?? "");
}

/** "until 8:00"; "until dawn" is part of a name. */
function isEnd(rest: readonly Token[], at: number): boolean {
  return isUntil(unquotedWord(rest[at])) && clockAt(rest, at + 1) !== undefined;
}
