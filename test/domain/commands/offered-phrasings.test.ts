import { readFileSync } from "node:fs";
import { distance } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { searchWords } from "../../../src/domain/commands/correct-search.ts";
import type { CustomersCommand } from "../../../src/domain/commands/customers.ts";
import { format } from "../../../src/domain/commands/format.ts";
import { likelyCommand, nameParts } from "../../../src/domain/commands/likely-command.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import type { Command } from "../../../src/domain/commands/registry.ts";
import type { Phrasing } from "./fresh-phrasings.ts";

const read = (file: string): readonly Phrasing[] => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));
const PHRASINGS = ["3", "4", "5"].flatMap((set) => read(`fresh-phrasings-${set}.json`));
/** By phrase, where it is not among the meanings: what it does or offers. */
const READINGS: Readonly<Record<"serves" | "missed", Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(new URL("offered-phrasings.json", import.meta.url), "utf8"),
);

const NAMES = [
  "ironwood property llc",
  "lakeside dental group",
  "timberline solar ltd",
  "saltmarsh freight partners",
  "juniper hotels gmbh",
  "cascade foods inc.",
];
/** The words of the names and cities in the phrasings. */
const KNOWN = [...NAMES.flatMap((name) => name.split(" ")), "munich", "hamburg", "lyon", "manchester"];

/** The command of a message, and the one that is offered where nothing is found. */
function readingOf(phrase: string): { readonly does: string; readonly offers?: string | undefined } {
  const parsed = parse(phrase, { distance });
  if (!parsed.ok) return { does: parsed.problem, offers: parsed.suggestion };
  const does = format(parsed.command);
  const search = searchOf(parsed.command);
  const words = search === undefined ? [] : searchWords(search.filter).map((word) => word.toLowerCase());
  const known = words.flatMap(knownWord);
  if (search === undefined || known.join(" ") === words.join(" ")) return { does };
  const likely = likelyCommand(search, known, distance);
  return { does, offers: likely && format(likely) };
}

/** The search of a list, or of a customer by words. */
function searchOf(command: Command): CustomersCommand | undefined {
  const isNamed = command.name === "customer" && command.ref?.by === "any";
  const search = isNamed ? parse(`customers ${command.ref?.value}`, { distance }) : { ok: true as const, command };
  return search.ok && search.command.name === "customers" ? search.command : undefined;
}

/** As the store finds it: a word of a name, or the beginning of one. */
function knownWord(word: string): readonly string[] {
  return nameParts(word)
    .filter((part) => KNOWN.some((name) => (part === word ? name === part : name.startsWith(part))))
    .slice(0, 1);
}

/** Canonical, in lower case, without quotes, in one order of words, and with each name or a part of it as one word. */
function comparable(text: string): string {
  const parsed = parse(text, { distance });
  let plain = (parsed.ok ? format(parsed.command) : text).toLowerCase().replaceAll('"', "");
  for (const [at, name] of NAMES.entries()) {
    const words = name.split(" ");
    for (let count = words.length; count > 0; count -= 1) {
      const part = words.slice(0, count).join(" ").replaceAll(".", "\\.");
      plain = plain.replace(new RegExp(`\\b${part}(?![a-z])`), `<${at}>`);
    }
  }
  return plain
    .replace(/^customers (<\d>)$/, "customer $1")
    .split(" ")
    .sort()
    .join(" ");
}

const isMeant = ({ phrase, means }: Phrasing): boolean => {
  const { does, offers } = readingOf(phrase);
  const meanings = means.split(" || ").map(comparable);
  return meanings.includes(comparable(does)) || (offers !== undefined && meanings.includes(comparable(offers)));
};

describe("phrasings of three more people who knew only docs/product.md", () => {
  const others = { ...READINGS.serves, ...READINGS.missed };
  test.each(PHRASINGS.filter(({ phrase }) => !(phrase in others)))("$phrase is done or offered", (phrasing) => {
    expect(isMeant(phrasing) ? "" : readingOf(phrasing.phrase)).toBe("");
  });

  test.each(Object.entries(others))("%s", (phrase, reading) => {
    expect(PHRASINGS.map((one) => one.phrase)).toContain(phrase);
    const { does, offers } = readingOf(phrase);
    expect(offers ?? does).toBe(reading);
  });
});
