import { expect, test } from "vitest";
import { FIELD_NAMES, fieldNamed } from "../../../src/domain/customers/filter.ts";
import { FILTER_FIELDS } from "../../../src/domain/customers/filter-fields.ts";

test("every field is found by its own name, in any case", () => {
  for (const field of FILTER_FIELDS) {
    expect(fieldNamed(field)).toBe(field);
    expect(fieldNamed(field.toUpperCase())).toBe(field);
  }
});

test.each([
  ["id", "externalId"],
  ["external_id", "externalId"],
  ["org", "orgId"],
  ["package-status", "package.status"],
  ["packageStatus", "package.status"],
  ["Post-Code", "zip"],
  ["sub-partner", "subpartner"],
])("people also call it %s", (name, field) => {
  expect(fieldNamed(name)).toBe(field);
});

test.each(["", "constructor", "__proto__", "stauts"])("%j is no field", (name) => {
  expect(fieldNamed(name)).toBeUndefined();
});

test("no name stands for two fields", () => {
  expect(new Set(FIELD_NAMES).size).toBe(FIELD_NAMES.length);
});
