import { WATCH_SWITCHES } from "../alerts/watch.ts";
import { FIELD_DEFINITIONS, FILTER_FIELDS } from "../customers/filter-fields.ts";

/** Every list of words in this file is in lower case. */

const FILLERS: ReadonlySet<string> = new Set(
  (
    "a an the me my our please pls plz kindly can could would will you i we want need like to do does is are am was " +
    "were be have has had got there that those these this which what what's whats who who's whose where how many much count " +
    "number in on with of for from at by about named called any anything every and or only just now right currently still ones one them it " +
    "its bot thanks thank too also us let everyone everybody anyone anybody yet again did doing done using uses used gets getting " +
    "but it's that's there's how's something somebody someone goes go into i'd i'm im we're whose their his her your you're been ever contains containing " +
    "whos hows theres atm anywhere"
  ).split(" "),
);

/** Words of a sentence that say nothing about customers. Quoted, they are search words. */
export function isFiller(word: string): boolean {
  return FILLERS.has(word);
}

const NEGATIONS: ReadonlySet<string> = new Set("not no without except excluding isn't aren't don't doesn't".split(" "));

export function isNegation(word: string): boolean {
  return NEGATIONS.has(word);
}

/** Words for all customers, and for those with problems. */
export const LIST_WORDS: readonly string[] = ["customers", "list", "ls", "clients", "all", "everything"];
export const ERROR_WORDS: readonly string[] = "errors problems problem issues issue failures wrong".split(" ");

/** Words that lead to a command, a list or a customer: `show alerts`, `show errors`, `show acme`. */
export const SHOW_WORDS: readonly string[] = "show display view see get give tell check lookup".split(" ");
export const GREETINGS: readonly string[] = ["hi", "hello", "hey", "start"];

/** `alerts all`, "alerts everywhere": not only what this space watches. */
export const ALL_ALERTS_WORDS: ReadonlySet<string> = new Set(["all", "everything", "everywhere"]);
/** `alerts over`, "recovered alerts": those that have ended. */
export const OVER_WORDS: ReadonlySet<string> = new Set(
  "over ended closed recovered resolved solved cleared".split(" "),
);

const ALERT_WORDS: ReadonlySet<string> = new Set([
  ..."alert packages confirm confirmed escalate".split(" "),
  ...ALL_ALERTS_WORDS,
  ...OVER_WORDS,
  ...WATCH_SWITCHES.flatMap(([name, { aliases }]) => [name, ...aliases]),
]);

/** Words with a meaning of their own in the alert commands. Quoted, they are search words. */
export function isAlertWord(word: string): boolean {
  return ALERT_WORDS.has(word);
}

const IMPLIED_KEYS: ReadonlyMap<string, string> = new Map<string, string>([
  ...FILTER_FIELDS.filter((field) => FIELD_DEFINITIONS[field].isImplied).map((field) => [field, field] as const),
  ["page", "page"],
  ["max", "max"],
  ["sort", "sort"],
  ["sorted", "sort"],
  ["ordered", "sort"],
  ["zipcode", "zip"],
  ["postcode", "zip"],
  ["postal", "zip"],
  ["sub-partner", "subpartner"],
]);

/** The key of `page 2` or `sorted by name`, typed without a sign. Other keys are too often part of a name. */
export function impliedKey(word: string): string | undefined {
  return IMPLIED_KEYS.get(word);
}

export function isNumeric(key: string): boolean {
  const field = FILTER_FIELDS.find((one) => one === key);
  return field === undefined ? key === "page" || key === "max" : FIELD_DEFINITIONS[field].values === "number";
}

/** The settings of a list: how it is shown, not which customers are in it. `customer` is what a picker sends. */
export type Setting = "page" | "max" | "sort" | "fresh" | "customer";

const SETTINGS: ReadonlyMap<string, Setting> = new Map([
  ["page", "page"],
  ["p", "page"],
  ["max", "max"],
  ["limit", "max"],
  ["size", "max"],
  ["pagesize", "max"],
  ["rows", "max"],
  ["sort", "sort"],
  ["sortby", "sort"],
  ["order", "sort"],
  ["orderby", "sort"],
  ["fresh", "fresh"],
  ["refresh", "fresh"],
  ["customer", "customer"],
  ["customerid", "customer"],
]);

export const SETTING_NAMES: readonly string[] = [...SETTINGS.keys()];

export function settingNamed(normalizedName: string): Setting | undefined {
  return SETTINGS.get(normalizedName);
}
