import type { SummaryView } from "../domain/replies/views.ts";
import type { Summary } from "../domain/snapshot.ts";
import { barOf, type Stretch } from "./bars.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import { type Detail, firstOf } from "./detail.ts";
import { freshnessOf, isComplete, madeAt, scopeOf } from "./freshness.ts";
import { plain } from "./plain.ts";
import { CARD_TIMES, type Times, textTimes } from "./times.ts";
import {
  COLOURS,
  counted,
  customerTone,
  digits,
  GLYPHS,
  joined,
  packageName,
  statusWord,
  type Tone,
} from "./words.ts";

interface SummaryData {
  /** What is counted, and among whom. */
  readonly totals: string;
  readonly freshness: string;
  readonly notes: readonly { readonly text: string }[];
  readonly isEmpty: boolean;
  readonly emptyText: string;
  readonly sections: readonly SectionData[];
  readonly buttons: readonly Press[];
}

interface SectionData {
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

/** What is counted together: by status, by package, by code. */
interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

interface Row {
  readonly label: string;
  readonly tone: Tone;
  readonly bar: readonly Stretch[];
  /** Beside the bar: `12 of 97`. */
  readonly number: string;
  /** The same in a text, where no bar says the rest: `12 in error, 3 under way, 82 provisioned`. */
  readonly said: string;
}

const ORDER: readonly Tone[] = ["bad", "warning", "moving", "good", "quiet"];

export function summaryCard(view: SummaryView, detail: Detail): SummaryData {
  return {
    totals: totalsOf(view),
    freshness: freshnessOf(view.freshness, CARD_TIMES),
    notes: view.notes.map((note) => ({ text: plain(note, detail.text) })),
    isEmpty: view.summary.total === 0,
    emptyText: emptyText(view),
    sections: sectionsOf(view.summary).map((section) => sectionData(section, detail)),
    buttons: pressesOf(view.buttons),
  };
}

export function summaryText(view: SummaryView, detail: Detail): string {
  return [
    headOf(view, textTimes(madeAt(view.freshness))),
    ...view.notes.map((note) => plain(note, detail.text)),
    ...(view.summary.total === 0 ? [emptyText(view)] : []),
    ...sectionsOf(view.summary).flatMap((section) => sectionLines(section, detail)),
    ...typedLines(view.buttons),
  ].join("\n");
}

function headOf(view: SummaryView, times: Times): string {
  return `Summary: ${totalsOf(view)} · ${freshnessOf(view.freshness, times)}`;
}

function sectionData({ title, rows }: Section, detail: Detail): SectionData {
  const { shown, more } = firstOf(rows, detail.bars);
  return {
    title,
    rows: shown.map(({ label, tone, bar, number }) => ({
      label: labelOf(label, tone),
      color: isProblem(tone) ? COLOURS[tone] : "default",
      weight: tone === "bad" ? "bolder" : "default",
      bar,
      number,
    })),
    hasMore: more > 0,
    more: `and ${more} more`,
  };
}

function sectionLines({ title, rows }: Section, detail: Detail): readonly string[] {
  const { shown, more } = firstOf(rows, detail.items);
  return [
    title,
    ...shown.map(({ label, tone, said }) => `${labelOf(label, tone)}: ${said}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function sectionsOf(summary: Summary): readonly Section[] {
  const sections = [
    { title: "By status", rows: statusRows(summary) },
    { title: "By package, of those who have it", rows: packageRows(summary) },
    { title: "By error or warning code", rows: codeRows(summary) },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function statusRows({ byStatus, total }: Summary): readonly Row[] {
  const rows = byStatus.map(({ key, customers }): Row => {
    const tone = customerTone(key);
    const bar = barOf([{ tone, count: customers }], total);
    return { label: statusWord(key), tone, bar, number: digits(customers), said: digits(customers) };
  });
  return ORDER.flatMap((tone) => rows.filter((row) => row.tone === tone));
}

/** Those with most in error first, then those with most under way. */
function packageRows({ byPackage }: Summary): readonly Row[] {
  return byPackage
    .toSorted((a, b) => b.bad - a.bad || b.moving - a.moving || b.good - a.good)
    .map(({ name, bad, moving, good }) => {
      const counts = [
        { tone: "bad", count: bad, word: "in error" },
        { tone: "moving", count: moving, word: "under way" },
        { tone: "good", count: good, word: "provisioned" },
      ] as const;
      const there = counts.filter(({ count }) => count > 0);
      const whole = bad + moving + good;
      return {
        label: packageName(name),
        tone: there[0]?.tone ?? "quiet",
        bar: barOf(counts, whole),
        number: numberOf(there, whole),
        said: there.map(({ count, word }) => `${digits(count)} ${word}`).join(", ") || "0",
      };
    });
}

/** `12 error of 97`, with a word where the bar would speak by colour alone; `97` where all is well. */
function numberOf(there: readonly { readonly tone: Tone; readonly count: number }[], whole: number): string {
  const words = { bad: "error", moving: "moving" } as const;
  const unwell = there.flatMap(({ tone, count }) =>
    tone === "bad" || tone === "moving" ? [`${digits(count)} ${words[tone]}`] : [],
  );
  return unwell.length === 0 ? digits(whole) : `${unwell.join(", ")} of ${digits(whole)}`;
}

/** Codes are few among many customers: the commonest has the full bar. */
function codeRows({ byCode }: Summary): readonly Row[] {
  const most = Math.max(0, ...byCode.map(({ customers }) => customers));
  return byCode.map(({ key, customers }) => ({
    label: plain(key, 20),
    tone: "quiet",
    bar: barOf([{ tone: "quiet", count: customers }], most),
    number: counted(customers, "customer"),
    said: counted(customers, "customer"),
  }));
}

function labelOf(label: string, tone: Tone): string {
  return tone === "quiet" ? label : `${GLYPHS[tone]} ${label}`;
}

function isProblem(tone: Tone): boolean {
  return tone === "bad" || tone === "warning";
}

function totalsOf({ summary: { total, byPackage }, filter, subpartner }: SummaryView): string {
  const packages = byPackage.reduce((sum, { bad, moving, good }) => sum + bad + moving + good, 0);
  const counts = [counted(total, "customer"), packages === 0 ? "" : counted(packages, "package")];
  return joined([...counts, plain(filter, 200), scopeOf(subpartner)], " · ");
}

function emptyText({ filter, freshness }: SummaryView): string {
  if (!isComplete(freshness)) return "Nothing of what was read so far can be counted.";
  return filter === "" ? "There are no customers yet." : "No customer matches.";
}
