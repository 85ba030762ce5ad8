import { addOnDisplayName } from "../domain/customers/package-names.ts";
import type { SnapshotSummary } from "../domain/ports/snapshot.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { plain } from "./plain-text.ts";
import { COLOURS, customerTone, digits, packageName, statusWord, type Tone, withGlyph } from "./words.ts";

/** Counts of one sort: by status, by package or by code. */
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
  /** In a text, which has no bar: `12 in error, 3 in progress, 82 provisioned`. */
  readonly text: string;
}

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

const ORDER: readonly Tone[] = ["bad", "warning", "moving", "good", "quiet"];

export function summarySections(summary: SnapshotSummary): readonly Section[] {
  const sections = [
    { title: "By status", rows: statusRows(summary) },
    { title: "By package, of customers that have it", rows: packageRows(summary) },
    { title: "Customers by error or warning code", rows: codeRows(summary) },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function statusRows({ byStatus, total }: SnapshotSummary): readonly SectionRow[] {
  const rows = byStatus.map(({ value, customers }): SectionRow => {
    const tone = customerTone(value);
    const bar = barOf([{ tone, count: customers }], total);
    return { label: statusWord(value), tone, bar, number: digits(customers), text: digits(customers) };
  });
  return ORDER.flatMap((tone) => rows.filter((row) => row.tone === tone));
}

/** Most in error first, then most in progress. */
function packageRows({ byPackage }: SnapshotSummary): readonly SectionRow[] {
  return byPackage
    .toSorted((a, b) => b.bad - a.bad || b.moving - a.moving || b.good - a.good)
    .map(({ name, bad, moving, good }) => {
      const counts = [
        { tone: "bad", count: bad, word: "in error" },
        { tone: "moving", count: moving, word: "in progress" },
        { tone: "good", count: good, word: "provisioned" },
      ] as const;
      const present = counts.filter(({ count }) => count > 0);
      const whole = bad + moving + good;
      return {
        label: summaryName(name),
        tone: present[0]?.tone ?? "quiet",
        bar: barOf(counts, whole),
        number: numberOf(present, whole),
        text: present.map(({ count, word }) => `${digits(count)} ${word}`).join(", ") || "0",
      };
    });
}

/** The counts have add-ons among the packages. */
const summaryName = (name: string): string => addOnDisplayName(name) ?? packageName(name);

/** `12 error of 97`: with words, because a colour needs one; `97` where all are provisioned. */
function numberOf(present: readonly { readonly tone: Tone; readonly count: number }[], whole: number): string {
  const words = { bad: "error", moving: "pending" } as const;
  const problems = present.flatMap(({ tone, count }) =>
    tone === "bad" || tone === "moving" ? [`${digits(count)} ${words[tone]}`] : [],
  );
  return problems.length === 0 ? digits(whole) : `${problems.join(", ")} of ${digits(whole)}`;
}

/** The most common code has the full bar, because few customers of all have one. */
function codeRows({ byCode }: SnapshotSummary): readonly SectionRow[] {
  const most = Math.max(0, ...byCode.map(({ customers }) => customers));
  return byCode.map(({ value, customers }) => ({
    label: plain(value, 20),
    tone: "quiet",
    bar: barOf([{ tone: "quiet", count: customers }], most),
    number: digits(customers),
    text: digits(customers),
  }));
}

/** Cells of a whole bar: a quarter of a phone's width in a monospaced font, so that words fit on both sides. */
const CELLS = 12;

/** A run of cells of one colour, for the templates. */
export interface BarSegment {
  readonly text: string;
  readonly color: string;
  readonly subtle: boolean;
}

/** A bar that is full for `whole`, with one segment for each count. */
export function barOf(counts: readonly { readonly tone: Tone; readonly count: number }[], whole: number) {
  const counted = counts.reduce((sum, { count }) => sum + count, 0);
  const shares = sharesOf([...counts.map(({ count }) => count), Math.max(0, whole - counted)], CELLS);
  const rest = shares.at(-1) ?? 0;
  const filled = counts.map(({ tone }, i) => ({
    text: "█".repeat(shares[i] ?? 0),
    color: COLOURS[tone],
    subtle: tone === "quiet",
  }));
  const segments: readonly BarSegment[] = [...filled, { text: "░".repeat(rest), color: "default", subtle: true }];
  return segments.filter(({ text }) => text !== "");
}

/** Divides `cells` by the counts. Each count above 0 gets a cell; the largest count gets or gives the rounding rest. */
export function sharesOf(counts: readonly number[], cells: number): readonly number[] {
  const whole = counts.reduce((sum, count) => sum + count, 0);
  if (whole === 0) return counts.map(() => 0);
  const shares = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round((count / whole) * cells))));
  const largest = counts.indexOf(Math.max(...counts));
  const others = shares.reduce((sum, share, i) => (i === largest ? sum : sum + share), 0);
  return shares.map((share, i) => (i === largest ? cells - others : share));
}
