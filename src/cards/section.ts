import type { Stretch } from "./bars.ts";
import { type Detail, firstOf } from "./detail.ts";
import { COLOURS, glyphed, type Tone } from "./words.ts";

/** What is counted together: by status, by package, by code. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly label: string;
  readonly tone: Tone;
  readonly bar: readonly Stretch[];
  /** Beside the bar: `12 of 97`. */
  readonly number: string;
  /** The same in a text, where no bar says the rest: `12 in error, 3 under way, 82 provisioned`. */
  readonly said: string;
}

/** The same as the templates draw it. */
export interface SectionData {
  readonly title: string;
  readonly rows: readonly {
    readonly label: string;
    readonly color: string;
    readonly weight: "bolder" | "default";
    readonly bar: readonly Stretch[];
    readonly number: string;
  }[];
  readonly hasMore: boolean;
  readonly more: string;
}

export function sectionData({ title, rows }: Section, detail: Detail): SectionData {
  const { shown, more } = firstOf(rows, detail.bars);
  return {
    title,
    rows: shown.map(({ label, tone, bar, number }) => ({
      label: glyphed(tone, label),
      color: isProblem(tone) ? COLOURS[tone] : "default",
      weight: tone === "bad" ? "bolder" : "default",
      bar,
      number,
    })),
    hasMore: more > 0,
    more: `and ${more} more`,
  };
}

export function sectionLines({ title, rows }: Section, detail: Detail): readonly string[] {
  const { shown, more } = firstOf(rows, detail.items);
  return [
    title,
    ...shown.map(({ label, tone, said }) => `${glyphed(tone, label)}: ${said}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function isProblem(tone: Tone): boolean {
  return tone === "bad" || tone === "warning";
}
