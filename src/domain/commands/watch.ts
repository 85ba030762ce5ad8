import { NO_WATCH_OPTIONS, WATCH_SWITCHES, type WatchOptions, type WatchSwitch } from "../alerts/watch.ts";
import { type Filter, fieldNamed, normalizeName } from "../customers/filter.ts";
import { parseAlertFilter, parseNumbered } from "./alert-arguments.ts";
import type { CommandDefinition } from "./definition.ts";
import { formatPage, formatTerms, joinParts, type WriteValue } from "./format-terms.ts";
import { HIDDEN } from "./free-words.ts";
import { parseSetting, yesOrNo } from "./list.ts";
import { isWithoutArguments, skipFillers } from "./noise-words.ts";
import {
  mapCorrection,
  mapValue,
  type ParseError,
  type ParseResult,
  parsed,
  parseError,
  quote,
} from "./parse-error.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareToken, bareWord, type PairToken, pairToken, type Token, unquotedWord } from "./tokenize.ts";
import { ALL_ALERTS_WORDS, isNegation, settingNamed } from "./vocabulary.ts";

/** `watch package=calling stuck=yes`: a preview first, then the same with `confirm=yes`, which saves it. */
export interface WatchCommand {
  readonly name: "watch";
  readonly filter: Filter;
  readonly options: WatchOptions;
  readonly confirmed: boolean;
}

/** By its number in this space; without one, the reply asks which. */
export interface UnwatchCommand {
  readonly name: "unwatch";
  readonly number?: number;
}

export interface WatchesCommand {
  readonly name: "watches";
}

/** `watches all`: those of every space. */
export interface AllWatchesCommand {
  readonly name: "allWatches";
  readonly page: number;
}

export const watch: CommandDefinition<WatchCommand> = {
  words: ["watch", "subscribe"],
  suggested: { bySlip: ["watch", "subscribe"] },
  needs: "operator",
  confidential: true,
  help: [
    {
      also: ["unwatch", "subscribe", "unsubscribe"],
      usage: "watch package=webex_calling country=DE",
      does: "alerts this space when matching packages go into error or recover; unwatch 2 ends that",
      more: [
        "Takes the same filter as customers; without one, everything. Before it is saved, you see how many alerts it would have sent in the last 7 days.",
        switchesHelp(),
        "escalate=noc@example.com informs another person, or another space by its ID, of alerts that are not acknowledged for 30 minutes.",
      ],
    },
  ],
  withoutFreeWords: (command) => {
    const { escalate } = command.options;
    return escalate?.includes("@") ? { ...command, options: { ...command.options, escalate: HIDDEN } } : command;
  },
  parse: ({ rest }, distance) => parseWatch(rest, distance),
  format: formatWatch,
};

export const unwatch: CommandDefinition<UnwatchCommand> = {
  words: ["unwatch", "unsubscribe"],
  suggested: { bySlip: ["unwatch", "unsubscribe"] },
  needs: "operator",
  confidential: true,
  help: [],
  parse: ({ rest }) => parseNumbered("unwatch", rest),
  format: ({ number }) => joinParts("unwatch", number !== undefined && String(number)),
};

export const watches: CommandDefinition<WatchesCommand, AllWatchesCommand> = {
  words: ["watches", "subscriptions"],
  suggested: { bySlip: ["watches"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["subscriptions"],
      usage: "watches",
      does: "lists the watches of this space",
      more: ["Each has a number, for unwatch."],
    },
  ],
  parse: ({ rest }, distance) =>
    parseAllWatches(rest, distance) ?? (isWithoutArguments(rest) ? parsed({ name: "watches" }) : undefined),
  format: () => "watches",
};

/** A command of its own, because it needs another role; its words are those of `watches`. */
export const allWatches: CommandDefinition<AllWatchesCommand> = {
  words: [],
  needs: "operator",
  confidential: true,
  help: [
    {
      usage: "watches all",
      does: "lists the watches of every space",
      more: ["status says how many customers no space watches."],
    },
  ],
  parse: ({ rest }, distance) => parseAllWatches(rest, distance),
  format: ({ page }) => joinParts("watches all", formatPage(page)),
};

/** Undefined if the words do not ask for every space. */
function parseAllWatches(tokens: readonly Token[], distance: Distance): ParseResult<AllWatchesCommand> | undefined {
  const isAll = (token: Token) => ALL_ALERTS_WORDS.has(unquotedWord(token) ?? "");
  const page = tokens.find((token) => token.kind === "pair" && settingNamed(normalizeName(token.key)) === "page");
  const rest = tokens.filter((token) => token !== page && !isAll(token) && unquotedWord(token) !== "spaces");
  if (!tokens.some(isAll) || !isWithoutArguments(rest)) return undefined;
  if (page?.kind !== "pair") return parsed({ name: "allWatches", page: 1 });
  const number = mapCorrection(parseSetting("page", page, distance), (better) => [
    ...["watches", "all"].map(bareToken),
    ...better,
  ]);
  return mapValue(number, (settings) => ({ name: "allWatches", page: settings.page ?? 1 }));
}

/** `stuck=yes adds packages …, warnings=yes adds warnings, …`: every switch of a watch (ALERTS 17). */
function switchesHelp(): string {
  return `${WATCH_SWITCHES.map(([name, { help }]) => `${name}=yes adds ${help}`).join(", ")}.`;
}

function formatWatch({ filter, options, confirmed }: WatchCommand, write: WriteValue): string {
  const { escalate } = options;
  return joinParts(
    "watch",
    formatTerms(filter, write),
    ...WATCH_SWITCHES.map(([name]) => options[name] && `${name}=yes`),
    escalate !== undefined && `escalate=${write(escalate, { bare: true })}`,
    confirmed && "confirm=yes",
  );
}

/** A suggestion never confirms: the preview of the corrected watch has to be seen first. */
function parseWatch(all: readonly Token[], distance: Distance): ParseResult<WatchCommand> {
  const tokens = withImpliedOptions(all);
  let settings: ParsedOptions = {};
  for (const token of tokens) {
    const option = parseOption(token, distance);
    if (!option.ok) return watchError(option.error, withoutConfirm(tokens, token));
    settings = { ...settings, ...option.value };
  }
  const terms = tokens.filter((token) => optionOf(token) === undefined);
  const list = parseAlertFilter("watch", terms, distance);
  if (!list.ok) {
    const rest = withoutConfirm(tokens, ...terms);
    return mapCorrection(list, ([command, ...better]) => (command ? [command, ...better, ...rest] : []));
  }
  const { confirm = false, ...options } = settings;
  return parsed({
    name: "watch",
    filter: list.value.filter,
    options: { ...NO_WATCH_OPTIONS, ...options },
    confirmed: confirm,
  });
}

function withoutConfirm(tokens: readonly Token[], ...others: readonly Token[]): readonly Token[] {
  return tokens.filter((token) => optionOf(token) !== "confirm" && !others.includes(token));
}

function watchError({ problem, hint, correction = [] }: ParseError, rest: readonly Token[]): ParseResult<never> {
  return parseError(problem, hint, [bareToken("watch"), ...correction, ...rest]);
}

type Option = WatchSwitch | "escalate" | "confirm";

const OPTIONS: ReadonlyMap<string, Option> = new Map<string, Option>([
  ...WATCH_SWITCHES.flatMap(([name, { aliases }]) => [name, ...aliases].map((word) => [word, name] as const)),
  ["escalate", "escalate"],
  ["escalateto", "escalate"],
  ["confirm", "confirm"],
  ["confirmed", "confirm"],
]);

/** "stuck packages", "without warnings", "escalate to noc@example.com": options typed without `=`. */
function withImpliedOptions(tokens: readonly Token[]): readonly Token[] {
  const result: Token[] = [];
  for (const token of withImpliedAddress(tokens)) {
    const option = OPTIONS.get(unquotedWord(token) ?? "");
    if (!option || option === "escalate") {
      result.push(token);
      continue;
    }
    const before = unquotedWord(result.at(-1)) ?? "";
    const isNot = isNegation(before);
    if (isNot || /^(?:including|incl|plus)$/.test(before)) result.pop();
    result.push(pairToken(option, [bareWord(isNot ? "no" : "yes")]));
  }
  return result;
}

function withImpliedAddress(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex((token) => unquotedWord(token) === "escalate");
  const end = skipFillers(tokens, at + 1);
  const to = tokens[end];
  if (at < 0 || to?.kind !== "word" || !isAddress(to.word.text)) return tokens;
  return tokens.toSpliced(at, end + 1 - at, pairToken("escalate", [to.word]));
}

function optionOf(token: Token): Option | undefined {
  return token.kind === "pair" ? OPTIONS.get(normalizeName(token.key)) : undefined;
}

interface ParsedOptions extends Partial<WatchOptions> {
  readonly confirm?: boolean;
}

/** The option that a token sets; nothing when the token is a term of the filter. */
function parseOption(token: Token, distance: Distance): ParseResult<ParsedOptions> {
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

/** An e-mail address, or an id of a space: 16 characters or more with a digit and without spaces. */
function isAddress(text: string): boolean {
  return /^[^\s@",]+@[^\s@",]+\.[^\s@",]+$/.test(text) || /^(?=.*\d)[\w+/=-]{16,}$/.test(text);
}
