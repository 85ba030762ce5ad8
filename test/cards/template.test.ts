// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of the card language
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/cards/template.ts";

const inBody = (...body: readonly unknown[]) => ({ type: "AdaptiveCard", body });
const fill = (template: unknown, data: object) => compile("a.json", template)(data);

test("a text that is one placeholder keeps the type of its value", () => {
  const template = { number: "${n}", flag: "${f}", text: "${t}", list: "${l}", deep: "${o.p.q}" };
  const data = { n: 5, f: false, t: "", l: [1, { a: 2 }], o: { p: { q: 0 } } };
  expect(fill(template, data)).toEqual({ number: 5, flag: false, text: "", list: [1, { a: 2 }], deep: 0 });
});

test("within other text, values become text", () => {
  expect(fill({ text: "${a} of ${b.c}, ${d}!" }, { a: 1, b: { c: "two" }, d: true })).toEqual({
    text: "1 of two, true!",
  });
});

test("text without placeholders stays as it is, dollars, braces and times included", () => {
  const template = { a: "$5 {x} }", b: "{{TIME(2026-11-23T15:00:00Z)}}", c: 3, d: null, e: "a\\" };
  expect(fill(template, {})).toEqual(template);
});

test("a member of a list is repeated for each item of its data, and sees its index and the root", () => {
  const template = inBody(
    "first",
    {
      $data: "${rows}",
      text: "${$index}. ${name} of ${$root.total}",
      tags: [{ $data: "${tags}", t: "${t}" }],
    },
    { type: "last" },
  );
  const data = {
    total: 2,
    rows: [
      { name: "A", tags: [{ t: "x" }, { t: "y" }] },
      { name: "B", tags: [] },
    ],
  };
  expect(fill(template, data)).toEqual(
    inBody(
      "first",
      { text: "0. A of 2", tags: [{ t: "x" }, { t: "y" }] },
      { text: "1. B of 2", tags: [] },
      { type: "last" },
    ),
  );
});

test("a member of a list is left out when its condition does not hold", () => {
  const template = inBody(
    { $when: "${yes}", is: "yes" },
    { $when: "${!yes}", is: "no" },
    { $data: "${rows}", $when: "${shown}", is: "${name}" },
  );
  const data = { yes: false, rows: [{ shown: true, name: "a" }, { shown: false }] };
  expect(fill(template, data)).toEqual(inBody({ is: "no" }, { is: "a" }));
});

test("what data says is never evaluated", () => {
  const secret = { text: "${secret} ${1+1}", secret: "s3cret", $when: false };
  expect(fill({ a: "${text}", b: "${text}!" }, secret)).toEqual({
    a: "${secret} ${1+1}",
    b: "${secret} ${1+1}!",
  });
});

test("a template can be filled in again and again", () => {
  const template = compile("a.json", inBody({ $data: "${rows}", text: "${t}" }));
  const first = template({ rows: [{ t: "a" }] });
  expect(template({ rows: [{ t: "b" }, { t: "c" }] })).not.toEqual(first);
  expect(template({ rows: [{ t: "a" }] })).toEqual(first);
});

test("any text survives a placeholder unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(fill({ a: "${t}", b: "<${t}>" }, { t: text })).toEqual({ a: text, b: `<${text}>` });
    }),
  );
});

describe("a template that cannot be right is refused before any data comes", () => {
  test.each([
    ["an expression", inBody({ text: "${a + b}" }), 'a.json: card.body[0].text: "${a + b}" is not a path'],
    ["a function", inBody({ text: "x ${if(a, b)}" }), 'card.body[0].text: "${if(a, b)}" is not a path'],
    ["an index into a list", inBody({ text: "${rows[0]}" }), 'card.body[0].text: "${rows[0]}" is not a path'],
    ["an empty placeholder", inBody({ text: "${}" }), 'card.body[0].text: "${}" is not a path'],
    ["a constant", inBody({ text: "${true}" }), 'card.body[0].text: "${true}" is not a path'],
    ["the whole of $data", inBody({ text: "${$data}" }), 'card.body[0].text: "${$data}" is not a path'],
    ["the whole root", inBody({ text: "${$root}" }), 'card.body[0].text: "${$root}" is not a path'],
    [
      "an unclosed placeholder",
      inBody({ text: "Hi ${name" }),
      'card.body[0].text: "Hi ${name" has a "${" that is not closed',
    ],
    [
      "an unclosed one after a closed one",
      inBody({ text: "${a} ${b" }),
      'card.body[0].text: "${a} ${b" has a "${" that',
    ],
    ["an escape", inBody({ text: "\\${name}" }), "card.body[0].text"],
    ["$index without a list", { text: "${$index}" }, 'card.text: "$index" has no "$data" around it'],
    ["$data outside a list", { $data: "${x}" }, 'card: "$data" works on the members of a list only'],
    ["$when in a property", { a: { $when: "${x}" } }, 'card.a: "$when" works on the members of a list only'],
    ["$data with its data inside", inBody({ $data: [1, 2] }), "card.body[0].$data: must be one placeholder"],
    ["$data within text", inBody({ $data: "x ${rows}" }), "card.body[0].$data: must be one placeholder"],
    ["$when with a comparison", inBody({ $when: "${a == 1}" }), 'card.body[0].$when: "${a == 1}" is not a path'],
    ["$when without a placeholder", inBody({ $when: true }), "card.body[0].$when: must be one placeholder"],
    ["an unknown directive", inBody({ $host: "x" }), 'card.body[0]: "$host" is not a key of this language'],
    ["a placeholder as a key", { "${a}": 1 }, 'card: "${a}" is not a key of this language'],
    ["a list as the card", [], "a.json: card: is not a JSON object"],
  ])("%s", (_, template, message) => {
    expect(() => compile("a.json", template)).toThrow(message);
  });
});

describe("data that does not fit is refused with the place in both", () => {
  test.each([
    ["a missing value", inBody({ text: "${name}" }), {}, "a.json: card.body[0].text: name is missing"],
    ["a missing value within text", { text: "Hi ${a.b}" }, { a: {} }, "card.text: a.b is missing"],
    ["a path through a text", { text: "${a.length}" }, { a: "abc" }, "card.text: a.length is missing"],
    ["null", { text: "${a}" }, { a: null }, "card.text: a is missing"],
    ["an inherited property", { text: "${a.constructor}" }, { a: {} }, "card.text: a.constructor is missing"],
    ["the prototype", { text: "${__proto__}" }, {}, "card.text: __proto__ is missing"],
    ["an object within text", { text: "Hi ${a}" }, { a: {} }, "card.text: a is a list or an object within text"],
    ["a list within text", { text: "Hi ${a}" }, { a: [1] }, "card.text: a is a list or an object within text"],
    ["$data that is an object", inBody({ $data: "${a}" }), { a: {} }, "card.body[0].$data: a is not a list"],
    ["$when that is a text", inBody({ $when: "${a}" }), { a: "true" }, "card.body[0].$when: a is not true or false"],
    [
      "a value missing in one row",
      inBody({ $data: "${rows}", items: [{ text: "${name}" }] }),
      { rows: [{ name: "a" }, {}] },
      "card.body[0].items[0].text: rows[1].name is missing",
    ],
  ])("%s", (_, template, data, message) => {
    expect(() => fill(template, data)).toThrow(message);
  });
});

const CARDS = ["customers", "customer", "find", "help", "notice", "alert", "alerts", "storm"];

describe.each(CARDS)("the sample data of %s", (name) => {
  const read = (file: string) => JSON.parse(readFileSync(`cards/${file}.json`, "utf8"));

  test("fills every placeholder that the template has, in every branch", () => {
    const sample = valuesOf(read(`${name}.data`));
    const [asked, known] = [placeholdersOf(read(name)), new Set(sample)];
    expect(asked.filter((path) => !known.has(path))).toEqual([]);
    expect(sample.filter((path) => !path.endsWith("[]") && !asked.includes(path))).toEqual([]);
  });
});

/** Every path a template asks for, such as `rows[].summary[].text`. */
function placeholdersOf(node: unknown, at = ""): string[] {
  if (typeof node === "string") return [...node.matchAll(/\$\{!?([^}]*)\}/g)].map(([, path]) => at + path);
  if (Array.isArray(node)) return node.flatMap((member) => placeholdersOf(member, at));
  if (typeof node !== "object" || node === null) return [];
  const { $data, ...rest } = node as Record<string, unknown>;
  const [list] = placeholdersOf($data, at);
  const below = list === undefined ? at : `${list}[].`;
  return [
    ...(list === undefined ? [] : [list]),
    ...Object.values(rest).flatMap((value) => placeholdersOf(value, below)),
  ];
}

function valuesOf(node: unknown, at = ""): string[] {
  if (Array.isArray(node)) return [at, ...new Set(node.flatMap((member) => valuesOf(member, `${at}[]`)))];
  if (typeof node !== "object" || node === null) return [at];
  return Object.entries(node).flatMap(([key, value]) => valuesOf(value, at === "" ? key : `${at}.${key}`));
}
