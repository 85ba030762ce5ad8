import { formatSince, parseSince } from "../customers/since.ts";
import { type ClockText, isClockWord, normalizeSinceClock } from "./clock-time.ts";
import { isNoiseWord } from "./noise-words.ts";
import { mapCorrection, type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { countOf, parseSpokenDuration } from "./spoken-duration.ts";
import { bareToken, bareWord, pairToken, type Token, unquotedWord } from "./tokenize.ts";

export interface SinceArgument {
  /** Milliseconds. */
  readonly since: number;
  /** In place of the span, until `withClockTimes` makes a span of it. */
  readonly from?: ClockText;
}

/** `since=2h`, and as people type it: "2h", "in the last 3 hours", "today", "since 22:00"; `usual` when there is no span. */
export function parseSinceArgument(
  command: string,
  tokens: readonly Token[],
  usual: number,
): ParseResult<SinceArgument> {
  const text = tokens.flatMap(wordsOf).join(" ");
  const since = text === "" ? usual : parseSpokenDuration(text);
  if (since !== undefined) return parsed({ since });
  const from = normalizeSinceClock(text);
  if (from !== undefined) return parsed({ since: usual, from });
  return mapCorrection(sinceError(text), (correction) => [bareToken(command), ...correction]);
}

function wordsOf(token: Token): readonly string[] {
  if (token.kind === "pair") return token.values.map(({ text }) => text.toLowerCase());
  const word = unquotedWord(token);
  return word !== undefined && isMeaningful(word) ? [word] : [];
}

const SINCE_HINT =
  "Write a span in s, m, h, d or w, for example since=2h; 400 days at most. In a filter it may be a date, too.";

/** The correction is the pair alone. */
export function sinceError(text: string): ParseResult<never> {
  return parseError(`${quote(text)} is not a span of time.`, SINCE_HINT, [pairToken("since", [bareWord("1d")])]);
}

/** The tokens that are no part of a span of time. */
export function withoutSince(tokens: readonly Token[]): readonly Token[] {
  const pair = tokens.find((token) => token.kind === "pair" && token.key.toLowerCase() === "since");
  return tokens.filter((token) => token !== pair && !isTimeWord(unquotedWord(token)));
}

/** True if a word may be part of a span of time: "last", "2", "hours", "2h". */
export function isTimeWord(word: string | undefined): boolean {
  if (word === undefined) return false;
  return (
    !isMeaningful(word) ||
    isClockWord(word) ||
    countOf(word) !== undefined ||
    parseSince(word) !== undefined ||
    parseSince(`1${word}`) !== undefined
  );
}

const AROUND: ReadonlySet<string> = new Set(["last", "past", "since", "after", "ago", "recent", "recently", "new"]);

function isMeaningful(word: string): boolean {
  return !isNoiseWord(word) && !AROUND.has(word);
}

export function formatSinceCommand(command: string, { since, from }: SinceArgument, usual: number): string {
  if (from !== undefined) return `${command} since="${from}"`;
  return since === usual ? command : `${command} since=${formatSince(since)}`;
}
