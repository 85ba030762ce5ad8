import { COLOURS, GLYPHS, type Tone } from "./words.ts";

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
