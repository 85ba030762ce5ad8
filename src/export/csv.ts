import { stringify } from "csv-stringify/sync";
import type { CustomerRecord } from "../domain/customers/record.ts";
import { escapeFormula } from "./cell.ts";
import { CSV_COLUMNS } from "./columns.ts";

/** Rows written at a time: some 100 KB, and a few milliseconds. */
const BATCH = 250;

type Csv = (records: AsyncIterable<CustomerRecord>) => AsyncIterable<Uint8Array>;

/**
 * Writes customers as CSV that a spreadsheet opens as it is: UTF-8 with a mark that says so, a line of headings, CRLF.
 * Records are asked for as fast as the pieces are taken, and no faster.
 */
export function createCsv(): Csv {
  return writeCsv;
}

async function* writeCsv(records: AsyncIterable<CustomerRecord>): AsyncGenerator<Uint8Array> {
  yield encodeRows([Object.keys(CSV_COLUMNS)], { bom: true });
  let rows: (readonly string[])[] = [];
  for await (const record of records) {
    rows.push(Object.values(CSV_COLUMNS).map((cell) => escapeFormula(cell(record))));
    if (rows.length < BATCH) continue;
    yield encodeRows(rows);
    rows = [];
  }
  if (rows.length > 0) yield encodeRows(rows);
}

function encodeRows(
  rows: readonly (readonly string[])[],
  { bom }: { readonly bom: boolean } = { bom: false },
) {
  return Buffer.from(
    stringify([...rows], { bom, record_delimiter: "windows", quoted_match: /[\r\n]|^\s|\s$/ }),
  );
}
