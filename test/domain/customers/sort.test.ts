import { expect, test } from "vitest";
import { compareTexts } from "../../../src/domain/customers/compare-text.ts";
import { compareBy, parseSort } from "../../../src/domain/customers/sort.ts";

const record = (id: string, more: { status?: string; externalId?: string; changedAt?: number } = {}) => {
  const { changedAt = 0, status = "", ...rest } = more;
  const customer = { id, address: {}, status, packages: [], addOns: [], problems: [], ...rest };
  return { customer, firstSeenAt: 0, changedAt, since: {} };
};

test("a sort is a field, descending with a dash; anything else is by name", () => {
  expect(parseSort("-externalid")).toEqual({ field: "externalId", descending: true });
  expect(parseSort("changed")).toEqual({ field: "changed", descending: false });
  for (const text of [undefined, "", "-", "zip", "-nonsense"]) {
    expect(parseSort(text)).toEqual({ field: "name", descending: false });
  }
});

test("equals are sorted by title, then by id, whichever way the field goes", () => {
  const [first, second, third] = [
    record("z", { externalId: "ACME", status: "error" }),
    record("y", { externalId: "beta", status: "error" }),
    record("yy", { externalId: "Beta", status: "error" }),
  ];
  for (const sort of ["status", "-status", "-changed"]) {
    expect([third, second, first].sort(compareBy(parseSort(sort)))).toEqual([first, second, third]);
  }
  expect([first, second, third].sort(compareBy(parseSort("-name")))).toEqual([second, third, first]);
});

test("texts are ordered by code point, as databases do", () => {
  const texts = ["", "A", "B", "a", "aa", "é", "\ue000", "\uffff", "😀"];
  expect([...texts].reverse().sort(compareTexts)).toEqual(texts);
});
