import { bareWord, type Token, unquotedWord, wordToken } from "./tokenize.ts";
import { isFiller } from "./vocabulary.ts";

/** What people say in several words, and the command words for it. */
const PHRASES: ReadonlyMap<string, string> = new Map([
  ...["alerts", "watches", "mutes"].flatMap((all) =>
    ["list", "all", "list all"].map((front) => [`${front} ${all}`, all] as const),
  ),
  ...["open", "list open", "all open"].map((front) => [`${front} alerts`, "alerts"] as const),
  ["stop watching", "unwatch"],
  ["stop watch", "unwatch"],
  ["stop muting", "unmute"],
  ["stop mute", "unmute"],
  ["stop digest", "digest off"],
  ["hand over", "handover"],
  ["run drill", "drill"],
]);

const MAX_PHRASE_WORDS = 3;

/** A message that begins with such a phrase as if it began with the command; any other as it is. */
export function replacePhrase(tokens: readonly Token[]): readonly Token[] {
  let phrase = unquotedWord(tokens[0]) ?? "";
  for (let at = 0, count = 1; count < MAX_PHRASE_WORDS; count += 1) {
    at = skipFillers(tokens, at + 1);
    phrase += ` ${unquotedWord(tokens[at])}`;
    const words = PHRASES.get(phrase)?.split(" ");
    if (words) return [...words.map((word) => wordToken(bareWord(word))), ...tokens.slice(at + 1)];
  }
  return tokens;
}

/** Where a message begins to say something: behind fillers, greetings, and a "show me" in front of another command. */
export function commandStart(tokens: readonly Token[]): number {
  let at = 0;
  for (;;) {
    const next = skipFillers(tokens, at);
    const head = keywordOf(unquotedWord(tokens[next]) ?? "");
    const after = skipFillers(tokens, next + 1);
    const follows = tokens[after];
    const isOpening =
      head === "greeting" ? follows !== undefined : head === "show" && isCommandWord(unquotedWord(follows) ?? "");
    if (!isOpening) return next;
    at = next + 1;
  }
}

export function skipFillers(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && isNoiseWord(unquotedWord(tokens[at]))) at += 1;
  return at;
}

export function isNoiseWord(word: string | undefined): boolean {
  return word !== undefined && word !== "?" && (isFiller(word) || !/[\p{L}\p{N}]/u.test(word));
}

/** The words that a message may begin with, and what each of them asks for. Every list is in lower case. */

/** What a message asks for, as its first meaningful word says. */
export type Keyword =
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

/** The same for alerts: who is told, and who takes, silences or sums up what is open. */
export type AlertKeyword =
  | "watch"
  | "watches"
  | "unwatch"
  | "alerts"
  | "ack"
  | "mute"
  | "mutes"
  | "unmute"
  | "follow"
  | "digest"
  | "handover"
  | "verify"
  | "drill";

const KEYWORD_SYNONYMS: Readonly<Record<Keyword, readonly string[]>> = {
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

const ALERT_KEYWORD_SYNONYMS: Readonly<Record<AlertKeyword, readonly string[]>> = {
  watch: ["watch", "subscribe"],
  watches: ["watches", "subscriptions"],
  unwatch: ["unwatch", "unsubscribe"],
  alerts: ["alerts", "alert"],
  ack: ["ack", "acknowledge", "take"],
  mute: ["mute", "silence", "snooze"],
  mutes: ["mutes", "silences"],
  unmute: ["unmute", "unsilence"],
  follow: ["follow"],
  digest: ["digest"],
  handover: ["handover", "hand-over", "handoff", "hand-off"],
  verify: ["verify"],
  drill: ["drill"],
};

const KEYWORDS: ReadonlyMap<string, Keyword> = byWord(KEYWORD_SYNONYMS);
const ALERT_KEYWORDS: ReadonlyMap<string, AlertKeyword> = byWord(ALERT_KEYWORD_SYNONYMS);

function byWord<H extends string>(words: Readonly<Record<H, readonly string[]>>): ReadonlyMap<string, H> {
  const heads = Object.keys(words) as H[];
  return new Map(heads.flatMap((head) => words[head].map((word) => [word, head] as const)));
}

export function keywordOf(word: string): Keyword | undefined {
  return KEYWORDS.get(word);
}

export function alertKeywordOf(word: string): AlertKeyword | undefined {
  return ALERT_KEYWORDS.get(word);
}

/** Commands of the product that this version does not have. */
const PLANNED: ReadonlySet<string> = new Set(["audit"]);

export function isPlanned(word: string): boolean {
  return PLANNED.has(word);
}

/** Whether a message that begins with this word is a command, today or in a later version. */
export function isCommandWord(word: string): boolean {
  return KEYWORDS.has(word) || ALERT_KEYWORDS.has(word) || isPlanned(word);
}

/** The command words that a mistyped one is compared with: those a reader of `help` knows. */
export const COMMAND_WORDS: readonly string[] = (
  "customers customer list errors problems open show details find filter search help status summary trend history " +
  "changes export subpartners allow disallow"
).split(" ");

/**
 * Those that only a slip of the fingers makes one of: "Match", "Verity" and "Albert" are customers, and so near that any other
 * mistake is better taken for a name. "ack" and "handover" are not among them, for Jack and for Hanover.
 */
export const ALERT_COMMAND_WORDS: readonly string[] =
  "watch watches unwatch subscribe unsubscribe alerts acknowledge mute mutes unmute follow digest verify drill".split(
    " ",
  );
