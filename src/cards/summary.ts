import type { SummaryView } from "../domain/replies/views.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import type { Detail } from "./detail.ts";
import { freshnessOf, isComplete, madeAt, scopeOf } from "./freshness.ts";
import { plain } from "./plain.ts";
import { type SectionData, sectionData, sectionLines } from "./section.ts";
import { sectionsOf } from "./sections.ts";
import { CARD_TIMES, type Times, textTimes } from "./times.ts";
import { counted, joined } from "./words.ts";

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

function totalsOf({ summary: { total, byPackage }, filter, subpartner }: SummaryView): string {
  const packages = byPackage.reduce((sum, { bad, moving, good }) => sum + bad + moving + good, 0);
  const counts = [counted(total, "customer"), packages === 0 ? "" : counted(packages, "package")];
  return joined([...counts, plain(filter, 200), scopeOf(subpartner)], " · ");
}

function emptyText({ filter, freshness }: SummaryView): string {
  if (!isComplete(freshness)) return "Nothing of what was read so far can be counted.";
  return filter === "" ? "There are no customers yet." : "No customer matches.";
}
