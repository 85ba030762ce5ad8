import { formatRoughly } from "../domain/views/text.ts";
import type { Freshness } from "../domain/views/views.ts";
import { inLine } from "./plain-text.ts";
import { counted, formatWhen, type TimeFormat } from "./words.ts";

/** `live, 15:04` or `as of 40 s ago, complete (15:03)`. The time is there because a card stays in its space. */
export function freshnessOf(freshness: Freshness, times: TimeFormat): string {
  if (freshness.source === "live") return `live, ${times.time(freshness.readAt)}`;
  const { readAt, now, readSoFar } = freshness;
  if (readAt === undefined) return firstReading(readSoFar);
  return `as of ${agoOf(now - readAt)}, complete (${formatWhen(readAt, now, times)})`;
}

/** When the view was made, epoch milliseconds. */
export function madeAt(freshness: Freshness): number {
  return freshness.source === "live" ? freshness.readAt : freshness.now;
}

/** False until the first sweep is complete. */
export function isComplete(freshness: Freshness): boolean {
  return freshness.source === "live" || freshness.readAt !== undefined;
}

/** The sub-partner that a space is bound to: `for Acme Reseller`; empty for a space that sees all. */
export function scopeText(subpartner: string | undefined): string {
  return subpartner === undefined ? "" : `for ${inLine(subpartner, 60) || "one sub-partner"}`;
}

function firstReading(readSoFar: number | undefined): string {
  if (readSoFar === undefined) return "first reading not started";
  return `first reading in progress: ${counted(readSoFar, "customer")} read so far`;
}

function agoOf(age: number): string {
  return age < 1_000 ? "just now" : `${formatRoughly(age)} ago`;
}
