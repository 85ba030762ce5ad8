import { type Address, type Customer, classOf, titleOf, UNREPORTED } from "../domain/customers/customer.ts";
import { addOnDisplayName, packageDisplayName } from "../domain/customers/package-names.ts";
import { statusDisplayName } from "../domain/customers/status-names.ts";
import { dayForm } from "../domain/views/text.ts";
import { markTime } from "../domain/views/time-mark.ts";
import { inLine, plain } from "./plain-text.ts";

/** The severity of a status. Each tone has one glyph and one colour, always shown with a word. */
export type Tone = "bad" | "warning" | "moving" | "good" | "quiet";

export const GLYPHS = { bad: "✕", warning: "!", moving: "…", good: "✓", quiet: "·" } as const;
export const COLOURS = {
  bad: "attention",
  warning: "warning",
  moving: "accent",
  good: "good",
  quiet: "default",
} as const;

/** `✕ Error`; a quiet word has no glyph. */
export function withGlyph(tone: Tone, word: string): string {
  return tone === "quiet" ? word : `${GLYPHS[tone]} ${word}`;
}

export function packageName(name: string): string {
  return packageDisplayName(name) ?? readable(name, "Package");
}

/** An add-on without a known name is marked, because a package may have the same. */
export function addOnName(name: string): string {
  return addOnDisplayName(name) ?? `${readable(name, "Extra")} add-on`;
}

export function statusWord(status: string): string {
  return statusDisplayName(status) ?? readable(status, "Status");
}

export function toneOf(status: string): Tone {
  return status === UNREPORTED ? "quiet" : classOf(status);
}

/** The tone of a customer's own status, which has values that packages do not have. */
export function customerTone(status: string): Tone {
  if (status === "provisioned_with_errors" || status === "pending_rpl_review") return "warning";
  return classOf(status);
}

/** Characters of a name or a status that fit on a phone. */
const READABLE = 32;

/** `brand_new_thing` becomes "Brand new thing". A code without letters gets `kind` in front: a colour needs a word. */
function readable(code: string, kind: string): string {
  const words = plain(code.replace(/[_\s]+/g, " "), READABLE);
  if (!hasLetters(words)) return joinNonEmpty([kind, words || "unknown"], " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function hasLetters(text: string): boolean {
  return /\p{L}/u.test(text);
}

export function nameOf(customer: Customer, max: number): string {
  return inLine(titleOf(customer), max) || inLine(customer.externalId ?? customer.id, max) || "No name";
}

/** `Milpitas, US`; empty when neither is known. */
export function placeOf({ city, country }: Address): string {
  return joinNonEmpty([inLine(city ?? "", 40), inLine(country ?? "", 20)], ", ");
}

export function addressOf({ line1, line2, city, state, zip, country }: Address): string {
  const region = joinNonEmpty([inLine(state ?? "", 60), inLine(zip ?? "", 20)], " ");
  const lines = [inLine(line1 ?? "", 120), inLine(line2 ?? "", 120), inLine(city ?? "", 80)];
  return joinNonEmpty([...lines, region, inLine(country ?? "", 20)], ", ");
}

/** `4,200`. */
export function digits(count: number): string {
  return count.toLocaleString("en-US");
}

export function counted(count: number, one: string): string {
  return `${digits(count)} ${one}${count === 1 ? "" : "s"}`;
}

export function joinNonEmpty(parts: readonly string[], glue: string): string {
  return parts.filter((part) => part !== "").join(glue);
}

const DAY = 24 * 3_600_000;

/** How times are marked in texts. All times are epoch milliseconds. */
export interface TimeFormat {
  time(ms: number): string;
  dateTime(ms: number): string;
}

export const CARD_TIME_FORMAT: TimeFormat = {
  time: (ms) => markTime(ms, "time"),
  dateTime: (ms) => markTime(ms, "day and time"),
};

/** When a card of alerts became true: it may be read much later, and Webex may take no edit of it (ALERTS 30). */
export function asOfText(ms: number, times: TimeFormat): string {
  return `As of ${times.dateTime(ms)}`;
}

/** With the year where it is not that of `now`. */
export function textTimeFormat(now: number): TimeFormat {
  return { time: (ms) => markTime(ms, "time"), dateTime: (ms) => markTime(ms, dayForm(ms, now)) };
}

/** The time of day if it is less than a day ago, otherwise day and time. */
export function formatWhen(ms: number, now: number, times: TimeFormat): string {
  return now - ms < DAY ? times.time(ms) : times.dateTime(ms);
}
