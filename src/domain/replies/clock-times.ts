import { type ClockText, normalizeSinceClock, WEEKDAYS } from "../commands/clock-time.ts";
import { format } from "../commands/format.ts";
import type { Parsed, ParseFailure } from "../commands/parse.ts";
import type { Command } from "../commands/registry.ts";
import type { Filter } from "../customers/filter.ts";
import { normalizeSince } from "../customers/since.ts";
import { UTC } from "../views/time-mark.ts";
import { instantAt, wallClock } from "../wall-clock.ts";
import type { ReplyContext } from "./reply.ts";

/**
 * The command with a time or a span in place of "since 22:00" and "until Monday 8:00", by the clock of the space, else in UTC. An end
 * that is past, and a beginning that is still to come, are mistakes.
 */
export async function withClockTimes(
  command: Command,
  { zone, clock }: Pick<ReplyContext, "zone" | "clock">,
): Promise<Parsed> {
  if (!hasClockTime(command)) return { ok: true, command };
  const timed = resolved(command, { zone: (await zone()) ?? UTC, now: clock() });
  return hasClockTime(timed) ? notThen(timed) : { ok: true, command: timed };
}

/** @param command with the words that no time was found for */
function notThen(command: Command): ParseFailure {
  if ("until" in command && command.until !== undefined) {
    const later = { ...command, until: command.until.replace(/^(?:yesterday|today)/, "tomorrow") };
    return {
      ok: false,
      problem: `“until ${command.until}” is past already.`,
      hint: "Nothing was changed. Write a time to come, such as “until 18:00” or “until tomorrow 8:00”, or a span, such as “for 2 hours”.",
      suggestion: format(later),
    };
  }
  const from = "from" in command ? command.from : clockTexts(filterOf(command) ?? [])[0];
  return {
    ok: false,
    problem: `“since ${from}” is still to come.`,
    hint: "Write a time that is past, such as “since 8:00” or “since yesterday 18:00”, or a span, such as “since 2h”.",
  };
}

interface SpaceClock {
  readonly zone: string;
  readonly now: number;
}

function hasClockTime(command: Command): boolean {
  return "from" in command || "until" in command || clockTexts(filterOf(command) ?? []).length > 0;
}

/** The times in a filter; a search for "Black Friday" has none. */
function clockTexts(filter: Filter): readonly ClockText[] {
  const since = filter.filter(({ field }) => field === "since");
  return since.flatMap(({ values }) => values.map(({ text }) => text)).filter(isClock);
}

function filterOf(command: Command): Filter | undefined {
  if ("filter" in command) return command.filter;
  return command.name === "mute" && command.target?.by === "filter" ? command.target.filter : undefined;
}

function isClock(text: string): boolean {
  return normalizeSince(text) === undefined && normalizeSinceClock(text) === text;
}

function resolved(command: Command, space: SpaceClock): Command {
  const timed = withSpan(command, space);
  const filter = resolvedFilter(filterOf(timed) ?? [], space);
  if ("filter" in timed) return { ...timed, filter };
  return timed.name === "mute" && timed.target?.by === "filter"
    ? { ...timed, target: { by: "filter", filter } }
    : timed;
}

/** With a span of milliseconds in place of a time, unless there is no such time. */
function withSpan(command: Command, space: SpaceClock): Command {
  if ("from" in command && command.from !== undefined) {
    const { from, ...others } = command;
    const span = spanSince(from, space);
    if (span === undefined) return command;
    return others.name === "alerts" ? { ...others, over: span } : { ...others, since: span };
  }
  if ("until" in command && command.until !== undefined) {
    const { until, ...others } = command;
    const durationMs = spanUntil(until, space);
    return durationMs === undefined ? command : { ...others, durationMs };
  }
  return command;
}

function resolvedFilter(filter: Filter, space: SpaceClock): Filter {
  return filter.map((term) => {
    if (term.field !== "since") return term;
    return { ...term, values: term.values.map((value) => ({ ...value, text: resolvedSince(value.text, space) })) };
  });
}

function resolvedSince(text: string, space: SpaceClock): string {
  const at = isClock(text) ? pastTime(text, space) : undefined;
  return at === undefined ? text : `${new Date(at).toISOString().slice(0, 16)}Z`;
}

const MINUTE = 60_000;

function spanSince(text: ClockText, space: SpaceClock): number | undefined {
  const at = pastTime(text, space);
  return at === undefined ? undefined : inMinutes(space.now - at);
}

function spanUntil(text: ClockText, space: SpaceClock): number | undefined {
  const at = futureTime(text, space);
  return at === undefined ? undefined : inMinutes(at - space.now);
}

function inMinutes(span: number): number {
  return Math.max(1, Math.ceil(span / MINUTE)) * MINUTE;
}

/** The last such time; of a day alone, its beginning. */
function pastTime(text: ClockText, space: SpaceClock): number | undefined {
  return timesOf(text, "00:00", space).findLast((at) => at <= space.now);
}

/** The next such time; of a day alone, its morning. */
function futureTime(text: ClockText, space: SpaceClock): number | undefined {
  const isToday = text === "today";
  return timesOf(text, isToday ? "23:59" : "08:00", space).find((at) => at > space.now);
}

/** Every such time from a week ago to a week ahead. A day that does not hold one is left out: "yesterday" lies one day back. */
function timesOf(text: ClockText, usual: string, { zone, now }: SpaceClock): readonly number[] {
  const words = text.split(" ");
  const time = words.find((word) => word.includes(":")) ?? usual;
  const day = words.find((word) => !word.includes(":"));
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const { year, month, date } = wallClock(now, zone);
  return Array.from({ length: 15 }, (_, index) => index - 7)
    .filter((offset) => isDay(day, offset, new Date(Date.UTC(year, month - 1, date + offset)).getUTCDay()))
    .map((offset) => instantAt(Date.UTC(year, month - 1, date + offset, hours, minutes), zone));
}

const OFFSETS: ReadonlyMap<string, number> = new Map([
  ["yesterday", -1],
  ["today", 0],
  ["tomorrow", 1],
]);

function isDay(day: string | undefined, offset: number, weekday: number): boolean {
  if (day === undefined) return true;
  const fixed = OFFSETS.get(day);
  return fixed === undefined ? WEEKDAYS[weekday] === day : fixed === offset;
}
