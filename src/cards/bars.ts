import { COLOURS, type Tone } from "./words.ts";

/** Cells of a whole bar: in a monospaced face, a third of a phone. */
const CELLS = 14;

/** A stretch of a bar as the template draws it. */
export interface BarSegment {
  readonly text: string;
  readonly color: string;
  readonly subtle: boolean;
}

/** A bar that is full for `whole`, with one stretch for each count. */
export function barOf(counts: readonly { readonly tone: Tone; readonly count: number }[], whole: number) {
  const counted = counts.reduce((sum, { count }) => sum + count, 0);
  const shares = sharesOf([...counts.map(({ count }) => count), Math.max(0, whole - counted)], CELLS);
  const rest = shares.at(-1) ?? 0;
  const filled = counts.map(({ tone }, i) => ({
    text: "█".repeat(shares[i] ?? 0),
    color: COLOURS[tone],
    subtle: tone === "quiet",
  }));
  const stretches: readonly BarSegment[] = [
    ...filled,
    { text: "░".repeat(rest), color: "default", subtle: true },
  ];
  return stretches.filter(({ text }) => text !== "");
}

/** Parts `cells` by the counts: whoever counts at all has a cell, and the largest gives or takes what rounding leaves. */
export function sharesOf(counts: readonly number[], cells: number): readonly number[] {
  const whole = counts.reduce((sum, count) => sum + count, 0);
  if (whole === 0) return counts.map(() => 0);
  const shares = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round((count / whole) * cells))));
  const largest = counts.indexOf(Math.max(...counts));
  const others = shares.reduce((sum, share, i) => (i === largest ? sum : sum + share), 0);
  return shares.map((share, i) => (i === largest ? cells - others : share));
}
