import { readdirSync, readFileSync } from "node:fs";
import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { format } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import type { Command } from "../../../src/domain/commands/registry.ts";
import { DAY } from "../../support/time.ts";

const FOLDER = "src/domain/commands";

/** Every word in the sources of the parser, so that one that is added there is among them. */
function wordsOfParser(): readonly string[] {
  const texts = readdirSync(FOLDER).map((file) => readFileSync(`${FOLDER}/${file}`, "utf8").toLowerCase());
  return [...new Set([...texts.flatMap((text) => text.match(/\p{L}[\p{L}'.-]*\p{L}/gu) ?? []), "ada@acme.example"])];
}

const searchFor = (...words: readonly string[]) =>
  words.map((text) => ({ field: "text", negated: false, values: [{ text, prefix: false }] }) as const);

/** Alone, and beside what makes more of a word: a number, or a time behind "until". */
function commandsFor(word: string): readonly Command[] {
  const lists = [searchFor(word), searchFor(word, "2560")].map(
    (filter) => ({ name: "customers", filter, page: 1, max: 10, fresh: false }) as const,
  );
  const target = { by: "filter", filter: searchFor(word, "tomorrow") } as const;
  return [...lists, { name: "mute", target, durationMs: 7 * DAY, until: "tomorrow 08:00", because: "x" }];
}

/** As a phone writes it; then it is read as a sentence as well. */
const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

test("every word that the parser knows is a search word as well, where a canonical text searches for it", () => {
  const words = wordsOfParser();
  expect(words.length).toBeGreaterThan(2_000);
  const misread = words
    .flatMap(commandsFor)
    .filter((command) => {
      const read = parse(capitalized(format(command)), { distance });
      return !read.ok || format(read.command) !== format(command);
    })
    .map(format);
  expect(misread).toEqual([]);
});
