import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeFormula, writeAuditCsv, writeCsv } from "../src/csv.ts";
import type { Customer, Problem } from "../src/domain/customers/customer.ts";
import type { CustomerRecord } from "../src/domain/customers/record.ts";
import { customer } from "./cards/card-fixtures.ts";

const maintenance: Problem = { level: "warning", code: 2560, text: "Calling is unavailable, try later." };
const taken: Problem = { level: "error", code: 10022, text: "The address is taken." };
const [SEEN_AT, CHANGED_AT] = [Date.UTC(2026, 10, 1, 9), Date.UTC(2026, 10, 23, 15)];

const record = (parts: Partial<Customer> = {}): CustomerRecord => ({
  customer: customer(parts),
  firstSeenAt: SEEN_AT,
  changedAt: CHANGED_AT,
  since: {},
});

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function written(records: Iterable<CustomerRecord>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeCsv(each(records))) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

/** RFC 4180, as a spreadsheet reads it. */
function read(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  for (let at = 0; at < text.length; at = CELL.lastIndex) {
    CELL.lastIndex = at;
    const found = CELL.exec(text);
    if (found === null) throw new Error(`no cell at ${at}: ${text.slice(at, at + 20)}`);
    const [, quoted, bare = "", end] = found;
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === "\r\n" && CELL.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

async function rowsOf(records: Iterable<CustomerRecord>): Promise<readonly Readonly<Record<string, string>>[]> {
  const [head = [], ...rows] = read((await written(records)).slice(1));
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ""])));
}

test("begins with the mark of UTF-8, and a line of headings even when nobody matches", async () => {
  const text = await written([]);
  expect(text).toBe(
    "\uFEFFname,externalId,status,packages,packagesInError,codes,problems,addOns,line1,line2,city,state,zip,country,firstSeen,changed,customerId,orgId\r\n",
  );
});

test("a customer is a row, with all that is known of it", async () => {
  const street = { line1: "12 rue de la République", line2: "Bât. B" };
  const address = { ...street, city: "Lyon", state: "ARA", zip: "69002", country: "FR" };
  const rows = await rowsOf([
    record({
      name: "Müller, “Söhne” & Co",
      orgId: "Y2lzORG",
      address,
      status: "provisioned_with_errors",
      packages: [
        { name: "webex_calling", status: "error", problems: [maintenance, taken] },
        { name: "webex_suite", status: "provisioned", problems: [] },
        { name: "webex_voice", status: "error", problems: [maintenance] },
      ],
      addOns: [{ name: "meetings_toll_dialin", status: "provisioning", problems: [] }],
      problems: [{ level: "error", text: "No code." }],
    }),
  ]);
  expect(rows).toEqual([
    {
      name: "Müller, “Söhne” & Co",
      externalId: "ACME_01",
      status: "provisioned_with_errors",
      packages: "webex_calling: error, webex_suite: provisioned, webex_voice: error",
      packagesInError: "webex_calling, webex_voice",
      codes: "2560, 10022",
      problems:
        "customer: error No code. | webex_calling: warning 2560 Calling is unavailable, try later. | webex_calling: error 10022 The address is taken. | webex_voice: warning 2560 Calling is unavailable, try later.",
      addOns: "meetings_toll_dialin: provisioning",
      ...address,
      firstSeen: "2026-11-01T09:00:00.000Z",
      changed: "2026-11-23T15:00:00.000Z",
      customerId: "Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvMQ",
      orgId: "Y2lzORG",
    },
  ]);
});

test("as many rows as customers, whatever is in them", async () => {
  const names = ["plain", "two\r\nlines", "a\nb", "a\rb", '"', ",", ";", "", " "];
  const many = Array.from({ length: 2_001 }, (_, i) => record({ name: names[i % names.length] ?? "" }));
  expect(await rowsOf(many)).toHaveLength(2_001);
});

test.each([
  '=HYPERLINK("http://x")',
  "+49 30 1234",
  "-1",
  "@SUM(A1)",
  "\tplain",
  "  =1",
  '"=1"',
  "'=1",
  "“=1”",
  "\u200b=1",
  "\ufeff=1",
  "\u00a0@x",
  "＝1",
  "＋1",
  "－1",
  "＠x",
  " ﹦1",
])("what a spreadsheet would reckon with opens as text: %j", async (name) => {
  const [row] = await rowsOf([record({ name, externalId: name, address: { city: name } })]);
  expect([row?.name, row?.externalId, row?.city]).toEqual([`'${name}`, `'${name}`, `'${name}`]);
});

test.each([
  ["x;=1+1;y", "x;'=1+1;y"],
  ["x; -1", "x;' -1"],
  ["\t=1", "'\t'=1"],
  ["\r=1", "'\r'=1"],
  ["\n=1", "'\n'=1"],
  ["x\n=1\ny", "x\n'=1\ny"],
  ["=1;+2", "'=1;'+2"],
])("a spreadsheet that separates by semicolons or tabs, or ignores quotes, finds no formula in %j", (text, safe) => {
  expect(escapeFormula(text)).toBe(safe);
});

test.each(["Acme", "3M", "a=b", "ACME-01", "o'Neill", "'quoted'", "名", "", "49 30", "(=1)"])(
  "what is no formula stays as it is: %j",
  (name) => {
    expect(escapeFormula(name)).toBe(name);
  },
);

const foreign = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc
    .array(fc.constantFrom("=", "+", "-", "@", '"', "'", ",", ";", "\r", "\n", "\t", " ", "＝", "a", "1"), {
      maxLength: 8,
    })
    .map((signs) => signs.join("")),
);

const withoutApostrophes = (text: string) => text.replaceAll("'", "");

test("read back, every cell is what the API said, but for apostrophes, and none is a formula", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(foreign, { minLength: 1, maxLength: 8 }), async (texts) => {
      const records = texts.map((text) =>
        record({
          name: text,
          externalId: text,
          status: text,
          address: { line1: text, country: text },
          orgId: text,
        }),
      );
      const rows = await rowsOf(records);
      expect(rows).toHaveLength(texts.length);
      for (const [i, text] of texts.entries())
        for (const column of ["name", "externalId", "status", "line1", "country", "orgId"]) {
          const cell = rows[i]?.[column] ?? "";
          expect(withoutApostrophes(cell)).toBe(withoutApostrophes(text));
          expect(cell).not.toMatch(/(?:^|[;\t\r\n])[\s"]*[=+\-@＝＋－＠]|^[\t\r]/);
        }
    }),
  );
});

test("records are read as they are consumed, and stopping early closes the source", async () => {
  let asked = 0;
  let closed = false;
  async function* endless(): AsyncGenerator<CustomerRecord> {
    try {
      for (;;) {
        asked += 1;
        yield record();
      }
    } finally {
      closed = true;
    }
  }
  let pieces = 0;
  for await (const piece of writeCsv(endless())) {
    expect(piece.length).toBeLessThan(500_000);
    pieces += 1;
    if (pieces === 3) break;
  }
  expect(asked).toBeLessThan(1_000);
  expect(closed).toBe(true);
});

test("a source that fails half way fails the file: it never looks complete", async () => {
  async function* broken(): AsyncGenerator<CustomerRecord> {
    yield record();
    throw new Error("the database went away");
  }
  await expect(async () => {
    for await (const _ of writeCsv(broken()));
  }).rejects.toThrow("the database went away");
});

test("the audit names people by name and id, never by address, and free text stays data", async () => {
  const row = { id: 7, at: SEEN_AT, role: "viewer", roomId: "war", scope: "", isPress: true, because: "" } as const;
  const asked = { ...row, command: "help", text: "help", outcome: "answered" } as const;
  const rows = [
    { ...asked, space: "=cmd()", who: { is: "person", personId: "ada", name: "Ada" } },
    { ...asked, space: "1:1", who: { is: "forgotten" } },
  ] as const;
  const pieces: Uint8Array[] = [];
  for await (const piece of writeAuditCsv(each(rows))) pieces.push(piece);
  const [headings, ...lines] = read(Buffer.concat(pieces).toString("utf8").slice(1));
  expect(headings?.join()).toBe(
    "number,time,who,personId,role,space,roomId,subpartner,command,text,pressed,outcome,because",
  );
  const rest = ["viewer", "'=cmd()", "war", "", "help", "help", "yes", "answered", ""];
  expect(lines[0]).toEqual(["7", "2026-11-01T09:00:00.000Z", "Ada", "ada", ...rest]);
  expect(lines[1]?.slice(2, 4)).toEqual(["Somebody forgotten", ""]);
});
