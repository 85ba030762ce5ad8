import type { Customer } from "../domain/customers/customer.ts";
import type { Button } from "../domain/views/views.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { exactId, plain, shortenWords, withBreakPoints } from "./plain-text.ts";
import { COLOURS, GLYPHS, joinNonEmpty, placeOf, type Tone } from "./words.ts";

/** `Lyon, FR · WWI_EU_04`; the external id is left out where it is the title already. */
export function placeAndId({ address, name, externalId }: Customer): string {
  const known = name === undefined || externalId === undefined ? "" : shortenWords(exactId(externalId));
  return joinNonEmpty([placeOf(address), known], DOT);
}

/** Characters of a title: a button of more is wider than a phone. */
const TITLE_LENGTH = 48;

/** A button as the templates draw it. `with` names the inputs whose values belong to the command. */
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

/** What one can type instead of pressing, one line a button; what a form fills in cannot be typed ahead. */
export function commandLines(buttons: readonly Button[]): readonly string[] {
  return buttons
    .filter(({ inputs }) => inputs === undefined)
    .map(({ title, command }) => `${plain(title.replace(/[‹›]/g, ""), TITLE_LENGTH)}: ${plain(command, 400)}`);
}

/** A piece of a status line: its word ("Error"), and all that it says ("✕ Error: Calling (2560)"). */
export interface StatusPart {
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
}

/** A part as the run of text that a template draws. */
export interface TextRun {
  readonly text: string;
  readonly color: string;
  readonly weight: "bolder" | "default";
  readonly subtle: boolean;
}

/** Keeps a line from breaking where it would be misread: between a glyph and its word, a name and its code. */
export const NBSP = "\u00a0";

/** Between two pieces of a line; no line begins with it. */
export const DOT = `${NBSP}· `;

const KEPT_TOGETHER = /(?<=\d) (?=(?:d|h|min|s)\b)|(?<=\bcode) (?=\d)/g;

/** A title does not break between a number and its unit, nor before a code. */
export function keepTogether(title: string): string {
  return title.replace(KEPT_TOGETHER, NBSP);
}

/** A part longer than this may break between its words. */
const MAX_UNBROKEN = 24;

export function statusPart(tone: Tone, word: string, says: string = word): StatusPart {
  const whole = says.length <= MAX_UNBROKEN ? says.replaceAll(" ", NBSP) : says;
  return { tone, word, text: `${GLYPHS[tone]}${NBSP}${whole}` };
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

/** A quiet part begins with a dot already. */
function gapBefore(tone: Tone): string {
  return tone === "quiet" ? " " : DOT;
}

/** A line of a set of facts. */
export interface Fact {
  readonly title: string;
  readonly value: string;
}

/** The first facts that there is room for, as clients may draw them. */
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
