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

/** @param rest what follows the word, with its own punctuation */
export function part(tone: Tone, word: string, rest = ""): Part {
  return { tone, word, text: `${GLYPHS[tone]} ${word}${rest}` };
}

export function runsOf(parts: readonly Part[]): readonly Run[] {
  return parts.map(({ tone, text }, i) => ({
    text: i === 0 ? text : `${gapBefore(tone, "  ")}${text}`,
    color: COLOURS[tone],
    weight: tone === "bad" ? "bolder" : "default",
    subtle: tone === "quiet",
  }));
}

export function lineOf(parts: readonly Part[]): string {
  return parts.map(({ tone, text }, i) => (i === 0 ? text : `${gapBefore(tone, " ")}${text}`)).join("");
}

/** A quiet part begins with a dot already. */
function gapBefore(tone: Tone, space: string): string {
  return tone === "quiet" ? space : `${space}·${space}`;
}
