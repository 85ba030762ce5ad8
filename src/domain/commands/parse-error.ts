import { ALERT_COMMAND_WORDS, COMMAND_WORDS, isPlanned } from "./command-words.ts";
import { STATUS_WORDS, statusesNamed } from "./field-values.ts";
import { type Distance, isTypingSlip, nearest } from "./suggest.ts";
import { bareWord, pairToken, type Token, unquotedWord, wordToken } from "./tokenize.ts";
import { impliedKey, isNegation } from "./vocabulary.ts";

export function notYetAvailable(word: string): ParseResult<never> | undefined {
  if (!isPlanned(word)) return undefined;
  return parseError(`${quote(word)} is not in this version yet.`, "What works today is listed by “help”.", [
    wordToken(bareWord("help")),
  ]);
}

/** A first word that nearly is a command, where it is not better understood as it stands. */
export function mistyped(word: string, rest: readonly Token[], distance: Distance): ParseResult<never> | undefined {
  if (isNegation(word) || impliedKey(word) !== undefined || statusesNamed(word)) return undefined;
  const near =
    nearest(word, [...COMMAND_WORDS, ...STATUS_WORDS], distance) ??
    ALERT_COMMAND_WORDS.find((command) => isTypingSlip(word, command));
  return near === undefined ? undefined : unknownCommand(word, near, rest);
}

export function unknownCommand(word: string, near: string, rest: readonly Token[]): ParseResult<never> {
  return parseError(
    `${quote(word)} is not a command; the nearest is ${quote(near)}.`,
    `To look for customers by that word, send “customers ${word}”.`,
    [wordToken(bareWord(near)), ...rest],
  );
}

/** "next", "more": which list, and which page of it, only its own buttons know. */
export function nextWithoutList(word: string, rest: readonly Token[]): ParseResult<never> | undefined {
  if (!/^(?:next|more|prev|previous|back)$/.test(word)) return undefined;
  if (rest.length > 1 || (rest[0] && unquotedWord(rest[0]) !== "page")) return undefined;
  return parseError(
    `${quote(word)} does not say of which list.`,
    "Press Next or Prev under the list, or name the page: customers page=2.",
    [wordToken(bareWord("customers")), pairToken("page", [bareWord("2")])],
  );
}

/** A person's slip in sentences for people, and the message as it was probably meant. */
export interface ParseError {
  readonly problem: string;
  readonly hint: string;
  readonly correction: readonly Token[];
}

/** What tokens mean, or the slip in them. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ParseError };

export function parsed<T>(value: T): ParseResult<T> {
  return { ok: true, value };
}

export function parseError(problem: string, hint: string, correction: readonly Token[]): ParseResult<never> {
  return { ok: false, error: { problem, hint, correction } };
}

const LONGEST_QUOTE = 40;

/** Somebody's own words, within a sentence of ours. */
export function quote(text: string): string {
  const letters = [...text];
  return `“${letters.length > LONGEST_QUOTE ? `${letters.slice(0, LONGEST_QUOTE).join("")}…` : text}”`;
}
