import {
  FIELD_NAMES,
  FILTER_FIELDS,
  type FilterField,
  fieldNamed,
  normalizeName,
  type Term,
  type Value,
} from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import { normalizeSince } from "../customers/since.ts";
import { SORT_FIELDS } from "../customers/sort.ts";
import type { CustomersCommand } from "./command.ts";
import { meaningOf } from "./field-values.ts";
import { isErrorTerm, naturalLanguageTerms } from "./natural-language.ts";
import { type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { sinceError } from "./since-commands.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareWord, type PairToken, pairToken, type Token, wordToken } from "./tokenize.ts";
import { SETTING_NAMES, type Setting, settingNamed } from "./vocabulary.ts";

/** What follows `customers` or another word that takes a filter: the filter, and how its answer is to be shown. */
export function parseList(
  head: "customers" | "find" | "summary" | "export" | "watch" | "alerts" | "mute",
  tokens: readonly Token[],
  distance: Distance,
): ParseResult<CustomersCommand> {
  const isOfErrors = head === "watch" || head === "alerts" || head === "mute";
  const parts = naturalLanguageTerms(tokens, distance, isOfErrors);
  const filter: Term[] = [];
  let settings: Settings = {};
  for (const [index, token] of parts.entries()) {
    const part = parsePart(token, distance);
    if (!part.ok) {
      const { problem, hint, correction } = part.error;
      const isSpoken = isOfErrors && !tokens.includes(token);
      const better = isSpoken ? correction.filter((other) => !isErrorTerm(other)) : correction;
      return parseError(problem, hint, [wordToken(bareWord(head)), ...parts.toSpliced(index, 1, ...better)]);
    }
    if (part.value.term) filter.push(part.value.term);
    settings = { ...settings, ...part.value.settings };
  }
  return parsed({ name: "customers", filter, page: 1, max: PAGE_SIZE.usual, fresh: false, ...settings });
}

/** For what is no list, and has no order and, but for one that is `kept`, no pages. */
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

function parsePart(token: Token, distance: Distance): ParseResult<Part> {
  if (token.kind === "word") return parseTerm("text", pairToken("text", [token.word]), distance);
  const setting = settingNamed(normalizeName(token.key));
  const field = fieldNamed(token.key);
  if (setting === "customer") return NOTHING;
  if (!setting && !field) return unknownKey(token, distance);
  if (token.values.length === 0) return noValue(token);
  if (field) return parseTerm(field, token, distance);
  if (!setting) return NOTHING;
  const reading = parseSetting(setting, token, distance);
  return reading.ok ? parsed({ settings: reading.value }) : reading;
}

function parseTerm(field: FilterField, pair: PairToken, distance: Distance): ParseResult<Part> {
  const values: { text: string; prefix: boolean }[] = [];
  for (const [index, word] of pair.values.entries()) {
    // An input left blank in a form says nothing; a lone star says "anything".
    if (word.text === "") continue;
    const meaning = meaningOf(field, word, distance);
    if (meaning.kind === "typo") {
      const better = pair.values.with(index, bareWord(meaning.near));
      return unknownValue(field, word.text, { ...pair, values: better });
    }
    values.push(...meaning.texts.map((text) => ({ text, prefix: word.prefix })));
  }
  if (values.length === 0) return NOTHING;
  if (field === "since") return parseSinceTerm(pair, values);
  return parsed({ term: { field, negated: pair.sign === "!=", values } });
}

function parseSinceTerm(pair: PairToken, values: readonly Value[]): ParseResult<Part> {
  const moments: Value[] = [];
  for (const { text, prefix } of values) {
    const plain = prefix ? undefined : normalizeSince(text);
    if (plain === undefined) return sinceError(text);
    moments.push({ text: plain, prefix: false });
  }
  return parsed({ term: { field: "since", negated: pair.sign === "!=", values: moments } });
}

const FIELD_HINT = `Fields to filter by: ${FILTER_FIELDS.filter((field) => field !== "text").join(", ")}.`;

/** The name of the key that was probably meant; the canonical one, for people to learn. */
export function nearestKey(key: string, distance: Distance): string | undefined {
  const near = nearest(normalizeName(key), [...FIELD_NAMES, ...SETTING_NAMES], distance);
  return near === undefined ? undefined : (fieldNamed(near) ?? settingNamed(near));
}

function unknownKey(pair: PairToken, distance: Distance): ParseResult<never> {
  const near = nearestKey(pair.key, distance);
  const problem = `There is no field ${quote(pair.key)}.`;
  if (near === undefined) return parseError(problem, FIELD_HINT, pair.values.map(wordToken));
  return parseError(problem, `The nearest is ${quote(near)}. ${FIELD_HINT}`, [{ ...pair, key: near }]);
}

function noValue(pair: PairToken): ParseResult<never> {
  const name = quote(`${pair.key}${pair.sign}`);
  return parseError(`${name} has no value.`, "Write what it should be, for example status=error, or leave it out.", []);
}

const FIELD_LABELS: Partial<Record<FilterField, string>> = {
  status: "status",
  package: "package",
  "package.status": "package status",
};

function unknownValue(field: FilterField, text: string, better: PairToken): ParseResult<never> {
  return parseError(
    `${quote(text)} is not a ${FIELD_LABELS[field] ?? field} that I know.`,
    `If it is right, put it in quotes: ${field}="${text}".`,
    [better],
  );
}

/** How a list is shown, as far as somebody said so. */
export interface Settings {
  readonly page?: number;
  readonly max?: number;
  readonly sort?: string;
  readonly fresh?: boolean;
}

/** Far beyond any list, and near enough that an offset stays a safe integer. */
export const LAST_PAGE = 1_000_000;

/** Other words for what can be sorted by; the rest are the other names of the fields. */
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

/** What a setting says. The `instead` of a slip is what its pair should have been. */
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

/** What a switch says, typed or sent by a toggle of a form; undefined when it says neither. */
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
