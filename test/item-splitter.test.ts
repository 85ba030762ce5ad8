import fc from "fast-check";
import { expect, test } from "vitest";
import { createItemSplitter } from "../src/item-splitter.ts";

/** Splits a text that comes in pieces of these lengths, over and over. */
function split(text: string, lengths: readonly number[] = [text.length]) {
  const splitter = createItemSplitter();
  const elements: string[] = [];
  for (let from = 0, piece = 0; from < text.length; piece += 1) {
    const end = from + (lengths[piece % lengths.length] ?? 1);
    elements.push(...splitter.push(text.slice(from, end)));
    from = end;
  }
  return { elements, rest: splitter.rest(), isTooLong: splitter.isTooLong() };
}

const TRICKY = fc.constantFrom('"items":[', '\\"items\\":[{', "}]", '{"', "\\", '"', "items");
const value = fc.jsonValue({ stringUnit: "binary", maxDepth: 3 });
const element = fc.oneof(value, TRICKY, fc.dictionary(TRICKY, value));
const answer = fc.record({ before: element, items: fc.array(element), after: element });
const isSplit = (one: unknown): boolean => typeof one === "object" && one !== null;

test("the elements and the rest are the whole, however it is cut and written", () => {
  const check = (whole: { readonly items: readonly unknown[] }, lengths: readonly number[], indent: number) => {
    const { elements, rest } = split(JSON.stringify(whole, undefined, indent), lengths);
    expect(elements.map((one) => JSON.parse(one))).toEqual(JSON.parse(JSON.stringify(whole.items.filter(isSplit))));
    const placeholders = whole.items.map((one) => (isSplit(one) ? 0 : one));
    expect(JSON.parse(rest)).toEqual(JSON.parse(JSON.stringify({ ...whole, items: placeholders })));
  };
  fc.assert(fc.property(answer, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), fc.nat(2), check));
});

test.each([
  ["of another key", '{"notFound":[{"id":1}],"items":[]}'],
  ["below another key", '{"errors":{"items":[{"id":1}]}}'],
  ["without a key", '[{"id":1}]'],
  ["of a key that ends like it", '{"a\\"items":[{"id":1}]}'],
  ["in a text", '{"message":"{\\"items\\":[{}]}"}'],
])("a list %s has no elements", (_, text) => {
  expect(split(text)).toMatchObject({ elements: [], rest: text });
});

test.each([
  ["a half", '{"items":[{"id":1},{"id'],
  ["no end", '{"items":[{"id":1}'],
  ["another bracket", '{"items":[{"id":1}}]'],
  ["no comma", '{"items":[{"id":1}{"id":2}]}'],
])("what is no JSON is none without its elements: %s", (_, text) => {
  expect(() => JSON.parse(split(text).rest)).toThrow();
});

test("an element without an end, and a text beside the elements without an end, are too long", () => {
  const piece = "x".repeat(1_000);
  const pushed = (start: string, times: number) => split(start + piece.repeat(times)).isTooLong;
  expect([pushed('{"items":[{"id":"', 60), pushed('{"items":[{"id":"', 70)]).toEqual([false, true]);
  expect([pushed('{"message":"', 4_000), pushed('{"message":"', 5_000)]).toEqual([false, true]);
});
