import { ALERT_COMMAND_WORDS, COMMAND_WORDS, isLater } from "./heads.ts";
import { quote, type Reading, slipped } from "./slip.ts";
import { type Distance, fingersMade, nearest } from "./suggest.ts";
import { bare, pairToken, spoken, type Token, wordToken } from "./tokens.ts";
import { STATUS_WORDS, statusesNamed } from "./values.ts";
import { isNegation, keySpoken } from "./vocabulary.ts";

export function notYet(word: string): Reading<never> | undefined {
  if (!isLater(word)) return undefined;
  return slipped(`${quote(word)} is not in this version yet.`, "What works today is listed by “help”.", [
    wordToken(bare("help")),
  ]);
}

/** A first word that nearly is a command, where it is not better understood as it stands. */
export function mistyped(
  word: string,
  rest: readonly Token[],
  distance: Distance,
): Reading<never> | undefined {
  if (isNegation(word) || keySpoken(word) !== undefined || statusesNamed(word)) return undefined;
  const near =
    nearest(word, [...COMMAND_WORDS, ...STATUS_WORDS], distance) ??
    ALERT_COMMAND_WORDS.find((command) => fingersMade(word, command));
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
