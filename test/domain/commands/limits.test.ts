import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";

const repeat = (count: number, term: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => term(n)).join(" ");

test.each([
  ["900 negated terms", `customers ${repeat(900, (n) => `name!=a${n}`)}`, /400 words/],
  ["60 negated terms", `customers ${repeat(60, (n) => `name!=a${n}`)}`, /60 terms; 50 are the most/],
  ["1,400 words", `customers ${repeat(1_400, (n) => `word${n}`)}`, /400 words/],
  ["a word of 3,000 characters", `customers ${"a".repeat(3_000)}`, /1000 characters/],
])("PRODUCT 5: %s are refused, and the reason is named", (_, text, problem) => {
  expect(parse(text, { distance })).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
});

test("50 terms are a filter", () => {
  expect(parse(`customers ${repeat(50, (n) => `name!=a${n}`)}`, { distance })).toMatchObject({ ok: true });
});
