import { expect, test } from "vitest";
import type { Term } from "../../../src/domain/customers/filter.ts";
import type { FilterField } from "../../../src/domain/customers/filter-fields.ts";
import { type ListQuery, liveQuery, matchesQuery } from "../../../src/domain/customers/list-query.ts";
import { bareCustomer } from "../../support/customer.ts";

const FIRST_PAGE = { page: 1, max: 10 };
const ALL: ListQuery = { statuses: [], offset: 0, max: 10 };

function is(field: FilterField, ...texts: readonly string[]): Term {
  return { field, negated: false, values: texts.map((text) => ({ text, prefix: false })) };
}

function isNot(field: FilterField, ...texts: readonly string[]): Term {
  return { ...is(field, ...texts), negated: true };
}

function begins(field: FilterField, text: string): Term {
  return { field, negated: false, values: [{ text, prefix: true }] };
}

const acme = bareCustomer({ id: "Y2lz-1", externalId: "Acme-1", orgId: "Org-1", status: "error" });

test("no filter asks for everything, a page at a time", () => {
  expect(liveQuery([], FIRST_PAGE)).toEqual({ query: ALL, needsSnapshot: [] });
  expect(liveQuery([], { page: 4, max: 25 }).query).toEqual({ statuses: [], offset: 75, max: 25 });
});

test("the API's own parameters are asked live, all together", () => {
  const filter = [
    is("externalId", "Acme-1"),
    is("orgId", "Org-1"),
    is("subpartner", "Sub"),
    is("status", "error", "new"),
  ];
  expect(liveQuery(filter, FIRST_PAGE)).toEqual({
    query: {
      externalId: "Acme-1",
      orgId: "Org-1",
      subpartner: "Sub",
      statuses: ["error", "new"],
      offset: 0,
      max: 10,
    },
    needsSnapshot: [],
  });
});

test.each([
  ["a package", is("package", "webex_calling")],
  ["a free word", is("text", "acme")],
  ["a negated status", isNot("status", "error")],
  ["a beginning of a status", begins("status", "prov")],
  ["a beginning of an external id", begins("externalId", "acme")],
  ["one of two external ids", is("externalId", "a", "b")],
  ["one of two organisations", is("orgId", "a", "b")],
  ["one of two sub-partners", is("subpartner", "a", "b")],
  ["any organisation but one", isNot("orgId", "a")],
])("%s is more than the API can answer", (_, term) => {
  expect(liveQuery([term], FIRST_PAGE)).toEqual({ query: ALL, needsSnapshot: [term] });
});

test("a field that is used twice is not asked live, and what stands beside it is", () => {
  const twice = [is("status", "error"), isNot("status", "updating")];
  expect(
    liveQuery(
      [twice[0], is("orgId", "Org-1"), twice[1]].filter((term) => term !== undefined),
      FIRST_PAGE,
    ),
  ).toEqual({ query: { ...ALL, orgId: "Org-1" }, needsSnapshot: twice });
});

test("a row is what was asked for when its ids are exactly those, and its status is one of them", () => {
  expect(matchesQuery(acme, ALL)).toBe(true);
  expect(matchesQuery(acme, { ...ALL, externalId: "Acme-1", orgId: "Org-1", statuses: ["updating", "error"] })).toBe(
    true,
  );
  expect(matchesQuery(acme, { ...ALL, externalId: "acme-1" })).toBe(false);
  expect(matchesQuery(acme, { ...ALL, orgId: "Org-2" })).toBe(false);
  expect(matchesQuery(acme, { ...ALL, statuses: ["provisioned"] })).toBe(false);
});

test("a row without an id is not the one that was asked for by it", () => {
  const { externalId: _, orgId: __, ...nameless } = acme;
  expect(matchesQuery(nameless, { ...ALL, externalId: "Acme-1" })).toBe(false);
  expect(matchesQuery(nameless, { ...ALL, orgId: "Org-1" })).toBe(false);
});

test("the sub-partner cannot be seen on a row, so it is left to the API", () => {
  expect(matchesQuery(acme, { ...ALL, subpartner: "Sub" })).toBe(true);
});
