import { fieldNamed, normalizeName } from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import { SORT_FIELDS } from "../customers/sort.ts";
import { type ParseResult, parsed, parseError, quote } from "./slip.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareWord, type PairToken, pairToken } from "./tokens.ts";
import type { Setting } from "./vocabulary.ts";

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
