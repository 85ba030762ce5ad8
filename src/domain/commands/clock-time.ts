import { parseSince } from "../customers/since.ts";
import { parseTimeOfDay } from "./time-of-day.ts";
import { type Token, tokenize, unquotedWord } from "./tokenize.ts";

/**
 * A time by the clock of the space: `22:00`, `tomorrow 08:00`, `monday`. The parser knows neither the time nor the zone, so a command
 * keeps the words until `withClockTimes` makes a time of them.
 */
export type ClockText = string;

interface ClockMatch {
  readonly text: ClockText;
  /** The number of tokens that say it. */
  readonly consumed: number;
}

export const WEEKDAYS: readonly string[] = "sunday monday tuesday wednesday thursday friday saturday".split(" ");

const DAYS: ReadonlyMap<string, string> = new Map([
  ...["today", "tomorrow", "yesterday", ...WEEKDAYS].map((day) => [day, day] as const),
  ...WEEKDAYS.map((day) => [day.slice(0, 3), day] as const),
]);

const TIMES: ReadonlyMap<string, string> = new Map([
  ["noon", "12:00"],
  ["midday", "12:00"],
  ["lunch", "12:00"],
  ["lunchtime", "12:00"],
  ["midnight", "00:00"],
]);

/** Only behind or in front of a day: "tomorrow morning". */
const PARTS_OF_DAY: ReadonlyMap<string, string> = new Map([
  ["morning", "08:00"],
  ["afternoon", "14:00"],
  ["evening", "18:00"],
]);

/** "8:00", "8 am", "tomorrow at 8", "Monday morning", "8:00 tomorrow", at this token. */
export function clockAt(tokens: readonly Token[], from: number): ClockMatch | undefined {
  let at = skipLeads(tokens, from);
  const first = DAYS.get(unquotedWord(tokens[at]) ?? "");
  if (first !== undefined) at += 1;
  const time = timeAt(tokens, skipLeads(tokens, at), first !== undefined);
  if (time !== undefined) at = time.end;
  const last = first ?? (time && DAYS.get(unquotedWord(tokens[skipLeads(tokens, at)]) ?? ""));
  if (first === undefined && last !== undefined) at = skipLeads(tokens, at) + 1;
  const text = [last, time?.text].filter((part) => part !== undefined).join(" ");
  return text === "" ? undefined : { text, consumed: at - from };
}

/** A value of `since=` or `until=` in its canonical spelling; undefined when it is no time of the clock. */
export function normalizeClock(text: string): ClockText | undefined {
  const tokens = tokenize(text);
  const found = clockAt(tokens, 0);
  return found?.consumed === tokens.length ? found.text : undefined;
}

/** The same for the past, where "today" and "yesterday" alone are spans. */
export function normalizeSinceClock(text: string): ClockText | undefined {
  const clock = normalizeClock(text);
  return clock === undefined || /^(?:today|tomorrow|yesterday)$/.test(clock) ? undefined : clock;
}

/** True if a word may be part of a time of the clock. */
export function isClockWord(word: string): boolean {
  return DAYS.has(word) || TIMES.has(word) || PARTS_OF_DAY.has(word) || parseTimeOfDay(word) !== undefined;
}

function skipLeads(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at - from < 2 && /^(?:at|on|the|about|around|next)$/.test(unquotedWord(tokens[at]) ?? "")) at += 1;
  return at;
}

/** A bare number in front of "hours" is a span. */
function timeAt(
  tokens: readonly Token[],
  at: number,
  hasDay: boolean,
): { readonly text: string; readonly end: number } | undefined {
  const word = unquotedWord(tokens[at]) ?? "";
  const next = (unquotedWord(tokens[at + 1]) ?? "").replaceAll(".", "");
  const named = TIMES.get(word) ?? (hasDay ? PARTS_OF_DAY.get(word) : undefined);
  if (named !== undefined) return { text: named, end: at + 1 };
  const isTwoWords = /^(?:[ap]m|o'?clock|uhr|h)$/.test(next);
  if (/^\d+$/.test(word) && !isTwoWords && parseSince(`1 ${next}`) !== undefined) return undefined;
  const text = parseTimeOfDay(/^[ap]m$/.test(next) ? `${word}${next}` : word);
  return text === undefined ? undefined : { text, end: at + (isTwoWords ? 2 : 1) };
}
