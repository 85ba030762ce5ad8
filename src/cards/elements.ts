import type { Customer } from "../domain/customers/customer.ts";
import type { Button } from "../domain/views/views.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { exactId, plain, shortenWords, withBreakPoints } from "./plain-text.ts";
import { COLOURS, GLYPHS, joinNonEmpty, placeOf, type Tone } from "./words.ts";

/** `Lyon, FR · WWI_EU_04`; without the external id where that is the title. */
export function placeAndId({ address, name, externalId }: Customer): string {
  const id = name === undefined || externalId === undefined ? "" : shortenWords(exactId(externalId));
  return joinNonEmpty([placeOf(address), id], DOT);
}

/** Characters of a button title: more is wider than a phone. */
const TITLE_LENGTH = 48;

/** A button for the templates. `with` names the inputs whose values belong to the command. */
export interface ButtonData {
  readonly title: string;
  readonly style: "positive" | "default";
  readonly inputs: "auto" | "none";
  readonly command: string;
  readonly with: string;
}

export function buttonData(buttons: readonly Button[]): readonly ButtonData[] {
  return buttons.map(({ title, command, main, inputs }) => ({
    title: plain(title, TITLE_LENGTH),
    style: main ? "positive" : "default",
    inputs: inputs === undefined ? "none" : "auto",
    command,
    with: (inputs ?? []).join(" "),
  }));
}

/** Characters of a command that is written out to be typed. A longer one would be cut, and would be another command. */
const COMMAND_LENGTH = 400;

/** The commands to type instead of pressing buttons, one line a button; a button that needs inputs has none. */
export function commandLines(buttons: readonly Button[]): readonly string[] {
  return buttons
    .filter(({ inputs }) => inputs === undefined)
    .map(({ title, command, typed = command }) => ({ title, typed }))
    .filter(({ typed }) => typed.length <= COMMAND_LENGTH)
    .map(({ title, typed }) => `${plain(title.replace(/[‹›]/g, ""), TITLE_LENGTH)}: ${plain(typed, COMMAND_LENGTH)}`);
}

/** A piece of a status line: its word ("Error") and its whole text ("✕ Error: Calling (2560)"). */
export interface StatusPart {
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
}

/** A part as a run of text, for the templates. */
export interface TextRun {
  readonly text: string;
  readonly color: string;
  readonly weight: "bolder" | "default";
  readonly subtle: boolean;
}

/** Prevents a line break between a glyph and its word, or a name and its code. */
export const NBSP = "\u00a0";

/** Separates two pieces of a line; no line begins with it. */
export const DOT = `${NBSP}· `;

const KEPT_TOGETHER = /(?<=\d) (?=(?:d|h|min|s)\b)|(?<=\bcodes?) (?=\d)|(?<=\bsince) /g;

/** Prevents line breaks between a number and its unit, before a code, and before a time. */
export function keepTogether(title: string): string {
  return title.replace(KEPT_TOGETHER, NBSP);
}

/** Characters; a longer part may break between its words. */
const MAX_UNBROKEN = 24;

export function statusPart(tone: Tone, word: string, text: string = word): StatusPart {
  const unbroken = text.length <= MAX_UNBROKEN ? text.replaceAll(" ", NBSP) : text;
  return { tone, word, text: `${GLYPHS[tone]}${NBSP}${unbroken}` };
}

export function textRuns(parts: readonly StatusPart[]): readonly TextRun[] {
  return parts.map(({ tone, text }, i) => ({
    text: i === 0 ? text : `${gapBefore(tone)}${text}`,
    color: COLOURS[tone],
    weight: tone === "bad" ? "bolder" : "default",
    subtle: tone === "quiet",
  }));
}

export function partsText(parts: readonly StatusPart[]): string {
  const runs = textRuns(parts).map(({ text }) => text);
  return runs.join("").replaceAll(NBSP, " ");
}

/** The glyph of a quiet part is a dot. */
function gapBefore(tone: Tone): string {
  return tone === "quiet" ? " " : DOT;
}

/** A line of a set of facts. */
export interface Fact {
  readonly title: string;
  readonly value: string;
}

/** The first facts that fit the detail level, made plain. */
export function factsOf(facts: readonly Fact[], detail: DetailLevel): readonly Fact[] {
  const { shown, more } = takeFirst(facts, detail.items);
  const plainFacts = shown.map(({ title, value }) => ({
    title: plain(title, 60),
    value: withBreakPoints(plain(value, detail.text)) || "–",
  }));
  return more > 0 ? [...plainFacts, { title: "and", value: `${more} more` }] : plainFacts;
}

export function factLines(facts: readonly Fact[]): readonly string[] {
  return facts.map(({ title, value }) => `${title}: ${value.replaceAll("\u200b", "")}`);
}
