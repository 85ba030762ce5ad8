import { COLOURS, GLYPHS, type Tone } from "./words.ts";

/** A piece of a status line: its word ("Error"), and all that it says ("✕ Error: Calling (2560)"). */
export interface Part {
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
}

/** A part as the run of text that a template draws. */
export interface Run {
  readonly text: string;
  readonly color: string;
  readonly weight: "bolder" | "default";
  readonly subtle: boolean;
}

/** Keeps a line from breaking where it would be misread: between a glyph and its word, a name and its code. */
export const HARD_SPACE = "\u00a0";

/** Between two pieces of a line; no line begins with it. */
export const DOT = `${HARD_SPACE}· `;

const CLINGING = /(?<=\d) (?=(?:d|h|min|s)\b)|(?<=\bcode) (?=\d)/g;

/** A title does not break between a number and its unit, nor before a code. */
export function clinging(title: string): string {
  return title.replace(CLINGING, HARD_SPACE);
}

/** A part longer than this may break between its words. */
const SHORT = 24;

export function part(tone: Tone, word: string, says: string = word): Part {
  const whole = says.length <= SHORT ? says.replaceAll(" ", HARD_SPACE) : says;
  return { tone, word, text: `${GLYPHS[tone]}${HARD_SPACE}${whole}` };
}

export function runsOf(parts: readonly Part[]): readonly Run[] {
  return parts.map(({ tone, text }, i) => ({
    text: i === 0 ? text : `${gapBefore(tone)}${text}`,
    color: COLOURS[tone],
    weight: tone === "bad" ? "bolder" : "default",
    subtle: tone === "quiet",
  }));
}

export function lineOf(parts: readonly Part[]): string {
  const runs = runsOf(parts).map(({ text }) => text);
  return runs.join("").replaceAll(HARD_SPACE, " ");
}

/** A quiet part begins with a dot already. */
function gapBefore(tone: Tone): string {
  return tone === "quiet" ? " " : DOT;
}
