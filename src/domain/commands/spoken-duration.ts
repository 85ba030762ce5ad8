import { normalizeName } from "../customers/filter.ts";
import { parseSince } from "../customers/since.ts";
import { type ClockText, clockAt, normalizeClock } from "./clock-time.ts";
import { type Token, unquotedWord } from "./tokenize.ts";

/** A duration as it was typed, or the time at which it ends, and the other tokens. */
interface DurationMatch {
  readonly text?: string;
  readonly until?: ClockText;
  readonly others: readonly Token[];
  /** Where the other tokens go on behind it; absent if it is the last. */
  readonly restAt?: number;
  /** A comma or a dash follows it, so that the reason begins there. */
  readonly isBeforeReason?: boolean;
}

/** `for=2h`, `until="tomorrow 08:00"`; "for 2 hours" in front of the reason or at the very end; or "2h" and "2 hours" in front of the reason. */
export function takeDuration(tokens: readonly Token[], reasonAt: number): DurationMatch {
  return (
    takePair(tokens) ??
    takeForPhrase(tokens, reasonAt) ??
    takeUntil(tokens, reasonAt) ??
    takeBareDuration(tokens, reasonAt) ?? { others: tokens }
  );
}

const COUNTS: ReadonlyMap<string, number> = new Map([
  ["a", 1],
  ["an", 1],
  ...["one", "two", "three", "four", "five", "six", "seven", "eight"].map((word, at) => [word, at + 1] as const),
]);

/** The number that a count in digits or in a word is; undefined for any other word. */
export const countOf = (word: string): number | undefined =>
  COUNTS.get(word) ?? (/^\d+$/.test(word) ? Number(word) : undefined);

/** Milliseconds of "2h", "2 hours", "an hour"; undefined for any other text. */
export function parseSpokenDuration(text: string): number | undefined {
  return parseSince(inDigits(text));
}

/** "two hours" is "2 hours". */
export function inDigits(text: string): string {
  const [count = "", ...unit] = text.split(" ");
  const number = unit.length > 0 ? countOf(count.toLowerCase()) : undefined;
  return number === undefined ? text : [number, ...unit].join(" ");
}

function takePair(tokens: readonly Token[]): DurationMatch | undefined {
  const at = tokens.findIndex((token) => token.kind === "pair" && /^(?:for|duration)$/.test(normalizeName(token.key)));
  const pair = tokens[at];
  if (pair?.kind !== "pair") return undefined;
  const value = pair.values.map(({ text }) => text).join(" ");
  const unit = unitOf(value, tokens[at + 1]);
  if (unit !== undefined) return { text: `${value} ${unit}`, ...without(tokens, at, at + 2) };
  const rest = without(tokens, at, at + 1);
  return value === "" ? { others: rest.others } : { text: value, ...rest };
}

function takeForPhrase(tokens: readonly Token[], reasonAt: number): DurationMatch | undefined {
  for (const [at, token] of tokens.entries()) {
    if (unquotedWord(token) !== "for") continue;
    const found = durationAt(tokens, pastNext(tokens, at + 1));
    if (found && (at < reasonAt || found.end === tokens.length)) {
      return { text: found.text, ...without(tokens, at, found.end) };
    }
  }
  return undefined;
}

/** `until="tomorrow 08:00"`, "until 8 am" */
function takeUntil(tokens: readonly Token[], reasonAt: number): DurationMatch | undefined {
  for (const [at, token] of tokens.slice(0, reasonAt).entries()) {
    if (token.kind === "pair" && isUntil(normalizeName(token.key))) {
      const text = token.values.map((value) => value.text).join(" ");
      const until = normalizeClock(text);
      return { ...(until === undefined ? { text } : { until }), ...without(tokens, at, at + 1) };
    }
    const found = isUntil(unquotedWord(token)) ? clockAt(tokens, at + 1) : undefined;
    if (found) return { until: found.text, ...without(tokens, at, at + 1 + found.consumed) };
  }
  return undefined;
}

/** True for the word in front of the time at which a mute ends. */
export function isUntil(word: string | undefined): boolean {
  return word === "until" || word === "till" || word === "til";
}

function without(tokens: readonly Token[], at: number, end: number): Omit<DurationMatch, "text" | "until"> {
  const others = tokens.toSpliced(at, end - at);
  if (end >= tokens.length) return { others };
  const isBeforeReason = /[,;] *$/.test(tokens[end - 1]?.raw ?? "") || /^[-(]/.test(tokens[end]?.raw ?? "");
  return { others, restAt: at, isBeforeReason };
}

/** "for the next 2 hours" is "for 2 hours". */
function pastNext(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && /^(?:the|next|about)$/.test(unquotedWord(tokens[at]) ?? "")) at += 1;
  return at;
}

function durationAt(tokens: readonly Token[], at: number): { text: string; end: number } | undefined {
  const one = unquotedWord(tokens[at]) ?? "";
  const unit = unitOf(one, tokens[at + 1]);
  if (unit !== undefined) return { text: `${one} ${unit}`, end: at + 2 };
  // A word that begins with a digit is meant as a duration even if it is none.
  return /^\d/.test(one) || parseSpokenDuration(one) !== undefined ? { text: one, end: at + 1 } : undefined;
}

/** The "hours" behind a count. */
function unitOf(count: string, next: Token | undefined): string | undefined {
  const word = unquotedWord(next);
  if (word === undefined || countOf(count) === undefined) return undefined;
  return parseSpokenDuration(`1 ${word}`) === undefined ? undefined : word;
}

/** "mute acme 2h", "mute 2 hours". */
function takeBareDuration(tokens: readonly Token[], reasonAt: number): DurationMatch | undefined {
  for (const [at, token] of tokens.slice(0, reasonAt).entries()) {
    const word = unquotedWord(token);
    const unit = unitOf(word ?? "", tokens[at + 1]);
    if (unit !== undefined) return { text: `${word} ${unit}`, ...without(tokens, at, at + 2) };
    if (word !== undefined && isBareDuration(word)) return { text: word, ...without(tokens, at, at + 1) };
  }
  return undefined;
}

function isBareDuration(word: string): boolean {
  return /^\d{1,4}[a-z]+$/.test(word) && parseSpokenDuration(word) !== undefined;
}
