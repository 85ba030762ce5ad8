import { normalizeSince } from "../customers/since.ts";
import { clockAt, normalizeSinceClock } from "./clock-time.ts";
import { FEW_FILLERS, skipFillers } from "./noise-words.ts";
import { inDigits } from "./spoken-duration.ts";
import { type Token, unquotedWord } from "./tokenize.ts";

/** A value of `since=` in words. */
interface SinceMatch {
  readonly since: string;
  /** The number of tokens that say it. */
  readonly consumed: number;
  /** A word such as "since" or "last" is in front. */
  readonly isLed: boolean;
}

/** "today", "since yesterday", "in the last 2 hours", at this token. */
export function spokenSince(tokens: readonly Token[], at: number): SinceMatch | undefined {
  const start = LEADS.has(unquotedWord(tokens[at]) ?? "") ? at : skipFillers(tokens, at, FEW_FILLERS);
  const lead = unquotedWord(tokens[start]) ?? "";
  if (lead === "after") return clockBehind(tokens, start + 1, at);
  if (LEADS.has(lead)) return spanBehind(tokens, start + 1, at);
  const since = DAYS.get(unquotedWord(tokens[at]) ?? "");
  return since === undefined ? undefined : { since, consumed: 1, isLed: false };
}

/** True if an unquoted search word would be read as a part of a time. */
export function isSinceWord(word: string): boolean {
  return LEADS.has(word) || DAYS.has(word);
}

const LEADS: ReadonlySet<string> = new Set(["since", "last", "past", "within", "this", "after"]);

const DAYS: ReadonlyMap<string, string> = new Map([
  ...["today", "today's", "todays", "tonight", "overnight", "recent", "recently", "lately"].map(
    (word) => [word, "1d"] as const,
  ),
  ...["yesterday", "yesterday's"].map((word) => [word, "2d"] as const),
]);

/** One or two words, or a time of the clock: "2h", "2 hours", "22:00", "yesterday", "night", "2026-11-20". */
function spanBehind(tokens: readonly Token[], from: number, at: number): SinceMatch | undefined {
  let start = from;
  while (start - from < FEW_FILLERS && /^(?:the|last|past|this|about)$/.test(unquotedWord(tokens[start]) ?? ""))
    start += 1;
  const clock = clockBehind(tokens, start, at);
  const span = spanOf(tokens, start, 2, at) ?? spanOf(tokens, start, 1, at);
  // "2h" is a span, and so is "yesterday", but not "yesterday 18:00".
  return span !== undefined && span.consumed >= (clock?.consumed ?? 0) ? span : clock;
}

function spanOf(tokens: readonly Token[], start: number, length: number, at: number): SinceMatch | undefined {
  const words = tokens.slice(start, start + length).map(unquotedWord);
  const since = words.length < length || words.includes(undefined) ? undefined : sinceOf(words.join(" "));
  if (since === undefined) return undefined;
  const end = start + length + (unquotedWord(tokens[start + length]) === "ago" ? 1 : 0);
  return { since, consumed: end - at, isLed: true };
}

/** "22:00", "yesterday at 22:00", "Monday" */
function clockBehind(tokens: readonly Token[], from: number, at: number): SinceMatch | undefined {
  const found = clockAt(tokens, from);
  if (found === undefined || normalizeSinceClock(found.text) === undefined) return undefined;
  return { since: found.text, consumed: from + found.consumed - at, isLed: true };
}

function sinceOf(text: string): string | undefined {
  return DAYS.get(text) ?? normalizeSince(inDigits(text));
}
