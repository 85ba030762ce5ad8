import type { Customer } from "../domain/customers/customer.ts";
import type { Button, CustomersView } from "../domain/views/views.ts";
import type { DetailLevel } from "./detail-level.ts";
import {
  type ButtonData,
  buttonData,
  commandLines,
  DOT,
  NBSP,
  partsText,
  type StatusPart,
  statusPart,
  type TextRun,
  textRuns,
} from "./elements.ts";
import { freshnessOf, isComplete, madeAt, scopeText } from "./freshness.ts";
import { exactId, inLine, plain, shortenWords } from "./plain-text.ts";
import { statusParts } from "./status-line.ts";
import {
  CARD_TIME_FORMAT,
  COLOURS,
  counted,
  digits,
  joinNonEmpty,
  nameOf,
  placeOf,
  type TimeFormat,
  textTimeFormat,
  withGlyph,
} from "./words.ts";

/** The id of the picker among the inputs of a button. */
const PICKER = "customer";

interface CustomersData {
  /** The rows, the filter, and how old they are. */
  readonly about: string;
  readonly notes: readonly { readonly text: string; readonly color: string }[];
  readonly isEmpty: boolean;
  readonly emptyText: string;
  readonly rows: readonly RowData[];
  readonly hasShortRows: boolean;
  readonly shortRows: readonly RowData[];
  readonly hasPicker: boolean;
  readonly choices: readonly { readonly title: string; readonly value: string }[];
  readonly buttons: readonly ButtonData[];
}

interface RowData {
  readonly number: string;
  readonly title: string;
  readonly hasPlace: boolean;
  /** Place and external id. */
  readonly place: string;
  readonly isFirst: boolean;
  readonly summary: readonly TextRun[];
}

export function customersCard(view: CustomersView, detail: DetailLevel): CustomersData {
  const hasPicker = detail.picker && view.customers.length > 0;
  const omitsError = areAllInError(view, detail);
  const listed = view.customers.map((customer, i) => ({
    customer,
    row: view.firstRow + i,
    isFirst: i === 0,
    parts: statusParts(customer, { ...detail, omitsError }),
  }));
  const rows = listed.map((one) => rowData(one, detail));
  return {
    about: aboutOf(view, CARD_TIME_FORMAT),
    notes: [
      ...view.notes.map((note) => ({ text: plain(note, detail.text), color: "default" })),
      ...unreadableNote(view).map((text) => ({ text: `! ${text}`, color: "warning" })),
      ...(omitsError ? [{ text: ALL_IN_ERROR, color: COLOURS.bad }] : []),
    ],
    isEmpty: view.customers.length === 0,
    emptyText: emptyText(view, detail),
    rows: detail.shortRows ? [] : rows,
    hasShortRows: detail.shortRows,
    shortRows: detail.shortRows ? rows : [],
    hasPicker,
    choices: listed.map((one) => choice(one, omitsError, detail)),
    buttons: buttonData(view.buttons.filter((button) => hasPicker || !takesPicker(button))),
  };
}

export function customersText(view: CustomersView, detail: DetailLevel): string {
  const head = `Customers: ${aboutOf(view, textTimeFormat(madeAt(view.freshness)))}`;
  const omitsError = areAllInError(view, detail);
  const rows = view.customers.map((customer, i) => rowText(customer, view.firstRow + i, { ...detail, omitsError }));
  return [
    head,
    ...view.notes.map((note) => plain(note, detail.text)),
    ...unreadableNote(view),
    ...(omitsError ? [ALL_IN_ERROR] : []),
    ...(rows.length === 0 ? [emptyText(view, detail)] : rows),
    ...(view.buttons.some(takesPicker) && rows.length > 0 ? [`Open one by its number: open ${view.firstRow}`] : []),
    ...commandLines(view.buttons),
  ].join("\n");
}

const ALL_IN_ERROR = withGlyph("bad", "Error: all of these");

/** Their rows need not say so one by one. */
function areAllInError({ customers }: CustomersView, detail: DetailLevel): boolean {
  return customers.length > 1 && customers.every((customer) => statusParts(customer, detail)[0]?.tone === "bad");
}

interface ListedCustomer {
  readonly customer: Customer;
  readonly row: number;
  readonly isFirst: boolean;
  readonly parts: readonly StatusPart[];
}

function rowData({ customer, row, isFirst, parts }: ListedCustomer, detail: DetailLevel): RowData {
  const where = [placeOf(customer.address), shortenWords(inLine(externalIdOf(customer), 40))];
  const place = joinNonEmpty(
    where.map((piece) => piece.replaceAll(" ", NBSP)),
    DOT,
  );
  const shortId = detail.shortRows && detail.ids ? inLine(externalIdOf(customer), 40) : "";
  return {
    number: String(row),
    title: shortenWords(joinNonEmpty([nameOf(customer, detail.title), shortId], DOT)),
    hasPlace: place !== "",
    place,
    isFirst,
    summary: textRuns(detail.shortRows ? shortSummary(parts) : parts),
  };
}

/** The worst part only. */
function shortSummary([worst]: readonly StatusPart[]): readonly StatusPart[] {
  if (worst === undefined) return [];
  return [worst.tone === "good" ? statusPart(worst.tone, worst.word) : worst];
}

function rowText(customer: Customer, row: number, detail: DetailLevel & { readonly omitsError: boolean }): string {
  const place = detail.shortRows ? "" : placeOf(customer.address);
  const externalId = detail.ids ? exactId(externalIdOf(customer)) : "";
  const who = joinNonEmpty([nameOf(customer, detail.title), place], ", ");
  return `${row}. ${joinNonEmpty([who, externalId && `(${externalId})`], " ")}: ${partsText(statusParts(customer, detail))}`;
}

/** Empty where the external id is the title. */
function externalIdOf({ name, externalId }: Customer): string {
  return name === undefined || externalId === undefined ? "" : externalId;
}

function choice(
  { customer, row, parts }: ListedCustomer,
  omitsError: boolean,
  detail: DetailLevel,
): { title: string; value: string } {
  const word = omitsError ? "" : ` — ${parts[0]?.word ?? ""}`;
  return { title: `${row}. ${nameOf(customer, detail.choice)}${word}`, value: customer.id };
}

function aboutOf(view: CustomersView, times: TimeFormat): string {
  return joinNonEmpty([rangeOf(view), filterOf(view), freshnessOf(view.freshness, times)], " · ");
}

/**
 * Only the snapshot has a total, a partial one during its first sweep; the API only reports whether more follow. Empty where
 * there are none: a sentence says so.
 */
function rangeOf({ customers, firstRow, hasMore, total, freshness }: CustomersView): string {
  const all = total === undefined ? "" : `of ${digits(total)}${isComplete(freshness) ? "" : " so far"}`;
  if (customers.length === 0) return total ? `none ${all}` : "";
  const last = digits(firstRow + customers.length - 1);
  const range = customers.length === 1 ? last : `${digits(firstRow)}–${last}`;
  if (total !== undefined) return `${range} ${all}`;
  return hasMore ? `${range}, more follow` : range;
}

function filterOf({ filter, subpartner }: CustomersView): string {
  return joinNonEmpty([plain(filter, 200) || "all customers", scopeText(subpartner)], " · ");
}

function unreadableNote({ unreadable }: CustomersView): readonly string[] {
  if (unreadable === 0) return [];
  return [`${counted(unreadable, "row")} could not be read and ${unreadable === 1 ? "is" : "are"} not shown.`];
}

function emptyText({ filter, page, nothing, unreadable, freshness }: CustomersView, detail: DetailLevel): string {
  if (unreadable > 0) return "There is nothing else on this page.";
  if (!isComplete(freshness)) return "No customer that was read so far matches.";
  if (page > 1) return `Page ${page} is empty: the list ends before it.`;
  if (filter === "") return "There are no customers yet. As soon as one is created, it shows here.";
  if (nothing !== undefined) return plain(nothing, detail.text);
  return "No customer matches. A filter with fewer conditions finds more.";
}

function takesPicker({ inputs }: Button): boolean {
  return inputs?.includes(PICKER) ?? false;
}
