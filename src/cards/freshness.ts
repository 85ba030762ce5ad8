import { spanOf } from "../domain/replies/span.ts";
import type { Freshness } from "../domain/replies/views.ts";
import { inLine } from "./plain.ts";
import type { Times } from "./times.ts";
import { counted } from "./words.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * `live, 15:04`, or `as of 40 s ago, complete (15:03)`: a card stays in its space long after it was made, so an age alone
 * would soon be wrong.
 */
export function freshnessOf(freshness: Freshness, times: Times): string {
  if (freshness.source === "live") return `live, ${times.time(freshness.readAt)}`;
  const { readAt, now, readSoFar } = freshness;
  if (readAt === undefined) return firstReading(readSoFar);
  const age = now - readAt;
  const when = age < DAY ? times.time(readAt) : times.moment(readAt);
  return `as of ${agoOf(age)}, complete (${when})`;
}

/** When the view was made. */
export function madeAt(freshness: Freshness): number {
  return freshness.source === "live" ? freshness.readAt : freshness.now;
}

/** Whether nobody is missing: false until the first sweep is through. */
export function isComplete(freshness: Freshness): boolean {
  return freshness.source === "live" || freshness.readAt !== undefined;
}

/** The sub-partner that a space is bound to: `for Acme Reseller`; empty for a space that sees all. */
export function scopeOf(subpartner: string | undefined): string {
  return subpartner === undefined ? "" : `for ${inLine(subpartner, 60) || "one sub-partner"}`;
}

function firstReading(readSoFar: number | undefined): string {
  if (readSoFar === undefined) return "first reading not begun";
  return `first reading under way: ${counted(readSoFar, "customer")} read so far`;
}

/** Seconds matter within a minute, minutes within a day. */
function agoOf(age: number): string {
  if (age < 1_000) return "just now";
  const grain = age < MINUTE ? 1_000 : age < DAY ? MINUTE : HOUR;
  return `${spanOf(Math.floor(age / grain) * grain)} ago`;
}
