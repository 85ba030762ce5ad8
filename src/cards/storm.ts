import type { ErrorCodes } from "../domain/alerts/error-codes.ts";
import { formatRoughly } from "../domain/views/text.ts";
import type { StormView } from "../domain/views/views.ts";
import { codesText } from "./alert-line.ts";
import { type DetailLevel, formatList } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines, DOT, keepTogether, NBSP } from "./elements.ts";
import { itemName } from "./items.ts";
import { firstLine, HEADER_STYLES, markLines, withRepeatMark } from "./marks.ts";
import { inLine, shortenWords } from "./plain-text.ts";
import { commonReason, webexStatusLines } from "./reasons.ts";
import { barOf, type Section, type SectionData, type SectionRow, sectionData, sectionLines } from "./section.ts";
import {
  asOfText,
  CARD_TIME_FORMAT,
  COLOURS,
  counted,
  digits,
  formatWhen,
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

export function stormCard(view: StormView, detail: DetailLevel, codes: ErrorCodes): StormData {
  const tone = toneOf(view);
  const worst = worstOf(view, detail);
  return {
    style: HEADER_STYLES[tone],
    title: keepTogether(withRepeatMark(view.marks, withGlyph(tone, titleOf(view)))),
    color: COLOURS[tone],
    totals: totalsOf(view)
      .map((piece) => piece.replaceAll(" ", NBSP))
      .join(DOT),
    time: [
      `${beganOf(view)} ${formatWhen(view.since, view.now, CARD_TIME_FORMAT)}`,
      asOfText(view.now, CARD_TIME_FORMAT).replace("A", "a"),
    ].join(DOT),
    notes: notesOf(view, detail, codes).map((text) => ({ text })),
    sections: stormSections(view).map((section) => sectionData(section, detail)),
    hasWorst: worst.length > 0,
    worst: worst.map(({ name, rest }) => ({ name: shortenWords(name), rest: keepTogether(rest.join(DOT)) })),
    buttons: buttonData(view.buttons),
  };
}

export function stormText(view: StormView, detail: DetailLevel, codes: ErrorCodes): string {
  const worst = worstOf(view, detail);
  return [
    firstLine(view.marks, false, headOf(view)),
    ...notesOf(view, detail, codes),
    ...stormSections(view).flatMap((section) => sectionLines(section, detail)),
    ...(worst.length === 0 ? [] : [WORST_TITLE]),
    ...worst.map(({ name, rest }) => `${name}: ${rest.join(" · ")}`),
    asOfText(view.now, textTimeFormat(view.now)),
    ...commandLines(view.buttons),
  ].join("\n");
}

const WORST_TITLE = "Most affected";

/** `✕ Storm: 25 packages of 25 customers in error since 23 Nov, 14:58 UTC, common cause: code 2560 · 20 still in error`. */
function headOf(view: StormView): string {
  const verb = view.state === "active" && view.open > 0 ? ` ${view.what} ` : ", ";
  const what = `${affectedOf(view)}${verb}${timeOf(view, textTimeFormat(view.now))}${causeOf(view)}`;
  return joinNonEmpty([`${withGlyph(toneOf(view), wordOf(view))}: ${what}`, ...outcomesOf(view)], " · ");
}

function titleOf(view: StormView): string {
  return `${wordOf(view)}${causeOf(view)}`;
}

function wordOf(view: StormView): string {
  const { state, since, endedAt } = view;
  if (state === "active") return "Storm";
  const word = isOver(view) ? "Storm over" : "Storm no longer growing";
  return endedAt === undefined ? word : `${word} after ${formatRoughly(Math.max(0, endedAt - since))}`;
}

/** Never while one of its packages is in error, or may be (ALERTS 21). */
const isOver = ({ open, flapping }: StormView): boolean => open + flapping === 0;

function totalsOf(view: StormView): readonly string[] {
  return [affectedOf(view), ...outcomesOf(view)].filter((piece) => piece !== "");
}

/** The outcome of all of them: `20 still in error`, `3 acknowledged`, `4 recovered`, `1 removed while in error`. */
function outcomesOf(view: StormView): readonly string[] {
  const { recovered, removed, flapping, what } = view;
  return [
    stillOf(view),
    acknowledgedText(view),
    recovered === 0 ? "" : `${digits(recovered)} recovered`,
    removed === 0 ? "" : `${digits(removed)} removed while ${what}`,
    flapping === 0 ? "" : `${digits(flapping)} flapping`,
  ];
}

function notesOf(view: StormView, detail: DetailLevel, codes: ErrorCodes): readonly string[] {
  const { marks, before, commonCode } = view;
  const more = `${digits(before)} more with the same code ${before === 1 ? "has its own message" : "have their own messages"}.`;
  const reason = isOver(view) ? [] : commonReason(commonCode, detail, codes);
  return [...reason, ...webexStatusLines(view, detail), ...markLines(marks, detail), ...(before === 0 ? [] : [more])];
}

function affectedOf({ notified, customers }: StormView): string {
  return `${counted(notified, "package")} of ${counted(customers, "customer")}`;
}

function stillOf(view: StormView): string {
  const { open, what } = view;
  if (open > 0) return `${digits(open)} still ${what}`;
  return isOver(view) ? `none ${what} any more` : "";
}

function acknowledgedText({ open, acked }: StormView): string {
  return open === 0 ? "" : `${digits(acked)} acknowledged`;
}

function causeOf({ commonCode }: StormView): string {
  return commonCode === undefined ? "" : `, common cause: code ${commonCode}`;
}

function timeOf(view: StormView, times: TimeFormat): string {
  return `${beganOf(view)} ${times.dateTime(view.since)}`;
}

const beganOf = ({ state }: StormView): string => (state === "active" ? "since" : "started");

function toneOf(view: StormView): Tone {
  if (isOver(view)) return "good";
  return view.state === "active" ? "bad" : "warning";
}

function stormSections({ byPackage, byCode, what }: StormView): readonly Section[] {
  const packages = byPackage.map(({ item, count }) =>
    rowOf(itemName(item), count, { tone: "bad", most: mostOf(byPackage), text: digits(count) }),
  );
  const codes = byCode.map(({ code, count, customers }) => {
    const text = count === customers ? digits(count) : `${digits(count)} at ${counted(customers, "customer")}`;
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
  { worst, commonCode }: StormView,
  detail: DetailLevel,
): readonly { readonly name: string; readonly rest: readonly string[] }[] {
  return worst.slice(0, MAX_WORST).map(({ title, packages, codes }) => {
    const others = codes.filter((code) => code !== commonCode).map(String);
    const rest = [formatList(packages.map(itemName), detail.names), codesText(others, detail.codes)].filter(
      (piece) => piece !== "",
    );
    return { name: inLine(title, detail.title) || "No name", rest };
  });
}
