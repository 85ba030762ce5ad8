import { parseAlertFilter } from "./alert-filter.ts";
import type { WatchCommand } from "./command.ts";
import { type ParseError, type ParseResult, parsed, parseError } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bareWord, type Token, wordToken } from "./tokens.ts";
import { optionOf, type ParsedOptions, parseOption, withImpliedOptions } from "./watch-options.ts";

/** `watch package=calling stuck=yes`. No suggestion confirms: what was put right is to be looked at first. */
export function parseWatch(all: readonly Token[], distance: Distance): ParseResult<WatchCommand> {
  const tokens = withImpliedOptions(all);
  let said: ParsedOptions = {};
  for (const token of tokens) {
    const option = parseOption(token, distance);
    if (!option.ok) return watchError(option.error, withoutConfirm(tokens, token));
    said = { ...said, ...option.value };
  }
  const terms = tokens.filter((token) => optionOf(token) === undefined);
  const reading = parseAlertFilter("watch", terms, distance);
  if (!reading.ok) {
    const correction = reading.error.correction.slice(1);
    return watchError({ ...reading.error, correction }, withoutConfirm(tokens, ...terms));
  }
  const { confirm = false, ...options } = said;
  return parsed({
    name: "watch",
    filter: reading.value.filter,
    options: { stuck: false, warnings: false, removed: false, ...options },
    confirmed: confirm,
  });
}

function withoutConfirm(tokens: readonly Token[], ...others: readonly Token[]): readonly Token[] {
  return tokens.filter((token) => optionOf(token) !== "confirm" && !others.includes(token));
}

function watchError({ problem, hint, correction }: ParseError, rest: readonly Token[]): ParseResult<never> {
  return parseError(problem, hint, [wordToken(bareWord("watch")), ...correction, ...rest]);
}
