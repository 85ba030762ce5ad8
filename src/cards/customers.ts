import type { Customer } from "../domain/customers/customer.ts";
import type { Button, CustomersView } from "../domain/replies/views.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import type { Detail } from "./detail.ts";
import { freshnessOf, isComplete, madeAt, scopeOf } from "./freshness.ts";
import { DOT, HARD_SPACE, lineOf, type Part, part, type Run, runsOf } from "./parts.ts";
import { exact, inLine, plain, shortWords } from "./plain.ts";
import { summaryOf } from "./status-line.ts";
import { CARD_TIMES, textTimes } from "./times.ts";
import { counted, digits, joined, nameOf, placeOf } from "./words.ts";

/** The id of the picker, as a button `takes` it. */
const PICKER = "customer";

interface CustomersData {
  readonly range: string;
  readonly filter: string;
  readonly freshness: string;
  readonly notes: readonly { readonly text: string; readonly color: string }[];
  readonly isEmpty: boolean;
  readonly emptyText: string;
  readonly rows: readonly RowData[];
  readonly hasShortRows: boolean;
  readonly shortRows: readonly RowData[];
  readonly hasPicker: boolean;
  readonly choices: readonly { readonly title: string; readonly value: string }[];
  readonly buttons: readonly Press[];
}

interface RowData {
  readonly number: string;
  readonly title: string;
  readonly hasPlace: boolean;
  /** Place and external id. */
  readonly place: string;
  readonly isFirst: boolean;
  readonly summary: readonly Run[];
}

export function customersCard(view: CustomersView, detail: Detail): CustomersData {
  const hasPicker = detail.picker && view.customers.length > 0;
  const rows = view.customers.map((customer, i) =>
    rowData(customer, view.firstRow + i, { detail, isFirst: i === 0 }),
  );
  return {
    range: rangeOf(view),
    filter: filterOf(view),
    freshness: freshnessOf(view.freshness, CARD_TIMES),
    notes: [
      ...view.notes.map((note) => ({ text: plain(note, detail.text), color: "default" })),
      ...unreadableNote(view).map((text) => ({ text: `! ${text}`, color: "warning" })),
    ],
    isEmpty: view.customers.length === 0,
    emptyText: emptyText(view),
    rows: detail.shortRows ? [] : rows,
    hasShortRows: detail.shortRows,
    shortRows: detail.shortRows ? rows : [],
    hasPicker,
    choices: view.customers.map((customer, i) => choice(customer, view.firstRow + i, detail)),
    buttons: pressesOf(view.buttons.filter((button) => hasPicker || !takesPicker(button))),
  };
}

export function customersText(view: CustomersView, detail: Detail): string {
  const freshness = freshnessOf(view.freshness, textTimes(madeAt(view.freshness)));
  const head = `Customers: ${rangeOf(view)} · ${filterOf(view)} · ${freshness}`;
  const rows = view.customers.map((customer, i) => rowText(customer, view.firstRow + i, detail));
  return [
    head,
    ...view.notes.map((note) => plain(note, detail.text)),
    ...unreadableNote(view),
    ...(rows.length === 0 ? [emptyText(view)] : rows),
    ...(view.buttons.some(takesPicker) && rows.length > 0
      ? [`Open one by its number: open ${view.firstRow}`]
      : []),
    ...typedLines(view.buttons),
  ].join("\n");
}

function rowData(
  customer: Customer,
  row: number,
  { detail, isFirst }: { readonly detail: Detail; readonly isFirst: boolean },
): RowData {
  const where = [placeOf(customer.address), shortWords(inLine(externalIdOf(customer), 40))];
  const place = joined(
    where.map((piece) => piece.replaceAll(" ", HARD_SPACE)),
    DOT,
  );
  const shortId = detail.shortRows && detail.ids ? inLine(externalIdOf(customer), 40) : "";
  return {
    number: String(row),
    title: shortWords(joined([nameOf(customer, detail.title), shortId], DOT)),
    hasPlace: place !== "",
    place,
    isFirst,
    summary: runsOf(detail.shortRows ? shortSummary(customer, detail) : summaryOf(customer, detail)),
  };
}

/** The worst of it, in a few words. */
function shortSummary(customer: Customer, detail: Detail): readonly Part[] {
  const [worst] = summaryOf(customer, detail);
  if (worst === undefined) return [];
  return [worst.tone === "good" ? part(worst.tone, worst.word) : worst];
}

function rowText(customer: Customer, row: number, detail: Detail): string {
  const place = detail.shortRows ? "" : placeOf(customer.address);
  const externalId = detail.ids ? exact(externalIdOf(customer)) : "";
  const who = joined([nameOf(customer, detail.title), place], ", ");
  return `${row}. ${joined([who, externalId && `(${externalId})`], " ")}: ${lineOf(summaryOf(customer, detail))}`;
}

/** The external id, where the title is not that already. */
function externalIdOf({ name, externalId }: Customer): string {
  return name === undefined || externalId === undefined ? "" : externalId;
}

function choice(customer: Customer, row: number, detail: Detail): { title: string; value: string } {
  const word = summaryOf(customer, detail)[0]?.word ?? "";
  return { title: `${row}. ${nameOf(customer, detail.choice)} — ${word}`, value: customer.id };
}

/** The API says no total, only whether more follow; the snapshot knows it, and in its first reading a part of it. */
function rangeOf({ customers, firstRow, hasMore, total, freshness }: CustomersView): string {
  const all = total === undefined ? "" : `of ${digits(total)}${isComplete(freshness) ? "" : " so far"}`;
  if (customers.length === 0) return total ? `none ${all}` : "none";
  const last = digits(firstRow + customers.length - 1);
  const range = customers.length === 1 ? last : `${digits(firstRow)}–${last}`;
  if (total !== undefined) return `${range} ${all}`;
  return hasMore ? `${range}, more follow` : range;
}

function filterOf({ filter, subpartner }: CustomersView): string {
  return joined([plain(filter, 200) || "all customers", scopeOf(subpartner)], " · ");
}

function unreadableNote({ unreadable }: CustomersView): readonly string[] {
  if (unreadable === 0) return [];
  return [
    `${counted(unreadable, "row")} could not be read and ${unreadable === 1 ? "is" : "are"} not shown.`,
  ];
}

function emptyText({ filter, page, unreadable, freshness }: CustomersView): string {
  if (unreadable > 0) return "There is nothing else on this page.";
  if (!isComplete(freshness)) return "No customer that was read so far matches.";
  if (page > 1) return `Page ${page} is empty: the list ends before it.`;
  if (filter === "") return "There are no customers yet. As soon as one is created, it shows here.";
  return "No customer matches. A filter with fewer conditions finds more.";
}

function takesPicker({ takes }: Button): boolean {
  return takes?.includes(PICKER) ?? false;
}
