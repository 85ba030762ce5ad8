import { stringify } from "csv-stringify/sync";
import { type AuditRow, whoTitle } from "./domain/audit.ts";
import type { Customer, Problem } from "./domain/customers/customer.ts";
import type { CustomerRecord } from "./domain/customers/record.ts";

/**
 * Where a spreadsheet may see the beginning of a formula: an operator (plain, full-width or small), also after blanks, invisible
 * characters or quotes; or a tab or a line break, which some spreadsheets remove first. Each at the start of a cell, or after a
 * semicolon, a tab or a line break, where a spreadsheet that separates by those begins another cell.
 */
const FORMULA = /^(?=[\t\r\n])|(?<=^|[;\t\r\n])(?=[\s\p{Cc}\p{Cf}"'‘’“”`]*[=+\-@＝＋－＠﹦﹢﹣﹫])/gu;

/** A cell that every spreadsheet opens as this text, with an apostrophe before each would-be formula, and never as a formula. */
export function escapeFormula(text: string): string {
  return text.replace(FORMULA, "'");
}

/** Columns have the names of the filter fields, values the spelling of the API, so that they can be used in commands. */
export const CSV_COLUMNS: Columns<CustomerRecord> = {
  name: ({ customer }) => customer.name ?? "",
  externalId: ({ customer }) => customer.externalId ?? "",
  status: ({ customer }) => customer.status,
  packages: ({ customer }) => statuses(customer.packages),
  packagesInError: ({ customer }) => packagesInError(customer),
  codes: ({ customer }) => codesCell(customer),
  problems: ({ customer }) => problemsCell(customer),
  addOns: ({ customer }) => statuses(customer.addOns),
  line1: ({ customer }) => customer.address.line1 ?? "",
  line2: ({ customer }) => customer.address.line2 ?? "",
  city: ({ customer }) => customer.address.city ?? "",
  state: ({ customer }) => customer.address.state ?? "",
  zip: ({ customer }) => customer.address.zip ?? "",
  country: ({ customer }) => customer.address.country ?? "",
  firstSeen: ({ firstSeenAt }) => new Date(firstSeenAt).toISOString(),
  changed: ({ changedAt }) => new Date(changedAt).toISOString(),
  customerId: ({ customer }) => customer.id,
  orgId: ({ customer }) => customer.orgId ?? "",
};

interface NamedStatus {
  readonly name: string;
  readonly status: string;
}

/** `webex_calling: error, webex_suite: provisioned`. */
function statuses(items: readonly NamedStatus[]): string {
  return items.map(({ name, status }) => `${name}: ${status}`).join(", ");
}

function packagesInError({ packages }: Customer): string {
  return packages
    .filter(({ status }) => status === "error")
    .map(({ name }) => name)
    .join(", ");
}

function codesCell(customer: Customer): string {
  const codes = allProblems(customer).flatMap(({ problem: { code } }) => (code === undefined ? [] : [code]));
  return [...new Set(codes)].join(", ");
}

/** `webex_calling: error 10022 The address … | customer: warning …`. */
function problemsCell(customer: Customer): string {
  return allProblems(customer)
    .map(({ of, problem: { level, code, text } }) =>
      [`${of}: ${level}`, code, text].filter((piece) => piece !== undefined && piece !== "").join(" "),
    )
    .join(" | ");
}

/** All errors and warnings, with the item that each belongs to. */
function allProblems(customer: Customer): readonly { readonly of: string; readonly problem: Problem }[] {
  const items = [{ name: "customer", problems: customer.problems }, ...customer.packages, ...customer.addOns];
  return items.flatMap(({ name, problems }) => problems.map((problem) => ({ of: name, problem })));
}

/** Rows that are encoded at a time: about 100 KB, a few milliseconds. */
const BATCH = 250;

type Columns<T> = Readonly<Record<string, (record: T) => string>>;

/**
 * Writes records as CSV for spreadsheets: UTF-8 with a byte order mark, a line of headings, CRLF. Records are read only as fast
 * as the chunks are consumed.
 */
async function* writeTable<T>(columns: Columns<T>, records: AsyncIterable<T>): AsyncGenerator<Uint8Array> {
  yield encodeRows([Object.keys(columns)], { bom: true });
  let rows: (readonly string[])[] = [];
  for await (const record of records) {
    rows.push(Object.values(columns).map((cell) => escapeFormula(cell(record))));
    if (rows.length < BATCH) continue;
    yield encodeRows(rows);
    rows = [];
  }
  if (rows.length > 0) yield encodeRows(rows);
}

export const writeCsv = (records: AsyncIterable<CustomerRecord>) => writeTable(CSV_COLUMNS, records);

/** The audit names people by name and id, and not by address. */
const AUDIT_COLUMNS: Columns<AuditRow> = {
  number: ({ id }) => String(id),
  time: ({ at }) => new Date(at).toISOString(),
  who: (row) => whoTitle(row),
  personId: ({ who }) => (who.is === "person" ? who.personId : ""),
  role: ({ role }) => role,
  space: ({ space }) => space,
  roomId: ({ roomId }) => roomId,
  subpartner: ({ scope }) => scope,
  command: ({ command }) => command,
  text: ({ text }) => text,
  pressed: ({ isPress }) => (isPress ? "yes" : "no"),
  outcome: ({ outcome }) => outcome,
  because: ({ because }) => because,
};

export const writeAuditCsv = (rows: AsyncIterable<AuditRow>) => writeTable(AUDIT_COLUMNS, rows);

function encodeRows(rows: readonly (readonly string[])[], { bom }: { readonly bom: boolean } = { bom: false }) {
  return Buffer.from(stringify([...rows], { bom, record_delimiter: "windows", quoted_match: /[\r\n]|^\s|\s$/ }));
}
