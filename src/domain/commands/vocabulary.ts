/** The words people use around a command, and what they mean. Every list is in lower case. */

/** What a message asks for, as its first meaningful word says. */
export type Head =
  | "customers"
  | "errors"
  | "customer"
  | "show"
  | "find"
  | "help"
  | "greeting"
  | "status"
  | "summary"
  | "trend"
  | "history"
  | "changes"
  | "export"
  | "subpartners"
  | "use"
  | "allow"
  | "disallow";

const HEAD_WORDS: Readonly<Record<Head, readonly string[]>> = {
  customers: ["customers", "list", "ls", "clients", "all", "everything"],
  errors: ["errors", "problems", "problem", "issues", "issue", "failures", "wrong"],
  customer: ["customer", "open", "details", "detail", "client", "row"],
  show: ["show", "display", "view", "see", "get", "give", "tell", "check", "lookup"],
  find: ["find", "filter", "search"],
  help: ["help", "?", "commands", "menu"],
  greeting: ["hi", "hello", "hey", "start"],
  status: ["status", "health"],
  summary: ["summary", "summarise", "summarize", "overview", "totals", "statistics", "stats"],
  trend: ["trend", "trends"],
  history: ["history", "timeline"],
  changes: ["changes", "changed", "change"],
  export: ["export", "download", "csv"],
  subpartners: ["subpartners", "sub-partners"],
  use: ["use"],
  allow: ["allow"],
  disallow: ["disallow"],
};

const HEADS: ReadonlyMap<string, Head> = new Map(
  (Object.keys(HEAD_WORDS) as Head[]).flatMap((head) =>
    HEAD_WORDS[head].map((word) => [word, head] as const),
  ),
);

export function headNamed(word: string): Head | undefined {
  return HEADS.get(word);
}

/** The command words that a mistyped one is compared with: those a reader of `help` knows. */
export const COMMAND_WORDS: readonly string[] = [
  "customers",
  "customer",
  "list",
  "errors",
  "problems",
  "open",
  "show",
  "details",
  "find",
  "filter",
  "search",
  "help",
  "status",
  "summary",
  "trend",
  "history",
  "changes",
  "export",
  "subpartners",
  "allow",
  "disallow",
];

/** Commands of the product that this version does not have, and what comes nearest to each today. */
const NOT_YET: ReadonlyMap<string, "customers" | "customer" | "errors" | "status" | "help"> = new Map([
  ["watch", "customers"],
  ["watches", "errors"],
  ["unwatch", "errors"],
  ["alerts", "errors"],
  ["ack", "errors"],
  ["mute", "errors"],
  ["mutes", "errors"],
  ["unmute", "errors"],
  ["follow", "customer"],
  ["digest", "errors"],
  ["handover", "errors"],
  ["verify", "status"],
  ["drill", "status"],
  ["audit", "help"],
] as const);

export function nearestToday(word: string) {
  return NOT_YET.get(word);
}

const FILLERS: ReadonlySet<string> = new Set(
  (
    "a an the me my our please pls plz kindly can could would will you i we want need like to do does is are am was " +
    "were be have has had got there that those these this which what what's whats who who's whose where how many much count " +
    "number in on with of for from at by about named called any anything every and or only just now right currently still ones one them it " +
    "its bot thanks thank too also"
  ).split(" "),
);

/** Words that carry a sentence and say nothing about customers. Quoted, they are search words like any other. */
export function isFiller(word: string): boolean {
  return FILLERS.has(word);
}

const NEGATIONS: ReadonlySet<string> = new Set(
  "not no without except excluding isn't aren't don't doesn't".split(" "),
);

/** `not`, `without`: what follows is to be left out. */
export function isNegation(word: string): boolean {
  return NEGATIONS.has(word);
}

const SPOKEN_FIELDS: ReadonlyMap<string, string> = new Map([
  ["status", "status"],
  ["package", "package"],
  ["country", "country"],
  ["code", "code"],
  ["page", "page"],
  ["max", "max"],
  ["sort", "sort"],
  ["sorted", "sort"],
]);

/** The key that people mean who name it without a sign: `page 2`, `sorted by name`. Others are too often part of a name. */
export function keySpoken(word: string): string | undefined {
  return SPOKEN_FIELDS.get(word);
}

/** Whether the value of a key can only be a number, so that other words after it are words. */
export function isNumeric(key: string): boolean {
  return key === "code" || key === "page" || key === "max";
}

/** The settings of a list: how it is shown, not which customers are in it. */
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

export function settingNamed(squashedName: string): Setting | undefined {
  return SETTINGS.get(squashedName);
}
