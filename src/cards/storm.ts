import type { StormView } from "../domain/replies/views.ts";
import { codeWords } from "./alert-line.ts";
import { barOf } from "./bars.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import { type Detail, listed } from "./detail.ts";
import { itemName } from "./items.ts";
import { HEADS, markLines, opened, repeated } from "./marks.ts";
import { clinging, DOT, HARD_SPACE } from "./parts.ts";
import { inLine, shortWords } from "./plain.ts";
import { type Row, type Section, type SectionData, sectionData, sectionLines } from "./section.ts";
import { CARD_TIMES, roughly, type Times, textTimes } from "./times.ts";
import { COLOURS, counted, digits, glyphed, joined, type Tone } from "./words.ts";

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
  readonly buttons: readonly Press[];
}

/** Customers listed by name. */
const WORST = 10;

export function stormCard(view: StormView, detail: Detail): StormData {
  const tone = toneOf(view);
  const worst = worstOf(view, detail);
  return {
    style: HEADS[tone],
    title: clinging(repeated(view.marks, glyphed(tone, titleOf(view)))),
    color: COLOURS[tone],
    totals: totalsOf(view)
      .map((piece) => piece.replaceAll(" ", HARD_SPACE))
      .join(DOT),
    time: timeOf(view, CARD_TIMES),
    notes: markLines(view.marks).map((text) => ({ text })),
    sections: sectionsOf(view).map((section) => sectionData(section, detail)),
    hasWorst: worst.length > 0,
    worst: worst.map(({ name, rest }) => ({ name: shortWords(name), rest: rest.join(DOT) })),
    buttons: pressesOf(view.buttons),
  };
}

export function stormText(view: StormView, detail: Detail): string {
  const worst = worstOf(view, detail);
  return [
    opened(view.marks, false, headOf(view)),
    ...markLines(view.marks),
    ...sectionsOf(view).flatMap((section) => sectionLines(section, detail)),
    ...(worst.length === 0 ? [] : [WORST_TITLE]),
    ...worst.map(({ name, rest }) => `${name}: ${rest.join(" · ")}`),
    ...typedLines(view.buttons),
  ].join("\n");
}

const WORST_TITLE = "Hit hardest";

/** `✕ Storm: 25 packages of 25 customers in error since 23 Nov, 14:58 UTC, common cause: code 2560 · 20 still in error`. */
function headOf(view: StormView): string {
  const is = view.state === "raging" && view.open > 0 ? ` ${view.what} ` : ", ";
  const what = `${affectedOf(view)}${is}${timeOf(view, textTimes(view.now))}${causeOf(view)}`;
  return joined([`${glyphed(toneOf(view), wordOf(view))}: ${what}`, stillOf(view), takenOf(view)], " · ");
}

function titleOf(view: StormView): string {
  return `${wordOf(view)}${causeOf(view)}`;
}

function wordOf({ state, since, endedAt }: StormView): string {
  if (state === "raging") return "Storm";
  return endedAt === undefined ? "Storm over" : `Storm over after ${roughly(Math.max(0, endedAt - since))}`;
}

function totalsOf(view: StormView): readonly string[] {
  return [affectedOf(view), stillOf(view), takenOf(view)].filter((piece) => piece !== "");
}

function affectedOf({ told, customers }: StormView): string {
  return `${counted(told, "package")} of ${counted(customers, "customer")}`;
}

function stillOf({ open, what }: StormView): string {
  return open === 0 ? `none ${what} any more` : `${digits(open)} still ${what}`;
}

function takenOf({ open, acked }: StormView): string {
  return open === 0 ? "" : `${digits(acked)} taken`;
}

function causeOf({ commonCode }: StormView): string {
  return commonCode === undefined ? "" : `, common cause: code ${commonCode}`;
}

function timeOf({ state, since }: StormView, times: Times): string {
  return `${state === "raging" ? "since" : "begun"} ${times.moment(since)}`;
}

function toneOf({ state, open }: StormView): Tone {
  if (open === 0) return "good";
  return state === "raging" ? "bad" : "warning";
}

function sectionsOf({ byPackage, byCode, what }: StormView): readonly Section[] {
  const packages = byPackage.map(({ item, count }) =>
    rowOf(itemName(item), count, { tone: "bad", most: mostOf(byPackage), said: digits(count) }),
  );
  const codes = byCode.map(({ code, count, customers }) => {
    const said = joined(
      [counted(count, "package"), count === customers ? "" : `of ${counted(customers, "customer")}`],
      " ",
    );
    return rowOf(String(code), count, { tone: "quiet", most: mostOf(byCode), said });
  });
  const sections = [
    { title: `Still ${what}, by package`, rows: packages },
    { title: `Still ${what}, by code`, rows: codes },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

/** The commonest has the full bar. */
function mostOf(counts: readonly { readonly count: number }[]): number {
  return Math.max(0, ...counts.map(({ count }) => count));
}

function rowOf(
  label: string,
  count: number,
  { tone, most, said }: { readonly tone: Tone; readonly most: number; readonly said: string },
): Row {
  return { label, tone, bar: barOf([{ tone, count }], most), number: said, said };
}

function worstOf(
  { worst }: StormView,
  detail: Detail,
): readonly { readonly name: string; readonly rest: readonly string[] }[] {
  return worst.slice(0, WORST).map(({ title, packages, codes }) => {
    const rest = [
      listed(packages.map(itemName), detail.names),
      codeWords(codes.map(String), detail.codes),
    ].filter((piece) => piece !== "");
    return { name: inLine(title, detail.title) || "No name", rest };
  });
}
