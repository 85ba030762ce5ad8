import { fieldNamed, squashed } from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import { SORT_FIELDS } from "../customers/sort.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bare, type PairToken, pairToken } from "./tokens.ts";
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
  ...SORT_FIELDS.map((field) => [squashed(field), field] as const),
  ["changedat", "changed"],
  ["since", "changed"],
  ["age", "changed"],
]);

function sortNamed(name: string): string | undefined {
  const word = squashed(name);
  return SORT_WORDS.get(word) ?? SORT_WORDS.get(squashed(fieldNamed(word) ?? ""));
}

/** What a setting says. The `instead` of a slip is what its pair should have been. */
export function readSetting(setting: Setting, pair: PairToken, distance: Distance): Reading<Settings> {
  const [text, ...others] = pair.values.map((value) => value.text).filter((value) => value !== "");
  if (setting === "customer" || text === undefined) return meant({});
  if (others.length > 0) {
    return slipped(`${quote(setting)} takes one value.`, `For example, ${setting}=${text}.`, [
      pairToken(setting, [bare(text)]),
    ]);
  }
  switch (setting) {
    case "page":
      return readNumber("page", text, LAST_PAGE);
    case "max":
      return readNumber("max", text, PAGE_SIZE.most);
    case "sort":
      return readSort(text, distance);
    case "fresh":
      return readFresh(text);
  }
}

const NUMBERS = {
  page: { kind: "page", hint: "Pages count from 1, for example page=2." },
  max: { kind: "page size", hint: `A page holds 1 to ${PAGE_SIZE.most} customers, for example max=25.` },
} as const;

function readNumber(setting: "page" | "max", text: string, most: number): Reading<Settings> {
  const { kind, hint } = NUMBERS[setting];
  const problem = `${quote(text)} is not a ${kind}.`;
  if (!/^[+-]?\d{1,15}$/.test(text)) return slipped(problem, hint, []);
  const number = Number(text);
  if (number >= 1 && number <= most) return meant({ [setting]: number });
  const possible = Math.min(Math.max(number, 1), most);
  return slipped(problem, hint, [pairToken(setting, [bare(String(possible))])]);
}

function readSort(text: string, distance: Distance): Reading<Settings> {
  const down = text.startsWith("-") ? "-" : "";
  const name = text.replace(/^[+-]+/, "");
  const field = sortNamed(name);
  if (field) return meant({ sort: `${down}${field}` });
  const near = nearest(name, SORT_FIELDS, distance);
  return slipped(
    `${quote(text)} is not something to sort by.`,
    `Sort by ${SORT_FIELDS.join(", ")}; a dash in front turns the order round, for example sort=-status.`,
    near === undefined ? [] : [pairToken("sort", [bare(`${down}${near}`)])],
  );
}

/** What a switch says, typed or sent by a toggle of a form; undefined when it says neither. */
export function yesOrNo(text: string): boolean | undefined {
  if (/^(?:yes|y|true|on|1)$/i.test(text)) return true;
  return /^(?:no|n|false|off|0)$/i.test(text) ? false : undefined;
}

function readFresh(text: string): Reading<Settings> {
  const fresh = yesOrNo(text);
  if (fresh !== undefined) return meant({ fresh });
  return slipped(
    `${quote(`fresh=${text}`)} does not work.`,
    "Write fresh=yes to ask the API itself, or leave it out.",
    [pairToken("fresh", [bare("yes")])],
  );
}
