import { NO_WATCH_OPTIONS, WATCH_SWITCHES, type WatchOptions, type WatchSwitch } from "../alerts/watch.ts";
import { fieldNamed, normalizeName } from "../customers/filter.ts";
import type { WatchCommand } from "./command.ts";
import { skipFillers } from "./command-words.ts";
import { parseAlertFilter } from "./filter-commands.ts";
import { yesOrNo } from "./list.ts";
import { type ParseError, type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareWord, type PairToken, pairToken, type Token, unquotedWord, wordToken } from "./tokenize.ts";
import { isNegation, settingNamed } from "./vocabulary.ts";

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
    options: { ...NO_WATCH_OPTIONS, ...options },
    confirmed: confirm,
  });
}

function withoutConfirm(tokens: readonly Token[], ...others: readonly Token[]): readonly Token[] {
  return tokens.filter((token) => optionOf(token) !== "confirm" && !others.includes(token));
}

function watchError({ problem, hint, correction }: ParseError, rest: readonly Token[]): ParseResult<never> {
  return parseError(problem, hint, [wordToken(bareWord("watch")), ...correction, ...rest]);
}

/** What `watch` takes besides a filter. */
type Option = WatchSwitch | "escalate" | "confirm";

const OPTIONS: ReadonlyMap<string, Option> = new Map<string, Option>([
  ...WATCH_SWITCHES.flatMap(([name, { aliases }]) => [name, ...aliases].map((word) => [word, name] as const)),
  ["escalate", "escalate"],
  ["escalateto", "escalate"],
  ["confirm", "confirm"],
  ["confirmed", "confirm"],
]);

/** "stuck packages", "without warnings", "escalate to noc@example.com": options that nobody gave a sign. */
export function withImpliedOptions(tokens: readonly Token[]): readonly Token[] {
  const read: Token[] = [];
  for (const token of withImpliedAddress(tokens)) {
    const option = OPTIONS.get(unquotedWord(token) ?? "");
    if (!option || option === "escalate") {
      read.push(token);
      continue;
    }
    const before = unquotedWord(read.at(-1)) ?? "";
    const isNot = isNegation(before);
    if (isNot || /^(?:including|incl|plus)$/.test(before)) read.pop();
    read.push(pairToken(option, [bareWord(isNot ? "no" : "yes")]));
  }
  return read;
}

function withImpliedAddress(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex((token) => unquotedWord(token) === "escalate");
  const end = skipFillers(tokens, at + 1);
  const to = tokens[end];
  if (at < 0 || to?.kind !== "word" || !isAddress(to.word.text)) return tokens;
  return tokens.toSpliced(at, end + 1 - at, pairToken("escalate", [to.word]));
}

export function optionOf(token: Token): Option | undefined {
  return token.kind === "pair" ? OPTIONS.get(normalizeName(token.key)) : undefined;
}

export interface ParsedOptions extends Partial<WatchOptions> {
  readonly confirm?: boolean;
}

/** What a token says of the options; nothing when it is a term of the filter. The `instead` of a slip is what it should have been. */
export function parseOption(token: Token, distance: Distance): ParseResult<ParsedOptions> {
  if (token.kind === "word") return parsed({});
  const option = optionOf(token);
  if (!option) return checkUnknownKey(token, distance);
  const texts = token.values.map(({ text }) => text).filter((text) => text !== "");
  if (texts.length === 0 && token.values.length > 0) return parsed({});
  return option === "escalate" ? parseEscalate(texts) : parseSwitch(option, texts, token.sign);
}

function checkUnknownKey(pair: PairToken, distance: Distance): ParseResult<ParsedOptions> {
  const key = normalizeName(pair.key);
  if (fieldNamed(key) || settingNamed(key)) return parsed({});
  const near = nearest(key, [...OPTIONS.keys()], distance);
  if (near === undefined) return parsed({});
  return parseError(
    `There is no option ${quote(pair.key)}.`,
    `The nearest is ${quote(near)}. A watch may have ${WATCH_SWITCHES.map(([name]) => `${name}=yes`).join(", ")} and escalate=.`,
    [{ ...pair, key: near }],
  );
}

function parseSwitch(
  option: Exclude<Option, "escalate">,
  [text = "", ...others]: readonly string[],
  sign: PairToken["sign"],
): ParseResult<ParsedOptions> {
  const isOn = others.length === 0 ? yesOrNo(text) : undefined;
  if (isOn !== undefined) return parsed({ [option]: isOn !== (sign === "!=") });
  return parseError(
    `${quote(`${option}=${[text, ...others].join(",")}`)} does not work.`,
    `Write ${option}=yes, or leave it out.`,
    option === "confirm" ? [] : [pairToken(option, [bareWord("yes")])],
  );
}

function parseEscalate([to = "", ...others]: readonly string[]): ParseResult<ParsedOptions> {
  if (isAddress(to) && others.length === 0) return parsed({ escalate: to });
  return parseError(
    others.length > 0
      ? "A watch escalates to one person or space."
      : `${quote(to)} is no e-mail address and no id of a space.`,
    "For example escalate=noc@example.com, or the id of a space that I am in.",
    isAddress(to) ? [pairToken("escalate", [bareWord(to)])] : [],
  );
}

/** An e-mail address, or an opaque id: nothing else is so long and has no space in it. */
function isAddress(text: string): boolean {
  return /^[^\s@",]+@[^\s@",]+\.[^\s@",]+$/.test(text) || /^(?=.*\d)[\w+/=-]{16,}$/.test(text);
}
