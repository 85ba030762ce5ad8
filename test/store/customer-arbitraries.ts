import fc from "fast-check";
import type { AddOn, Customer, Package, Problem } from "../../src/domain/customers/customer.ts";
import type { Filter, Term } from "../../src/domain/customers/filter.ts";
import { FILTER_FIELDS, type FilterField } from "../../src/domain/customers/filter-fields.ts";
import { SORT_FIELDS } from "../../src/domain/customers/sort.ts";

/** Worlds as nasty as the API might make them, and filters that hit something in them every so often. */

/** Texts that JavaScript and a carelessly written query compare differently. */
const TRICKY_TEXTS = [
  ..."a A aB Ab abc acme Acme acme_1 acme% a\\b % _ \\".split(" "),
  ...["", "ABC ltd", "ACME GmbH"],
  ...["é", "É", "e\u0301", "ß", "SS", "İ", "i̇", "ı", "ΑΣ", "ας", "ǅ", "Ω", "\u2126", "中文", "日本", "\ufb01"],
  ...["😀", "😀b", "\u{10ffff}", "\uffff", "\ue000", "\ud800", "x\udc00", "\u0000", "a\u0000b", "\n", "a\nb", "\u200b"],
  ...["'", '"', "a'b", "1", "10", "2", " ", " a", "a ", "null", "x".repeat(199), "x".repeat(205), "😀".repeat(101)],
];

export const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TRICKY_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
);

const status = fc.constantFrom("provisioned", "error", "Error", "provisioning", "provisioned_with_errors", "É");
const name = fc.constantFrom("webex_calling", "Webex_Calling", "webex_meetings", "addon:x", "*", "__proto__", "É");
const code = fc.constantFrom(1, 10, 100, 2560, 2561, -1, 1.5);

const problem: fc.Arbitrary<Problem> = fc.record(
  { level: fc.constantFrom("error", "warning"), code, text },
  { requiredKeys: ["level", "text"] },
);
const problems = fc.array(problem, { maxLength: 2 });

const item: fc.Arbitrary<Package & AddOn> = fc.record({ name, status, problems });

/** Of one id, given at the end, so that a world has each once. */
const customerWithoutId = fc.record(
  {
    orgId: fc.constantFrom("o1", "O1", "o2", "o3"),
    externalId: text,
    address: fc.record(
      { line1: text, city: text, state: text, zip: text, country: fc.constantFrom("DE", "de", "US", "") },
      { requiredKeys: [] },
    ),
    status,
    packages: fc.array(item, { maxLength: 3 }),
    addOns: fc.array(item, { maxLength: 2 }),
    problems,
  },
  { requiredKeys: ["address", "status", "packages", "addOns", "problems"] },
);

const ids = ["c", "C", "c1", "c10", "c2", "é", "É", "😀", "\ue000", "z", "_", "%"];

export const customerLists: fc.Arbitrary<readonly Customer[]> = fc
  .array(customerWithoutId, { maxLength: ids.length })
  .map((customers) => customers.map((customer, index) => ({ id: ids[index] ?? "", ...customer })));

const valueText: Readonly<Record<FilterField, fc.Arbitrary<string>>> = {
  status: fc.oneof(status, text),
  package: fc.oneof(name, text),
  "package.status": fc.oneof(status, text),
  code: fc.oneof(code.map(String), fc.constantFrom("25", "1", "")),
  externalId: text,
  orgId: fc.constantFrom("o1", "O1", "o", "", "o2"),
  name: text,
  country: fc.constantFrom("DE", "de", "d", "US", ""),
  state: text,
  city: text,
  zip: text,
  subpartner: text,
  since: fc.constantFrom("1m", "2h", "1970-01-01", "1970-01-01T00:00:02", "soon", ""),
  text,
};

const term: fc.Arbitrary<Term> = fc.constantFrom(...FILTER_FIELDS).chain((field) =>
  fc.record({
    field: fc.constant(field),
    negated: fc.boolean(),
    values: fc.array(fc.record({ text: valueText[field], prefix: fc.boolean() }), { maxLength: 3 }),
  }),
);

export const filter: fc.Arbitrary<Filter> = fc.array(term, { maxLength: 4 });

export const sort = fc.constantFrom(undefined, "", "unknown", ...SORT_FIELDS, ...SORT_FIELDS.map((one) => `-${one}`));
