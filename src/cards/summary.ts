import type { SummaryView } from "../domain/views/views.ts";
import type { DetailLevel } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines } from "./elements.ts";
import { freshnessOf, isComplete, madeAt, scopeText } from "./freshness.ts";
import { plain } from "./plain-text.ts";
import { type SectionData, sectionData, sectionLines, summarySections } from "./section.ts";
import { CARD_TIME_FORMAT, counted, joinNonEmpty, type TimeFormat, textTimeFormat } from "./words.ts";

interface SummaryData {
  /** `97 customers · 288 packages · country=DE · for Acme Reseller` */
  readonly totals: string;
  readonly freshness: string;
  readonly notes: readonly { readonly text: string }[];
  readonly isEmpty: boolean;
  readonly emptyText: string;
  readonly sections: readonly SectionData[];
  readonly buttons: readonly ButtonData[];
}

export function summaryCard(view: SummaryView, detail: DetailLevel): SummaryData {
  return {
    totals: totalsOf(view),
    freshness: freshnessOf(view.freshness, CARD_TIME_FORMAT),
    notes: view.notes.map((note) => ({ text: plain(note, detail.text) })),
    isEmpty: view.summary.total === 0,
    emptyText: emptyText(view),
    sections: summarySections(view.summary).map((section) => sectionData(section, detail)),
    buttons: buttonData(view.buttons),
  };
}

export function summaryText(view: SummaryView, detail: DetailLevel): string {
  return [
    headOf(view, textTimeFormat(madeAt(view.freshness))),
    ...view.notes.map((note) => plain(note, detail.text)),
    ...(view.summary.total === 0 ? [emptyText(view)] : []),
    ...summarySections(view.summary).flatMap((section) => sectionLines(section, detail)),
    ...commandLines(view.buttons),
  ].join("\n");
}

function headOf(view: SummaryView, times: TimeFormat): string {
  return `Summary: ${totalsOf(view)} · ${freshnessOf(view.freshness, times)}`;
}

function totalsOf({ summary: { total, byPackage }, filter, subpartner }: SummaryView): string {
  const packages = byPackage.reduce((sum, { bad, moving, good }) => sum + bad + moving + good, 0);
  const counts = [counted(total, "customer"), packages === 0 ? "" : counted(packages, "package")];
  return joinNonEmpty([...counts, plain(filter, 200), scopeText(subpartner)], " · ");
}

function emptyText({ filter, freshness }: SummaryView): string {
  if (!isComplete(freshness)) return "No customer that was read so far matches.";
  return filter === "" ? "There are no customers yet." : "No customer matches.";
}
