import { FIELD_NAMES, type Filter, fieldNamed, normalizeName, type Term } from "../customers/filter.ts";
import { FIELD_DEFINITIONS, FILTER_FIELDS, type FilterField, type Value } from "../customers/filter-fields.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import { normalizeSince } from "../customers/since.ts";
import { SORT_FIELDS } from "../customers/sort.ts";
import { normalizeSinceClock } from "./clock-time.ts";
import { meaningOf } from "./field-values.ts";
import { tooLong } from "./limits.ts";
import { isErrorTerm, naturalLanguageTerms } from "./natural-language.ts";
import { mapCorrection, mapValue, type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { sinceError } from "./since-commands.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareToken, bareWord, type PairToken, pairToken, type Token, unquotedWord, wordToken } from "./tokenize.ts";
import { isFiller, SETTING_NAMES, type Setting, settingNamed } from "./vocabulary.ts";

/** A filter, and how the list is shown: the arguments of `customers` and of other commands that take a filter. */
export interface ListArguments {
  readonly filter: Filter;
  /** From 1. */
  readonly page: number;
  /** Rows a page, 1 to 50. */
  readonly max: number;
  /** A field, with `-` in front for descending: `sort=name`, `sort=-status`. */
  readonly sort?: string;
  /** Asked past the cache, as Refresh does: `fresh=yes`. */
  readonly fresh: boolean;
}

/** `command` is the command word of a suggestion. Where all is about errors (`isOfErrors`), words for errors add nothing. */
export function parseList(
  command: string,
  tokens: readonly Token[],
  distance: Distance,
  { isOfErrors = false } = {},
): ParseResult<ListArguments> {
  const refused = tooLong(tokens);
  if (refused) return refused;
  if (!isOfErrors && tokens.some((_, at) => isFilteredByWarnings(tokens, at))) return noWarnings(command, tokens);
  const parts = naturalLanguageTerms(tokens, distance, isOfErrors);
  const filter: Term[] = [];
  let settings: Settings = {};
  for (const [index, token] of parts.entries()) {
    const part = parsePart(token, distance, isOfErrors);
    if (!part.ok) {
      const isImplied = isOfErrors && !tokens.includes(token);
      return mapCorrection(part, (correction) => {
        const better = isImplied ? correction.filter((other) => !isErrorTerm(other)) : correction;
        return [bareToken(command), ...parts.toSpliced(index, 1, ...better)];
      });
    }
    if (part.value.term) filter.push(part.value.term);
    settings = { ...settings, ...part.value.settings };
  }
  return parsed({ filter, page: 1, max: PAGE_SIZE.usual, fresh: false, ...settings });
}

/** "with warnings", "any warnings?"; "Early Warning Systems" is a name. */
function isFilteredByWarnings(tokens: readonly Token[], at: number): boolean {
  const before = unquotedWord(tokens[at - 1]);
  return isWarning(tokens[at]) && (tokens.length === 1 || (before !== undefined && isFiller(before)));
}

function isWarning(token: Token | undefined): boolean {
  return /^warnings?$/.test(unquotedWord(token) ?? "");
}

/** All customers, or those that have a word "warnings" in their names, would be taken for the answer. */
function noWarnings(command: string, tokens: readonly Token[]): ParseResult<never> {
  return parseError(
    "A list cannot be filtered by warnings.",
    "The card of a customer shows its warnings; “watch warnings=yes” lets this space be told of new ones.",
    [bareToken(command), ...tokens.filter((token) => !isWarning(token))],
  );
}

/** Without the settings of a list, for commands whose answer has none; `kept` is one that stays. */
export function withoutSettings(tokens: readonly Token[], kept?: "page"): readonly Token[] {
  return tokens.filter((token) => {
    const setting = token.kind === "pair" ? settingNamed(normalizeName(token.key)) : undefined;
    return setting === undefined || setting === kept;
  });
}

interface Part {
  readonly term?: Term;
  readonly settings?: Settings;
}

const NOTHING: ParseResult<Part> = parsed({});

function parsePart(token: Token, distance: Distance, isOfErrors: boolean): ParseResult<Part> {
  if (token.kind === "word") return parseTerm("text", pairToken("text", [token.word]), distance);
  const setting = settingNamed(normalizeName(token.key));
  const field = fieldNamed(token.key);
  if (setting === "customer") return NOTHING;
  if (!setting && !field) return unknownKey(token, distance, isOfErrors);
  if (token.values.length === 0) return noValue(token);
  if (field) return parseTerm(field, token, distance);
  if (!setting) return NOTHING;
  return mapValue(parseSetting(setting, token, distance), (settings) => ({ settings }));
}

function parseTerm(field: FilterField, pair: PairToken, distance: Distance): ParseResult<Part> {
  const values: { text: string; prefix: boolean }[] = [];
  for (const [index, word] of pair.values.entries()) {
    // An input of a form that was left blank, or a star alone.
    if (word.text === "") continue;
    const meaning = meaningOf(field, word, distance);
    if (meaning.kind === "typo") {
      const better = pair.values.with(index, bareWord(meaning.near));
      return unknownValue(field, word.text, { ...pair, values: better });
    }
    values.push(...meaning.texts.map((text) => ({ text, prefix: word.prefix })));
  }
  if (values.length === 0) return NOTHING;
  if (FIELD_DEFINITIONS[field].values === "time") return parseTimeTerm(field, pair, values);
  return parsed({ term: { field, negated: pair.sign === "!=", values } });
}

function parseTimeTerm(field: FilterField, pair: PairToken, values: readonly Value[]): ParseResult<Part> {
  const times: Value[] = [];
  for (const { text, prefix } of values) {
    const plain = prefix ? undefined : (normalizeSince(text) ?? normalizeSinceClock(text));
    if (plain === undefined) return sinceError(text);
    times.push({ text: plain, prefix: false });
  }
  return parsed({ term: { field, negated: pair.sign === "!=", values: times } });
}

const FIELD_HINT = `Fields to filter by: ${FILTER_FIELDS.filter((field) => field !== "text").join(", ")}.`;

/** The canonical name of the key that was probably meant. */
export function nearestKey(key: string, distance: Distance): string | undefined {
  const near = nearest(normalizeName(key), [...FIELD_NAMES, ...SETTING_NAMES], distance);
  return near === undefined ? undefined : (fieldNamed(near) ?? settingNamed(near));
}

/** A list may be searched for the value instead; a watch or a mute of a word would be something else than was meant. */
function unknownKey(pair: PairToken, distance: Distance, isOfErrors: boolean): ParseResult<never> {
  const near = nearestKey(pair.key, distance);
  const problem = `There is no field ${quote(pair.key)}.`;
  if (near === undefined) return parseError(problem, FIELD_HINT, isOfErrors ? undefined : pair.values.map(wordToken));
  return parseError(problem, `The nearest is ${quote(near)}. ${FIELD_HINT}`, [{ ...pair, key: near }]);
}

function noValue(pair: PairToken): ParseResult<never> {
  const name = quote(`${pair.key}${pair.sign}`);
  return parseError(`${name} has no value.`, "Write what it should be, for example status=error, or leave it out.", []);
}

function unknownValue(field: FilterField, text: string, better: PairToken): ParseResult<never> {
  const { values } = FIELD_DEFINITIONS[field];
  return parseError(
    `${quote(text)} is not a ${typeof values === "string" ? field : values.noun} that I know.`,
    `If it is right, put it in quotes: ${field}="${text}".`,
    [better],
  );
}

/** How a list is shown, as far as the message names it. */
type Settings = Partial<Omit<ListArguments, "filter">>;

/** Beyond the end of any list, and small enough that an offset is a safe integer. */
export const LAST_PAGE = 1_000_000;

/** Words for what a list can be sorted by, besides the other names of the fields. */
const SORT_WORDS: ReadonlyMap<string, string> = new Map([
  ...SORT_FIELDS.map((field) => [normalizeName(field), field] as const),
  ["changedat", "changed"],
  ["since", "changed"],
  ["age", "changed"],
]);

function sortFieldOf(name: string): string | undefined {
  const word = normalizeName(name);
  return SORT_WORDS.get(word) ?? SORT_WORDS.get(normalizeName(fieldNamed(word) ?? ""));
}

/** The correction of a mistake is the corrected pair alone. */
export function parseSetting(setting: Setting, pair: PairToken, distance: Distance): ParseResult<Settings> {
  const [text, ...others] = pair.values.map((value) => value.text).filter((value) => value !== "");
  if (setting === "customer" || text === undefined) return parsed({});
  if (others.length > 0) {
    return parseError(`${quote(setting)} takes one value.`, `For example, ${setting}=${text}.`, [
      pairToken(setting, [bareWord(text)]),
    ]);
  }
  switch (setting) {
    case "page":
      return parseNumberSetting("page", text, LAST_PAGE);
    case "max":
      return parseNumberSetting("max", text, PAGE_SIZE.most);
    case "sort":
      return parseSortSetting(text, distance);
    case "fresh":
      return parseFreshSetting(text);
  }
}

const NUMBERS = {
  page: { kind: "page", hint: "Pages count from 1, for example page=2." },
  max: { kind: "page size", hint: `A page holds 1 to ${PAGE_SIZE.most} customers, for example max=25.` },
} as const;

function parseNumberSetting(setting: "page" | "max", text: string, most: number): ParseResult<Settings> {
  const { kind, hint } = NUMBERS[setting];
  const problem = `${quote(text)} is not a ${kind}.`;
  if (!/^[+-]?\d{1,15}$/.test(text)) return parseError(problem, hint, []);
  const number = Number(text);
  if (number >= 1 && number <= most) return parsed({ [setting]: number });
  const possible = Math.min(Math.max(number, 1), most);
  return parseError(problem, hint, [pairToken(setting, [bareWord(String(possible))])]);
}

function parseSortSetting(text: string, distance: Distance): ParseResult<Settings> {
  const down = text.startsWith("-") ? "-" : "";
  const name = text.replace(/^[+-]+/, "");
  const field = sortFieldOf(name);
  if (field) return parsed({ sort: `${down}${field}` });
  const near = nearest(name, SORT_FIELDS, distance);
  return parseError(
    `${quote(text)} is not something to sort by.`,
    `Sort by ${SORT_FIELDS.join(", ")}; a dash in front turns the order round, for example sort=-status.`,
    near === undefined ? [] : [pairToken("sort", [bareWord(`${down}${near}`)])],
  );
}

/** A switch, typed or sent by a toggle of a form; undefined for any other text. */
export function yesOrNo(text: string): boolean | undefined {
  if (/^(?:yes|y|true|on|1)$/i.test(text)) return true;
  return /^(?:no|n|false|off|0)$/i.test(text) ? false : undefined;
}

function parseFreshSetting(text: string): ParseResult<Settings> {
  const fresh = yesOrNo(text);
  if (fresh !== undefined) return parsed({ fresh });
  return parseError(
    `${quote(`fresh=${text}`)} does not work.`,
    "Write fresh=yes to ask the API itself, or leave it out.",
    [pairToken("fresh", [bareWord("yes")])],
  );
}
