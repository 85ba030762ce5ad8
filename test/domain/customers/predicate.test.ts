import { expect, test } from "vitest";
import type { Customer, Problem } from "../../../src/domain/customers/customer.ts";
import type { Term } from "../../../src/domain/customers/filter.ts";
import type { FilterField } from "../../../src/domain/customers/filter-fields.ts";
import { matches } from "../../../src/domain/customers/predicate.ts";
import { HOUR } from "../../support/time.ts";

const NOON = Date.UTC(2026, 10, 23, 12);

const problem = (code: number): Problem => ({ level: "error", code, text: "" });

const acme: Customer = {
  id: "acme",
  externalId: "Ext-42",
  orgId: "Org",
  name: "Acme Söhne GmbH",
  address: { city: "New York", country: "US", zip: "10001" },
  status: "provisioned_with_errors",
  packages: [
    { name: "webex_calling", status: "error", problems: [problem(2560)] },
    { name: "webex_suite", status: "provisioned", problems: [problem(7)] },
  ],
  addOns: [{ name: "toll_dialin", status: "provisioning", problems: [problem(9)] }],
  problems: [problem(100)],
};
const record = { customer: acme, firstSeenAt: 0, changedAt: NOON - HOUR, since: {} };

/** `acme*` is a prefix, as people type it. */
function term(field: FilterField, ...texts: readonly string[]): Term {
  const values = texts.map((text) => ({ text: text.replace(/\*$/, ""), prefix: text.endsWith("*") }));
  return { field, negated: false, values };
}
const not = (one: Term): Term => ({ ...one, negated: true });
const holds = (...filter: readonly Term[]) => matches(filter, record, NOON);

test("no terms match everybody, and several must all hold", () => {
  expect(holds()).toBe(true);
  expect(holds(term("country", "us"), term("city", "new york"))).toBe(true);
  expect(holds(term("country", "us"), term("city", "boston"))).toBe(false);
});

test("values are alternatives, and negated means none of them", () => {
  expect(holds(term("status", "error", "provisioned_with_errors"))).toBe(true);
  expect(holds(not(term("status", "error", "provisioned_with_errors")))).toBe(false);
  expect(holds(not(term("status", "error", "updating")))).toBe(true);
});

test("case counts in ids and nowhere else", () => {
  expect(holds(term("name", "ACME SÖHNE gmbh"))).toBe(true);
  expect(holds(term("externalId", "Ext-42"), term("orgId", "Or*"))).toBe(true);
  expect(holds(term("externalId", "ext-42"))).toBe(false);
  expect(holds(term("orgId", "or*"))).toBe(false);
});

test("a free word is anywhere in name, external id or city; a prefix begins one of them", () => {
  for (const word of ["söhne", "T-4", "york"]) expect(holds(term("text", word))).toBe(true);
  for (const word of ["ACME*", "ext-*", "new y*"]) expect(holds(term("text", word))).toBe(true);
  for (const word of ["york*", "10001", "calling"]) expect(holds(term("text", word))).toBe(false);
});

test("what a customer lacks is the empty text", () => {
  expect(holds(term("state", ""))).toBe(true);
  expect(holds(term("state", "ny"))).toBe(false);
  expect(holds(not(term("state", "ny")))).toBe(true);
});

test("package and package status hold for one and the same package, add-ons included", () => {
  expect(holds(term("package", "webex_calling"), term("package.status", "error"))).toBe(true);
  expect(holds(term("package", "webex_suite"), term("package.status", "error"))).toBe(false);
  expect(holds(term("package", "toll*"), term("package.status", "provisioning"))).toBe(true);
});

test("a code is at that package or at the customer", () => {
  expect(holds(term("package", "webex_calling"), term("code", "2560"))).toBe(true);
  expect(holds(term("package", "webex_calling"), term("code", "100"))).toBe(true);
  expect(holds(term("package", "webex_calling"), term("code", "7"))).toBe(false);
  expect(holds(term("package", "webex_calling"), term("code", "2560"), term("code", "100"))).toBe(true);
});

test("codes alone are at one package, at the customer, or shared between those two", () => {
  expect(holds(term("code", "100"))).toBe(true);
  expect(holds(term("code", "25*"), term("code", "100"))).toBe(true);
  expect(holds(term("code", "2560"), term("code", "7"))).toBe(false);
  expect(holds(term("code", "2560", "7"))).toBe(true);
});

test("negated, no package and no place at all has it", () => {
  expect(holds(not(term("package", "webex_meetings")))).toBe(true);
  expect(holds(not(term("package", "toll_dialin")))).toBe(false);
  expect(holds(not(term("package.status", "error")))).toBe(false);
  for (const code of ["100", "7", "9"]) expect(holds(not(term("code", code)))).toBe(false);
  expect(holds(term("package", "webex_calling"), not(term("code", "1")))).toBe(true);
});

test("since is about the last change, and what cannot be read as a time matches nothing", () => {
  expect(holds(term("since", "1h"))).toBe(true);
  expect(holds(term("since", "59m"))).toBe(false);
  expect(holds(not(term("since", "59m")))).toBe(true);
  expect(holds(term("since", "2026-11-23T11:00:00Z"))).toBe(true);
  expect(holds(term("since", "soon"))).toBe(false);
});

test("a sub-partner is where one looks, and says nothing of a row", () => {
  expect(holds(term("subpartner", "x"))).toBe(true);
  expect(holds(not(term("subpartner", "x")))).toBe(true);
});
