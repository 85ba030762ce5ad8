import { normalizeName } from "../customers/filter.ts";
import { parseAlertFilter } from "./alert-filter.ts";
import type { MuteCommand } from "./command.ts";
import { withoutSettings } from "./list.ts";
import { numbersOf } from "./numbers.ts";
import { isNoiseWord } from "./opening.ts";
import { type ParseResult, parsed, parseError, quote } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bareWord, type PairToken, pairToken, type Token, unquotedWord, wordToken } from "./tokens.ts";

type Target = MuteCommand["target"];

/** What is to be muted: one alert by its number, or a filter. The `instead` of a slip is what it should have been. */
export function parseMuteTarget(tokens: readonly Token[], distance: Distance): ParseResult<Target> {
  const said = withoutSettings(tokens).filter((token) => !isIgnorable(token));
  const alert = said.find(isAlertPair);
  if (alert) return parseAlertTarget(alert, said);
  const numbers = said.flatMap((token) => (token.kind === "word" ? numbersOf(token) : []));
  if (numbers.length > 0 && numbers.length === said.length) return singleAlert(numbers);
  const reading = parseAlertFilter("mute", tokens, distance);
  if (!reading.ok) {
    const { problem, hint, correction } = reading.error;
    return parseError(problem, hint, correction.slice(1));
  }
  const { filter } = reading.value;
  if (filter.length > 0 || tokens.some(isAll)) return parsed({ by: "filter", filter });
  return parseError(
    "That does not say what to mute.",
    "Name packages, customers or an alert, for example alert=1042. To mute everything, send “mute all”.",
    [wordToken(bareWord("all"))],
  );
}

export function isAlertPair(token: Token): token is PairToken {
  return (
    token.kind === "pair" &&
    /^alerts?$/.test(normalizeName(token.key)) &&
    token.values.some(({ text }) => text !== "")
  );
}

function isIgnorable(token: Token): boolean {
  const word = unquotedWord(token);
  return isNoiseWord(word) || word === "alert" || word === "alerts";
}

function isAll(token: Token): boolean {
  return /^(?:all|everything|anything)$/.test(unquotedWord(token) ?? "");
}

function parseAlertTarget(pair: PairToken, said: readonly Token[]): ParseResult<Target> {
  const numbers = numbersOf(pair);
  if (numbers.length === 0) {
    return parseError(
      `${quote(pair.raw.trim())} names no alert.`,
      "Alerts have numbers, for example alert=1042; “alerts” lists them.",
      said.flatMap((token) => (token === pair ? pair.values.map(wordToken) : [token])),
    );
  }
  if (said.length === 1) return singleAlert(numbers);
  return parseError(
    "A mute is about one alert or about a filter, not about both.",
    "An alert stands for its own customer and package.",
    [alertToken(numbers)],
  );
}

function singleAlert(numbers: readonly number[]): ParseResult<Target> {
  const [alert = 0, ...others] = new Set(numbers);
  if (others.length === 0) return parsed({ by: "alert", alert });
  return parseError(
    "A mute is about one alert.",
    "Mute the others one by one, or all that are alike by a filter, for example code=2560.",
    [alertToken(numbers)],
  );
}

function alertToken([first = 0]: readonly number[]): Token {
  return pairToken("alert", [bareWord(String(first))]);
}
