import { PAGE_SIZE } from "../customers/list-query.ts";
import { SORT_FIELDS } from "../customers/sort.ts";
import { FEW_FILLERS, skipFillers } from "./noise-words.ts";
import type { TermMatch } from "./term-match.ts";
import { bareWord, pairToken, type Token, unquotedWord } from "./tokenize.ts";

/** Words for how a list is shown, and the setting: `#` is a number of rows, `*` a field to sort by. */
const SETTINGS: readonly (readonly [words: string, key: string, value: string])[] = [
  ["first #", "max", "#"],
  ["top #", "max", "#"],
  ["# per page", "max", "#"],
  ["# customers per page", "max", "#"],
  ["# rows per page", "max", "#"],
  ["# a page", "max", "#"],
  ["# on a page", "max", "#"],
  ["# on each page", "max", "#"],
  ["newest first", "sort", "-changed"],
  ["latest first", "sort", "-changed"],
  ["oldest first", "sort", "changed"],
  ["alphabetical order", "sort", "name"],
  ["alphabetically", "sort", "name"],
  ["by *", "sort", "*"],
];

/** "first 50", "25 per page", "newest first", "by name": `max` and `sort` in words. */
export function matchListSetting(tokens: readonly Token[], at: number): TermMatch | undefined {
  for (const [words, key, value] of SETTINGS) {
    const parts = words.split(" ");
    const said = parts.map((_, more) => unquotedWord(tokens[at + more]) ?? "");
    if (!parts.every((part, index) => isPart(part, said[index] ?? ""))) continue;
    const found = value.length > 1 ? value : (said[parts.indexOf(value)] ?? "");
    return { token: pairToken(key, [bareWord(found)]), consumed: parts.length, mayBeName: "beside others" };
  }
  return undefined;
}

function isPart(part: string, word: string): boolean {
  if (part === "#") return isPageSize(word);
  return part === "*" ? isSortField(word) : part === word;
}

function isPageSize(word: string): boolean {
  return /^\d{1,2}$/.test(word) && Number(word) >= 1 && Number(word) <= PAGE_SIZE.most;
}

function isSortField(word: string): boolean {
  return SORT_FIELDS.some((field) => field === word);
}

/** "starting with key" is `key*`. */
export function matchPrefix(tokens: readonly Token[], at: number): TermMatch | undefined {
  if (!isStarting(unquotedWord(tokens[at]) ?? "") || unquotedWord(tokens[at + 1]) !== "with") return undefined;
  const end = skipFillers(tokens, at + 2, FEW_FILLERS);
  const next = tokens[end];
  if (next?.kind !== "word" || next.word.prefix || next.word.quoted) return undefined;
  return { token: { ...next, word: { ...next.word, prefix: true } }, consumed: end + 1 - at };
}

function isStarting(word: string): boolean {
  return /^(?:start|starts|starting|begin|begins|beginning)$/.test(word);
}

/** The words with which a setting begins. */
const FIRST_WORDS: ReadonlySet<string> = new Set(SETTINGS.map(([words]) => words.split(" ")[0] ?? ""));

/** True if an unquoted search word would be read as a setting of the list, or as the lead of a prefix. */
export function isSettingWord(word: string): boolean {
  return FIRST_WORDS.has(word) || isStarting(word);
}

/** "sorted by name descending" */
export function isDescending(word: string | undefined): boolean {
  return /^(?:desc|descending|backwards|reversed?)$/.test(word ?? "");
}
