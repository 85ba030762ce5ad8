import type { BarSegment } from "./bars.ts";
import { type DetailLevel, takeFirst } from "./detail.ts";
import { COLOURS, type Tone, withGlyph } from "./words.ts";

/** What is counted together: by status, by package, by code. */
export interface Section {
  readonly title: string;
  readonly rows: readonly SectionRow[];
}

export interface SectionRow {
  readonly label: string;
  readonly tone: Tone;
  readonly bar: readonly BarSegment[];
  /** Beside the bar: `12 of 97`. */
  readonly number: string;
  /** The same in a text, where no bar says the rest: `12 in error, 3 under way, 82 provisioned`. */
  readonly text: string;
}

/** The same as the templates draw it. */
export interface SectionData {
  readonly title: string;
  readonly rows: readonly {
    readonly label: string;
    readonly color: string;
    readonly weight: "bolder" | "default";
    readonly bar: readonly BarSegment[];
    readonly number: string;
  }[];
  readonly hasMore: boolean;
  readonly more: string;
}

export function sectionData({ title, rows }: Section, detail: DetailLevel): SectionData {
  const { shown, more } = takeFirst(rows, detail.bars);
  return {
    title,
    rows: shown.map(({ label, tone, bar, number }) => ({
      label: withGlyph(tone, label),
      color: isProblem(tone) ? COLOURS[tone] : "default",
      weight: tone === "bad" ? "bolder" : "default",
      bar,
      number,
    })),
    hasMore: more > 0,
    more: `and ${more} more`,
  };
}

export function sectionLines({ title, rows }: Section, detail: DetailLevel): readonly string[] {
  const { shown, more } = takeFirst(rows, detail.items);
  return [
    title,
    ...shown.map(({ label, tone, text }) => `${withGlyph(tone, label)}: ${text}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function isProblem(tone: Tone): boolean {
  return tone === "bad" || tone === "warning";
}
