import { type ClockText, normalizeSinceClock, WEEKDAYS } from "../commands/clock-time.ts";
import type { Command } from "../commands/registry.ts";
import type { Filter } from "../customers/filter.ts";
import { normalizeSince } from "../customers/since.ts";
import { UTC } from "../views/time-mark.ts";
import { instantAt, wallClock } from "../wall-clock.ts";
import type { ReplyContext } from "./reply.ts";

/** The command with a time or a span in place of "since 22:00" and "until Monday 8:00", by the clock of the space, else in UTC. */
export async function withClockTimes(
  command: Command,
  { zone, clock }: Pick<ReplyContext, "zone" | "clock">,
): Promise<Command> {
  if (!hasClockTime(command)) return command;
  return resolved(command, { zone: (await zone()) ?? UTC, now: clock() });
}

interface SpaceClock {
  readonly zone: string;
  readonly now: number;
}

function hasClockTime(command: Command): boolean {
  const filter = filterOf(command) ?? [];
  return (
    "from" in command || "until" in command || filter.some(({ values }) => values.some(({ text }) => isClock(text)))
  );
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

/** With a span of milliseconds in place of a time. */
function withSpan(command: Command, space: SpaceClock): Command {
  if ("from" in command && command.from !== undefined) {
    const { from, ...others } = command;
    const span = spanSince(from, space);
    return others.name === "alerts" ? { ...others, over: span } : { ...others, since: span };
  }
  if ("until" in command && command.until !== undefined) {
    const { until, ...others } = command;
    return { ...others, durationMs: spanUntil(until, space) };
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
  return isClock(text) ? `${new Date(pastTime(text, space)).toISOString().slice(0, 16)}Z` : text;
}

const MINUTE = 60_000;

function spanSince(text: ClockText, space: SpaceClock): number {
  return inMinutes(space.now - pastTime(text, space));
}

function spanUntil(text: ClockText, space: SpaceClock): number {
  return inMinutes(futureTime(text, space) - space.now);
}

function inMinutes(span: number): number {
  return Math.max(1, Math.ceil(span / MINUTE)) * MINUTE;
}

/** The last such time; of a day alone, its beginning. */
function pastTime(text: ClockText, space: SpaceClock): number {
  const times = timesOf(text, "00:00", space).filter((at) => at <= space.now);
  return times.at(-1) ?? space.now;
}

/** The next such time; of a day alone, its morning. */
function futureTime(text: ClockText, space: SpaceClock): number {
  const isToday = text === "today";
  const [next] = timesOf(text, isToday ? "23:59" : "08:00", space).filter((at) => at > space.now);
  return next ?? space.now;
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
