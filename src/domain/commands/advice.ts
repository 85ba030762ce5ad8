import { quote, type Reading, slipped } from "./slip.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bare, pairToken, spoken, type Token, wordToken } from "./tokens.ts";
import { STATUS_WORDS, statusesNamed } from "./values.ts";
import { COMMAND_WORDS, isNegation, keySpoken, nearestToday } from "./vocabulary.ts";

const TODAY = {
  customers: "What it would be about can be listed at any time, for example with “customers status=error”.",
  customer: "What a customer is like now can be seen with “customer” and its number or id.",
  errors: "The customers with problems are listed by “errors”.",
  status: "How the bot itself is doing is shown by “status”.",
  help: "What works today is listed by “help”.",
} as const;

export function notYet(word: string, rest: readonly Token[]): Reading<never> | undefined {
  const today = nearestToday(word);
  if (today === undefined) return undefined;
  const hasSubject = today === "customers" || (today === "customer" && rest.length > 0);
  const command = today === "customer" && !hasSubject ? "customers" : today;
  return slipped(`${quote(word)} is not in this version yet.`, TODAY[today], [
    wordToken(bare(command)),
    ...(hasSubject ? rest : []),
  ]);
}

/** A first word that nearly is a command, where it is not better understood as it stands. */
export function mistyped(
  word: string,
  rest: readonly Token[],
  distance: Distance,
): Reading<never> | undefined {
  if (isNegation(word) || keySpoken(word) !== undefined || statusesNamed(word)) return undefined;
  const near = nearest(word, [...COMMAND_WORDS, ...STATUS_WORDS], distance);
  return near === undefined ? undefined : unknownCommand(word, near, rest);
}

export function unknownCommand(word: string, near: string, rest: readonly Token[]): Reading<never> {
  return slipped(
    `${quote(word)} is not a command; the nearest is ${quote(near)}.`,
    `To look for customers by that word, send “customers ${word}”.`,
    [wordToken(bare(near)), ...rest],
  );
}

/** "next", "more": which list, and which page of it, only its own buttons know. */
export function turning(word: string, rest: readonly Token[]): Reading<never> | undefined {
  if (!/^(?:next|more|prev|previous|back)$/.test(word)) return undefined;
  if (rest.length > 1 || (rest[0] && spoken(rest[0]) !== "page")) return undefined;
  return slipped(
    `${quote(word)} does not say of which list.`,
    "Press Next or Prev under the list, or name the page: customers page=2.",
    [wordToken(bare("customers")), pairToken("page", [bare("2")])],
  );
}
