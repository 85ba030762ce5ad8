import { normalizeName } from "../customers/filter.ts";
import { DEFAULT_SINCE, formatSince, parseSince } from "../customers/since.ts";
import type { Command } from "./command.ts";
import { isNoiseWord } from "./command-words.ts";
import { type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { bareWord, pairToken, type Token, unquotedWord, wordToken } from "./tokenize.ts";

/** How long something is to last, as somebody said it, and what else there is. */
export interface DurationMatch {
  readonly text?: string;
  readonly others: readonly Token[];
}

/** `for=2h`; in speech "for 2 hours" in front of the reason or at the very end, or "2h" among other words. */
export function takeDuration(tokens: readonly Token[], reasonAt: number): DurationMatch {
  return (
    takePair(tokens) ?? takeForPhrase(tokens, reasonAt) ?? takeBareDuration(tokens, reasonAt) ?? { others: tokens }
  );
}

/** Milliseconds: as a `since` is written, and "an hour". */
export function parseSpokenDuration(text: string): number | undefined {
  return parseSince(text.replace(/^(?:an?|one) /i, ""));
}

function takePair(tokens: readonly Token[]): DurationMatch | undefined {
  const at = tokens.findIndex((token) => token.kind === "pair" && /^(?:for|duration)$/.test(normalizeName(token.key)));
  const pair = tokens[at];
  if (pair?.kind !== "pair") return undefined;
  const value = pair.values.map(({ text }) => text).join(" ");
  const unit = unitOf(value, tokens[at + 1]);
  if (unit !== undefined) return { text: `${value} ${unit}`, others: tokens.toSpliced(at, 2) };
  const others = tokens.toSpliced(at, 1);
  return value === "" ? { others } : { text: value, others };
}

function takeForPhrase(tokens: readonly Token[], reasonAt: number): DurationMatch | undefined {
  for (const [at, token] of tokens.entries()) {
    if (unquotedWord(token) !== "for") continue;
    const found = durationAt(tokens, pastNext(tokens, at + 1));
    if (found && (at < reasonAt || found.end === tokens.length)) {
      return { text: found.said, others: tokens.toSpliced(at, found.end - at) };
    }
  }
  return undefined;
}

/** "for the next 2 hours" is "for 2 hours". */
function pastNext(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && /^(?:the|next|about)$/.test(unquotedWord(tokens[at]) ?? "")) at += 1;
  return at;
}

function durationAt(tokens: readonly Token[], at: number): { said: string; end: number } | undefined {
  const one = unquotedWord(tokens[at]) ?? "";
  const unit = unitOf(one, tokens[at + 1]);
  if (unit !== undefined) return { said: `${one} ${unit}`, end: at + 2 };
  // What begins with a digit is meant for a span, even where it is none.
  return /^\d/.test(one) || parseSpokenDuration(one) !== undefined ? { said: one, end: at + 1 } : undefined;
}

/** The "hours" behind a count. */
function unitOf(count: string, next: Token | undefined): string | undefined {
  const word = unquotedWord(next);
  if (word === undefined || !/^(?:\d+|an?|one)$/i.test(count)) return undefined;
  return parseSpokenDuration(`1 ${word}`) === undefined ? undefined : word;
}

/** "mute acme 2h": a span, as long as it is not all there is, which may be called so. */
function takeBareDuration(tokens: readonly Token[], reasonAt: number): DurationMatch | undefined {
  if (reasonAt < 2) return undefined;
  const at = tokens.findIndex((token, index) => index < reasonAt && isBareDuration(unquotedWord(token)));
  const text = unquotedWord(tokens[at]);
  return text === undefined ? undefined : { text, others: tokens.toSpliced(at, 1) };
}

function isBareDuration(word: string | undefined): boolean {
  return word !== undefined && /^\d{1,4}[a-z]+$/.test(word) && parseSpokenDuration(word) !== undefined;
}

const SINCE_HINT =
  "Write a span in s, m, h, d or w, for example since=2h; 400 days at most. In a filter it may be a date, too.";

/** The slip of a `since` that is no span. The `instead` is what its pair should have been. */
export function sinceError(text: string): ParseResult<never> {
  return parseError(`${quote(text)} is not a span of time.`, SINCE_HINT, [pairToken("since", [bareWord("1d")])]);
}

/** `changes since=2h`, and as people say it: "changes 2h", "what changed in the last 3 hours", "changes today". */
export function parseChanges(tokens: readonly Token[]): ParseResult<Command> {
  const { said, others } = splitSince(tokens);
  if (others.length > 0) return changesWithFilter(tokens, others);
  const since = parseSinceArgument("changes", said, DEFAULT_SINCE);
  return since.ok ? parsed({ name: "changes", since: since.value }) : since;
}

/** How far back a handover looks when nobody says: a shift. */
export const DEFAULT_HANDOVER = 12 * 3_600_000;

/** `handover since=8h`, "handover of the last 8 hours". Undefined when other words make it rather a name. */
export function parseHandover(tokens: readonly Token[]): ParseResult<Command> | undefined {
  const { said, others } = splitSince(tokens.filter((token) => !isOfHandover(unquotedWord(token))));
  if (others.some((token) => token.kind === "pair")) return handoverWithFilter(tokens, others);
  if (others.length > 0) return undefined;
  const since = parseSinceArgument("handover", said, DEFAULT_HANDOVER);
  return since.ok ? parsed({ name: "handover", since: since.value }) : since;
}

function isOfHandover(word: string | undefined): boolean {
  return word !== undefined && /^(?:shift|report|notes|alerts|space)$/.test(word);
}

/** The span that somebody says, and what has nothing to do with one. */
function splitSince(tokens: readonly Token[]): { readonly said: string; readonly others: readonly Token[] } {
  const pair = tokens.find((token) => token.kind === "pair" && token.key.toLowerCase() === "since");
  const others = tokens.filter((token) => token !== pair && !isTimeWord(unquotedWord(token)));
  return { said: tokens.flatMap(wordsOf).join(" "), others };
}

function parseSinceArgument(head: "changes" | "handover", said: string, usual: number): ParseResult<number> {
  const since = said === "" ? usual : parseSince(said);
  if (since !== undefined) return parsed(since);
  const reading = sinceError(said);
  if (reading.ok) return reading;
  const { problem, hint, correction } = reading.error;
  return parseError(problem, hint, [wordToken(bareWord(head)), ...correction]);
}

/** `trend` takes nothing; what people say around it is forgiven. */
export function parseTrend(tokens: readonly Token[]): ParseResult<Command> {
  const others = tokens.filter((token) => !isTimeWord(unquotedWord(token)) && !isOfTrend(unquotedWord(token)));
  if (others.length === 0) return parsed({ name: "trend" });
  return parseError(
    "A trend is about all customers.",
    "Some of them are counted by “summary”, for example summary country=DE.",
    [wordToken(bareWord("summary")), ...others],
  );
}

const AROUND: ReadonlySet<string> = new Set(["last", "past", "since", "ago", "recent", "recently", "new"]);
const OF_TREND: ReadonlySet<string> = new Set(["chart", "graph", "customers", "customer", "status", "month"]);

function isMeaningful(word: string | undefined): boolean {
  return word !== undefined && !isNoiseWord(word) && !AROUND.has(word);
}

function isTimeWord(word: string | undefined): boolean {
  if (word === undefined) return false;
  return (
    !isMeaningful(word) || /^\d+$/.test(word) || parseSince(word) !== undefined || parseSince(`1${word}`) !== undefined
  );
}

function isOfTrend(word: string | undefined): boolean {
  return word !== undefined && OF_TREND.has(word);
}

function wordsOf(token: Token): readonly string[] {
  if (token.kind === "pair") return token.values.map(({ text }) => text.toLowerCase());
  const word = unquotedWord(token);
  return word !== undefined && isMeaningful(word) ? [word] : [];
}

function changesWithFilter(tokens: readonly Token[], others: readonly Token[]): ParseResult<never> {
  return parseError(
    "Changes are told of all customers, or of one.",
    "Send “changes since=2h”, or “history” and one customer.",
    [wordToken(bareWord("changes")), ...tokens.filter((token) => !others.includes(token))],
  );
}

function handoverWithFilter(tokens: readonly Token[], others: readonly Token[]): ParseResult<never> {
  return parseError(
    "A handover is about all alerts of this space.",
    "Send “handover since=8h”; “alerts” lists some of them, for example alerts country=DE.",
    [wordToken(bareWord("handover")), ...tokens.filter((token) => !others.includes(token))],
  );
}

/** `changes since=2h` or `handover since=8h` as it is written down. */
export function formatSinceCommand(head: "changes" | "handover", since: number): string {
  const usual = head === "changes" ? DEFAULT_SINCE : DEFAULT_HANDOVER;
  return since === usual ? head : `${head} since=${formatSince(since)}`;
}
