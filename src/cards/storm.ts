import type { StormView } from "../domain/views/views.ts";
import { codesText } from "./alert-line.ts";
import { type DetailLevel, formatList } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines, DOT, keepTogether, NBSP } from "./elements.ts";
import { itemName } from "./items.ts";
import { firstLine, HEADER_STYLES, markLines, withRepeatMark } from "./marks.ts";
import { inLine, shortenWords } from "./plain-text.ts";
import { barOf, type Section, type SectionData, type SectionRow, sectionData, sectionLines } from "./section.ts";
import {
  CARD_TIME_FORMAT,
  COLOURS,
  counted,
  digits,
  formatRoughly,
  joinNonEmpty,
  type TimeFormat,
  type Tone,
  textTimeFormat,
  withGlyph,
} from "./words.ts";

interface StormData {
  readonly style: string;
  readonly title: string;
  readonly color: string;
  readonly totals: string;
  readonly time: string;
  readonly notes: readonly { readonly text: string }[];
  readonly sections: readonly SectionData[];
  readonly hasWorst: boolean;
  readonly worst: readonly { readonly name: string; readonly rest: string }[];
  readonly buttons: readonly ButtonData[];
}

/** Customers listed by name. */
const MAX_WORST = 10;

export function stormCard(view: StormView, detail: DetailLevel): StormData {
  const tone = toneOf(view);
  const worst = worstOf(view, detail);
  return {
    style: HEADER_STYLES[tone],
    title: keepTogether(withRepeatMark(view.marks, withGlyph(tone, titleOf(view)))),
    color: COLOURS[tone],
    totals: totalsOf(view)
      .map((piece) => piece.replaceAll(" ", NBSP))
      .join(DOT),
    time: timeOf(view, CARD_TIME_FORMAT),
    notes: markLines(view.marks).map((text) => ({ text })),
    sections: stormSections(view).map((section) => sectionData(section, detail)),
    hasWorst: worst.length > 0,
    worst: worst.map(({ name, rest }) => ({ name: shortenWords(name), rest: rest.join(DOT) })),
    buttons: buttonData(view.buttons),
  };
}

export function stormText(view: StormView, detail: DetailLevel): string {
  const worst = worstOf(view, detail);
  return [
    firstLine(view.marks, false, headOf(view)),
    ...markLines(view.marks),
    ...stormSections(view).flatMap((section) => sectionLines(section, detail)),
    ...(worst.length === 0 ? [] : [WORST_TITLE]),
    ...worst.map(({ name, rest }) => `${name}: ${rest.join(" · ")}`),
    ...commandLines(view.buttons),
  ].join("\n");
}

const WORST_TITLE = "Most affected";

/** `✕ Storm: 25 packages of 25 customers in error since 23 Nov, 14:58 UTC, common cause: code 2560 · 20 still in error`. */
function headOf(view: StormView): string {
  const verb = view.state === "active" && view.open > 0 ? ` ${view.what} ` : ", ";
  const what = `${affectedOf(view)}${verb}${timeOf(view, textTimeFormat(view.now))}${causeOf(view)}`;
  return joinNonEmpty(
    [`${withGlyph(toneOf(view), wordOf(view))}: ${what}`, stillOf(view), acknowledgedText(view)],
    " · ",
  );
}

function titleOf(view: StormView): string {
  return `${wordOf(view)}${causeOf(view)}`;
}

function wordOf({ state, since, endedAt }: StormView): string {
  if (state === "active") return "Storm";
  return endedAt === undefined ? "Storm over" : `Storm over after ${formatRoughly(Math.max(0, endedAt - since))}`;
}

function totalsOf(view: StormView): readonly string[] {
  return [affectedOf(view), stillOf(view), acknowledgedText(view)].filter((piece) => piece !== "");
}

function affectedOf({ notified, customers }: StormView): string {
  return `${counted(notified, "package")} of ${counted(customers, "customer")}`;
}

function stillOf({ open, what }: StormView): string {
  return open === 0 ? `none ${what} any more` : `${digits(open)} still ${what}`;
}

function acknowledgedText({ open, acked }: StormView): string {
  return open === 0 ? "" : `${digits(acked)} acknowledged`;
}

function causeOf({ commonCode }: StormView): string {
  return commonCode === undefined ? "" : `, common cause: code ${commonCode}`;
}

function timeOf({ state, since }: StormView, times: TimeFormat): string {
  return `${state === "active" ? "since" : "started"} ${times.dateTime(since)}`;
}

function toneOf({ state, open }: StormView): Tone {
  if (open === 0) return "good";
  return state === "active" ? "bad" : "warning";
}

function stormSections({ byPackage, byCode, what }: StormView): readonly Section[] {
  const packages = byPackage.map(({ item, count }) =>
    rowOf(itemName(item), count, { tone: "bad", most: mostOf(byPackage), text: digits(count) }),
  );
  const codes = byCode.map(({ code, count, customers }) => {
    const text = joinNonEmpty(
      [counted(count, "package"), count === customers ? "" : `of ${counted(customers, "customer")}`],
      " ",
    );
    return rowOf(String(code), count, { tone: "quiet", most: mostOf(byCode), text });
  });
  const sections = [
    { title: `Still ${what}, by package`, rows: packages },
    { title: `Still ${what}, by code`, rows: codes },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

/** The most common one has the full bar. */
function mostOf(counts: readonly { readonly count: number }[]): number {
  return Math.max(0, ...counts.map(({ count }) => count));
}

function rowOf(
  label: string,
  count: number,
  { tone, most, text }: { readonly tone: Tone; readonly most: number; readonly text: string },
): SectionRow {
  return { label, tone, bar: barOf([{ tone, count }], most), number: text, text };
}

function worstOf(
  { worst }: StormView,
  detail: DetailLevel,
): readonly { readonly name: string; readonly rest: readonly string[] }[] {
  return worst.slice(0, MAX_WORST).map(({ title, packages, codes }) => {
    const rest = [formatList(packages.map(itemName), detail.names), codesText(codes.map(String), detail.codes)].filter(
      (piece) => piece !== "",
    );
    return { name: inLine(title, detail.title) || "No name", rest };
  });
}
