import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure } from "../../src/errors.ts";
import { readCustomer, readCustomers, readErrorBody } from "../../src/wholesale/wire.ts";
import { propertyRuns } from "../support/property-runs.ts";

const SEED = readFileSync(new URL("../fixtures/seed-example.json", import.meta.url), "utf8");
const customer = (fields: object) => readCustomer({ id: "c-1", status: "provisioned", ...fields });

test("the API page's own example is read as it stands", () => {
  expect(readCustomers(JSON.parse(SEED))).toEqual({
    customers: [
      {
        id: "Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvNTJjZjU3NmQtNjBhOC00MDdhLWIyMmMtNDY3YzUxNTkxOTA4",
        orgId: "Y2lzY29zcGFyazovL3VzL09yZ2FuaXphdGlvbi81MmNmNTc2ZC02MGE4LTQwN2EtYjIyYy00NjdjNTE1OTE5MDk",
        externalId: "c1677a16-557a-4fb4-b48f-24adde57ec99",
        address: {
          line1: "771 Alder Drive",
          line2: "Cisco Site 5",
          city: "Milpitas",
          state: "CA",
          zip: "95035",
          country: "US",
        },
        status: "provisioned_with_errors",
        packages: [
          { name: "common_area_calling", status: "provisioned", problems: [] },
          {
            name: "webex_calling",
            status: "error",
            problems: [
              {
                level: "warning",
                code: 2560,
                text: "One or more Webex Calling services are unavailable due to maintenance, unable to start provisioning. Consult status.webex.com and retry later.",
              },
            ],
          },
          { name: "webex_meetings", status: "provisioned", problems: [] },
          { name: "webex_suite", status: "provisioned", problems: [] },
          { name: "webex_voice", status: "provisioned", problems: [] },
          { name: "cx_essentials", status: "provisioned", problems: [] },
        ],
        addOns: [{ name: "meetings_toll_dialin", status: "provisioned", problems: [] }],
        problems: [],
      },
    ],
    unreadable: 0,
    rows: 1,
  });
});

test("an id and a status make a customer; nulls and blanks count as absent", () => {
  const bare = { id: "c-1", status: "x", address: {}, packages: [], addOns: [], problems: [] };
  expect(readCustomer({ id: "c-1", status: "x" })).toEqual(bare);
  const nulls = {
    orgId: null,
    externalId: " ",
    address: null,
    packages: null,
    resourceDetails: null,
    errors: null,
    warnings: null,
  };
  expect(readCustomer({ id: "c-1", status: "x", ...nulls })).toEqual(bare);
});

test("statuses, packages and fields of tomorrow pass through", () => {
  const read = customer({
    status: "hibernating",
    mood: "fine",
    packages: ["webex_telepathy"],
    resourceDetails: {
      packages: [{ name: "webex_telepathy", status: "dreaming", licenseIds: [] }],
      moods: [],
    },
  });
  expect(read.status).toBe("hibernating");
  expect(read.packages).toEqual([{ name: "webex_telepathy", status: "dreaming", problems: [] }]);
});

test("packages are those of both lists, and details win", () => {
  const read = customer({
    packages: ["a", "b", "__proto__"],
    resourceDetails: {
      packages: [
        { name: "c", status: "error" },
        { name: "b", status: "provisioned" },
        { name: "d" },
        { status: "error" },
        null,
      ],
    },
  });
  expect(read.packages.map(({ name, status }) => [name, status])).toEqual([
    ["a", "unreported"],
    ["b", "provisioned"],
    ["__proto__", "unreported"],
    ["c", "error"],
    ["d", "unreported"],
  ]);
});

test("a problem is shown with whatever it has", () => {
  const { problems } = customer({
    errors: [
      { errorCode: "10022", description: "taken" },
      { errorCode: 7 },
      { description: "only words" },
      { errorCode: null, description: null },
      { errorCode: "E-12" },
      { errorCode: "'2560'" },
      "just text",
      null,
      42,
      [],
    ],
    warnings: { errorCode: 1, description: "no list around it" },
  });
  expect(problems).toEqual([
    { level: "error", code: 10022, text: "taken" },
    { level: "error", code: 7, text: "" },
    { level: "error", text: "only words" },
    { level: "error", text: "E-12" },
    { level: "error", code: 2560, text: "" },
    { level: "error", text: "just text" },
    { level: "warning", code: 1, text: "no list around it" },
  ]);
});

test("problems are read on packages and on add-ons too", () => {
  const errors = [{ errorCode: 5, description: "no" }];
  const read = customer({
    resourceDetails: {
      packages: [{ name: "p", status: "error", errors }],
      addOns: [{ name: "a", status: "error", errors }],
    },
  });
  const problems = [{ level: "error", code: 5, text: "no" }];
  expect(read.packages).toEqual([{ name: "p", status: "error", problems }]);
  expect(read.addOns).toEqual([{ name: "a", status: "error", problems }]);
});

test("a row that cannot be read is counted and spoils no other", () => {
  const items = [{ id: "a", status: "error" }, { id: 7 }, null, "x", { id: "b", status: "x", packages: "many" }];
  const { customers, unreadable } = readCustomers({ items });
  expect(customers.map(({ id }) => id)).toEqual(["a"]);
  expect(unreadable).toBe(4);
});

const problems = (count: number, description = "no") =>
  Array.from({ length: count }, (_, at) => ({ errorCode: at, description }));
const named = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `p${at}`, status: "error" }));

test("of more than 20 errors and warnings the first 20 are kept, with a line that says how many more there are", () => {
  const resourceDetails = {
    packages: [{ name: "p", status: "error", errors: problems(10_000), warnings: problems(3) }],
  };
  const { packages } = customer({ resourceDetails, errors: problems(20), warnings: problems(2) });
  expect(packages[0]?.problems).toHaveLength(21);
  expect(packages[0]?.problems.at(-1)).toEqual({
    level: "error",
    text: "9,983 more errors and warnings are not shown.",
  });
  const own = customer({ errors: problems(20), warnings: problems(2) }).problems;
  expect(own.at(-1)).toEqual({ level: "warning", text: "2 more errors and warnings are not shown." });
  expect(customer({ errors: problems(20) }).problems).toHaveLength(20);
});

test("a long text is cut, and ends with a mark", () => {
  const long = "x".repeat(1_000_000);
  const read = customer({ externalId: long, status: long, address: { city: long }, errors: problems(1, long) });
  const shortened = `${"x".repeat(499)}…`;
  expect(read).toMatchObject({ externalId: shortened, status: shortened, address: { city: shortened } });
  expect(read.problems).toEqual([{ level: "error", code: 0, text: shortened }]);
});

test.each([
  ["201 packages", { packages: named(10), resourceDetails: { packages: named(201) } }, "201 packages and add-ons"],
  ["10,000 add-ons", { resourceDetails: { addOns: named(10_000) } }, "10,000 packages and add-ons"],
  ["a package with a name of a megabyte", { packages: ["x".repeat(1_000_000)] }, "a name of 1,000,000 characters"],
  ["an id of a megabyte", { id: "x".repeat(1_000_000) }, "an id of 1,000,000 characters"],
])("a customer with %s is not read, since a part of it would look as if the rest were removed", (_, fields, what) => {
  const row = { id: "a", status: "error", ...fields };
  expect(() => readCustomer(row)).toThrow(
    expect.objectContaining({
      code: "wholesale.too_large",
      message: `Webex sent a customer with ${what}, more than the bot reads.`,
    }),
  );
  const { customers, unreadable, failure } = readCustomers({ items: [row, { id: "b", status: "x" }] });
  expect(customers).toMatchObject([{ id: "b" }]);
  expect(unreadable).toBe(1);
  expect(failure).toMatchObject({ code: "wholesale.too_large" });
});

test("200 packages and add-ons are read", () => {
  const read = customer({ resourceDetails: { packages: named(120), addOns: named(80) } });
  expect([read.packages.length, read.addOns.length]).toEqual([120, 80]);
});

test("an odd field that only decorates does not hide the customer", () => {
  const read = customer({ externalId: 12, orgId: {}, address: { city: ["x"], zipOrPostalCode: 95035 } });
  expect(read).toMatchObject({ externalId: "12", address: { zip: "95035" } });
  expect(read).not.toHaveProperty("orgId");
  expect(read.address).not.toHaveProperty("city");
});

test("rows beyond those wanted are counted and not read", () => {
  const items = [{ id: "a", status: "x" }, {}, { id: "b", status: "x" }];
  expect(readCustomers({ items }, 2)).toMatchObject({ customers: [{ id: "a" }], unreadable: 1, rows: 3 });
});

test.each([undefined, null, [], {}, "<html>", { items: null }, { items: {} }, { customers: [] }])(
  "%j is no page of customers",
  (json) => {
    expect(() => readCustomers(json)).toThrow(expect.objectContaining({ code: "wholesale.unexpected" }));
  },
);

const odd = fc.oneof(fc.jsonValue(), fc.constantFrom("", "error", -1, Number.POSITIVE_INFINITY, null));
const oddResource = fc.record(
  {
    name: odd,
    status: odd,
    errors: odd,
    warnings: fc.array(fc.record({ errorCode: odd, description: odd })),
  },
  { requiredKeys: [] },
);
const oddCustomer = fc.record(
  {
    id: fc.oneof(fc.string(), odd),
    status: fc.oneof(fc.string(), odd),
    address: fc.oneof(odd, fc.record({ city: odd })),
    packages: fc.oneof(odd, fc.array(odd)),
    resourceDetails: fc.oneof(
      odd,
      fc.record({ packages: fc.array(oddResource), addOns: fc.array(fc.oneof(odd, oddResource)) }),
    ),
    errors: odd,
  },
  { requiredKeys: [] },
);

test("no JSON value does more harm than a failure that was foreseen", () => {
  const pages = fc.oneof(fc.jsonValue(), fc.record({ items: fc.oneof(odd, fc.array(fc.oneof(odd, oddCustomer))) }));
  fc.assert(
    fc.property(pages, (json) => {
      for (const read of [readCustomers, readCustomer, readErrorBody]) {
        try {
          read(json as unknown as never);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect(error).toMatchObject({ code: "wholesale.unexpected" });
        }
      }
    }),
    propertyRuns(500),
  );
});

test("every row of a page is either read or counted", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(odd, oddCustomer)), (items) => {
      const { customers, unreadable, rows } = readCustomers({ items });
      expect(customers.length + unreadable).toBe(items.length);
      expect(rows).toBe(items.length);
    }),
  );
});

/** PostgreSQL keeps neither. */
const UNSTORABLE = ["\0", "\ud800", "\udc00"];

test.each(UNSTORABLE)("%j is replaced in every text, and makes an id unreadable", (odd) => {
  const text = `a${odd}b`;
  const problems = [{ errorCode: "1", description: text }];
  const resources = [{ name: text, status: text, errors: problems }];
  const address = { addressLine1: text, addressLine2: text, city: text, stateOrProvince: text, country: text };
  const everywhere = { orgId: text, externalId: text, status: text, address, errors: problems, warnings: text };
  const found = customer({ ...everywhere, packages: resources, resourceDetails: { addOns: resources } });
  expect(JSON.stringify(found)).not.toMatch(/\\u/);
  expect(found).toMatchObject({ externalId: "a\ufffdb", status: "a\ufffdb", packages: [{ name: "a\ufffdb" }] });
  const rows = [
    { id: text, status: "provisioned" },
    { id: "c-2", status: "provisioned" },
  ];
  expect(readCustomers({ items: rows })).toMatchObject({ customers: [{ id: "c-2" }], unreadable: 1 });
});

test.each([
  [
    { message: "m", errors: [{ description: "d" }], trackingId: "T" },
    { text: "d", trackingId: "T" },
  ],
  [
    { message: "m", errors: [{ description: "d", errorCode: 9 }] },
    { text: "d", code: 9 },
  ],
  [
    { message: "m", errorCode: "10022", trackingId: "T" },
    { text: "m", code: 10022, trackingId: "T" },
  ],
  [{ message: "m", errors: [] }, { text: "m" }],
  [{ errors: "broken" }, { text: "broken" }],
  [undefined, {}],
  ["<html>", {}],
])("the error body %j says %j", (body, said) => {
  expect(readErrorBody(body)).toEqual(said);
});
