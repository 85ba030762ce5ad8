// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of the card language
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactId, fitBytes, inLine, plain, shortenWords, withBreakPoints } from "../../src/cards/plain-text.ts";
import { propertyRuns } from "../support/property-runs.ts";

const require = createRequire(import.meta.url);
const MarkdownIt = require("markdown-it");
const markdown = [new MarkdownIt(), new MarkdownIt({ breaks: true, html: true, typographer: false })];
const JOINER = "\u2060";

/** Text that is likely to be markup: pieces of it, in any order, among ordinary characters. */
const PIECES =
  "** * _ __ ~~ ` ``` [x](https://e.example) ![ ]( <@all> <b> </b> &lt; \\ 1. 1) | = --- ${x} {{DATE(".split(" ");
const LINE_STARTS = ["- ", "+ ", "# ", "> ", "<https://e.example>", "\n", "\t", " "];
const HIDDEN = ["\u202e", "\u200b", "\ufeff", "\u2066", "\u0000", "\ud800", "\ufe0f", "\u2060"];
const LETTERS = ["a", "Z", "9", "é", "e\u0301", "名"];
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES, ...LINE_STARTS, ...HIDDEN, ...LETTERS),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
  )
  .map((pieces) => pieces.join(""));

const seen = (text: string) => text.replaceAll(JOINER, "");

test.each([
  ["**bold** and `code`", "∗∗bold∗∗ and ˋcodeˋ"],
  ["[a](https://e.example)", "(a)(https://e.example)"],
  ["<@all> hello", "‹@all› hello"],
  ["<@personEmail:a@b.example|A>", "‹@personEmail:a@b.example|A›"],
  ["_x_ __y__ ACME_Corp_2024", "＿x＿ ＿＿y＿＿ ACME_Corp_2024"],
  ["~~gone~~ ~5", "∼∼gone∼∼ ~5"],
  ["a\\b", "a⧵b"],
  ["1. First", "1. First"],
  ["Caf\u0065\u0301  \n GmbH", "Café GmbH"],
  ["evil\u202etxt.exe", "evil txt.exe"],
  ["zero\u200bwidth", "zero width"],
  ["Müller & Söhne (Köln) #1", "Müller & Söhne (Köln) #1"],
])("%j is read as %j", (text, read) => {
  expect(seen(plain(text, 100))).toBe(read);
});

test("what would begin a list, a heading, a table or a formula is broken by a character nobody sees", () => {
  for (const text of [
    "- a",
    "+ a",
    "# a",
    "=1+1",
    "| a",
    "1. a",
    "12) a",
    "&amp;",
    "${a}",
    "{{a",
    "(x)- a",
    "undefined",
    "NaN",
  ])
    expect(plain(text, 100)).toContain(JOINER);
});

test("a long text is cut at a character, with an ellipsis", () => {
  expect(plain("abcdef", 6)).toBe("abcdef");
  expect(plain("abcdefg", 6)).toBe("abcde…");
  expect(plain("ab cdef", 4)).toBe("ab…");
  expect(plain("😀😀😀😀", 3)).toBe("😀😀…");
});

test("no text comes out longer than asked, in characters that are seen", () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 40 }), (text, max) => {
      expect(Array.from(seen(plain(text, max))).length).toBeLessThanOrEqual(max);
    }),
  );
});

test("made plain twice is made plain once", () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 60 }), (text, max) => {
      const once = plain(text, max);
      expect(plain(once, max)).toBe(once);
    }),
    propertyRuns(1_000),
  );
});

test("no active construct survives in any text", () => {
  const active = /[<>*`\\[\]\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]|~~|\$\{|\{\{/u;
  fc.assert(
    fc.property(hostile, (text) => {
      expect(plain(text, 500)).not.toMatch(active);
      expect(plain(text, 500)).not.toMatch(/\p{Cs}/u);
    }),
    propertyRuns(1_000),
  );
});

test("markdown makes nothing but a paragraph of it, and shows it letter by letter", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const inert = plain(text, 500);
      for (const engine of markdown) {
        const html: string = engine.render(inert);
        expect(html.trim()).toBe(inert === "" ? "" : `<p>${escaped(inert)}</p>`);
      }
    }),
    propertyRuns(1_000),
  );
});

test("a name written from right to left leaves the rest of the line in its order", () => {
  expect(inLine("שלום", 40)).toBe("שלום\u200e");
  expect(inLine("Acme", 40)).toBe("Acme");
});

describe("an id", () => {
  test.each([
    "Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvNTJjZjU3NmQtNjBhOC00MDdhLWIyMmMtNDY3YzUxNTkxOTA4==",
    "c1677a16-557a-4fb4-b48f-24adde57ec99",
    "_ACME_",
    "a+b/c=",
  ])("%s stays letter by letter", (id) => {
    expect(exactId(id)).toBe(id);
  });

  test.each(["<@all>", "a b", "**x**", "undefined", "x".repeat(5_000), "a\u202eb"])("%s is made plain", (id) => {
    expect(exactId(id)).toBe(plain(id, 256));
  });
});

describe("a long word", () => {
  test("of a name is cut, so that no run of text leaves a phone's screen", () => {
    expect(shortenWords(`Acme ${"x".repeat(40)}`)).toBe(`Acme ${"x".repeat(16)}\u200b${"x".repeat(15)}…`);
    expect(shortenWords("c1677a16-557a-4fb4-b48f-24adde57ec99")).toBe("c1677a16-557a-4fb4-b48f-24adde57ec99");
  });

  test("of a sentence stays whole, with places to break", () => {
    const word = "y".repeat(40);
    expect(withBreakPoints(`License ${word}.`).replaceAll("\u200b", "")).toBe(`License ${word}.`);
    expect(withBreakPoints(word)).toContain("\u200b");
    expect(withBreakPoints("A usual sentence.")).toBe("A usual sentence.");
  });
});

describe("a text that is too long for Webex", () => {
  test("is cut at the end of a line, and says how much is missing", () => {
    expect(fitBytes("one\ntwo\nthree\nfour and more, and more and more", 40)).toBe("one\ntwo\n… 2 more lines left out");
    expect(fitBytes("short\ntext", 40)).toBe("short\ntext");
  });

  test("is cut within its only line when there is no other way", () => {
    expect(fitBytes("é".repeat(100), 60)).toMatch(/^é+\n… \d+ more characters left out$/);
  });

  test("fits afterwards, whatever it was, and is the beginning of it up to a whole character", () => {
    const lines = fc.array(fc.string({ unit: "grapheme", maxLength: 80 }), { maxLength: 30 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 60, max: 600 }), (some, max) => {
        const text = some.join("\n");
        const cut = fitBytes(text, max);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(max);
        const kept = cut === text ? text : cut.slice(0, cut.lastIndexOf("\n"));
        expect(text.startsWith(kept)).toBe(true);
        expect(text.slice(kept.length)).not.toMatch(/^[\udc00-\udfff]/);
      }),
      propertyRuns(300),
    );
  });
});

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
