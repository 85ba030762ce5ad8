import { readAlertFilter } from "./alert-filter.ts";
import type { WatchCommand } from "./command.ts";
import { meant, type Reading, type Slip, slipped } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bare, type Token, wordToken } from "./tokens.ts";
import { optionOf, readOption, type SaidOptions, withSpokenOptions } from "./watch-options.ts";

/** `watch package=calling stuck=yes`. No suggestion confirms: what was put right is to be looked at first. */
export function readWatch(all: readonly Token[], distance: Distance): Reading<WatchCommand> {
  const tokens = withSpokenOptions(all);
  let said: SaidOptions = {};
  for (const token of tokens) {
    const option = readOption(token, distance);
    if (!option.ok) return watchSlip(option.slip, unconfirmed(tokens, token));
    said = { ...said, ...option.value };
  }
  const terms = tokens.filter((token) => optionOf(token) === undefined);
  const reading = readAlertFilter("watch", terms, distance);
  if (!reading.ok) {
    const instead = reading.slip.instead.slice(1);
    return watchSlip({ ...reading.slip, instead }, unconfirmed(tokens, ...terms));
  }
  const { confirm = false, ...options } = said;
  return meant({
    name: "watch",
    filter: reading.value.filter,
    options: { stuck: false, warnings: false, removed: false, ...options },
    confirmed: confirm,
  });
}

function unconfirmed(tokens: readonly Token[], ...others: readonly Token[]): readonly Token[] {
  return tokens.filter((token) => optionOf(token) !== "confirm" && !others.includes(token));
}

function watchSlip({ problem, hint, instead }: Slip, rest: readonly Token[]): Reading<never> {
  return slipped(problem, hint, [wordToken(bare("watch")), ...instead, ...rest]);
}
