import { squashed } from "../customers/filter.ts";
import { readAlertFilter } from "./alert-filter.ts";
import type { MuteCommand } from "./command.ts";
import { withoutSettings } from "./list.ts";
import { numbersOf } from "./numbers.ts";
import { isEmpty } from "./opening.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bare, type PairToken, pairToken, spoken, type Token, wordToken } from "./tokens.ts";

type Target = MuteCommand["what"];

/** What is to be muted: one alert by its number, or a filter. The `instead` of a slip is what it should have been. */
export function readTarget(tokens: readonly Token[], distance: Distance): Reading<Target> {
  const said = withoutSettings(tokens).filter((token) => !isAround(token));
  const alert = said.find(isAlertPair);
  if (alert) return readAlert(alert, said);
  const numbers = said.flatMap((token) => (token.kind === "word" ? numbersOf(token) : []));
  if (numbers.length > 0 && numbers.length === said.length) return one(numbers);
  const reading = readAlertFilter("mute", tokens, distance);
  if (!reading.ok) {
    const { problem, hint, instead } = reading.slip;
    return slipped(problem, hint, instead.slice(1));
  }
  const { filter } = reading.value;
  if (filter.length > 0 || tokens.some(isAll)) return meant({ by: "filter", filter });
  return slipped(
    "That does not say what to mute.",
    "Name packages, customers or an alert, for example alert=1042. To mute everything, send “mute all”.",
    [wordToken(bare("all"))],
  );
}

export function isAlertPair(token: Token): token is PairToken {
  return (
    token.kind === "pair" &&
    /^alerts?$/.test(squashed(token.key)) &&
    token.values.some(({ text }) => text !== "")
  );
}

function isAround(token: Token): boolean {
  const word = spoken(token);
  return isEmpty(word) || word === "alert" || word === "alerts";
}

function isAll(token: Token): boolean {
  return /^(?:all|everything|anything)$/.test(spoken(token) ?? "");
}

function readAlert(pair: PairToken, said: readonly Token[]): Reading<Target> {
  const numbers = numbersOf(pair);
  if (numbers.length === 0) {
    return slipped(
      `${quote(pair.written.trim())} names no alert.`,
      "Alerts have numbers, for example alert=1042; “alerts” lists them.",
      said.flatMap((token) => (token === pair ? pair.values.map(wordToken) : [token])),
    );
  }
  if (said.length === 1) return one(numbers);
  return slipped(
    "A mute is about one alert or about a filter, not about both.",
    "An alert stands for its own customer and package.",
    [alertToken(numbers)],
  );
}

function one(numbers: readonly number[]): Reading<Target> {
  const [alert = 0, ...others] = new Set(numbers);
  if (others.length === 0) return meant({ by: "alert", alert });
  return slipped(
    "A mute is about one alert.",
    "Mute the others one by one, or all that are alike by a filter, for example code=2560.",
    [alertToken(numbers)],
  );
}

function alertToken([first = 0]: readonly number[]): Token {
  return pairToken("alert", [bare(String(first))]);
}
