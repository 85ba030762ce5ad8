import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addOnName, packageName, statusWord } from "../src/cards/words.ts";
import { valuesNamed } from "../src/domain/commands/field-values.ts";
import { CUSTOMER_STATUSES, PACKAGE_NAMES } from "../src/domain/customers/customer.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** The table of the glossary: for each word, those that no text may use in its place. */
function readTable(): ReadonlyMap<string, readonly string[]> {
  const [, table = ""] = read("docs/glossary.md").split("| say | not |");
  const rows = [...table.matchAll(/^\| (?!---)([^|]+) \| ([^|]+) \|$/gm)];
  return new Map(rows.map(([, say = "", not = ""]) => [say, not.split(", ")]));
}

/** Files whose texts people never read: the sandbox, the log, the database, metrics, and the parser's words. */
const UNREAD =
  /^src\/(?:sandbox|store|metrics|http|chart|log|cards\/lint|domain\/(?:log-events|commands\/(?:vocabulary|synonyms|spoken-commands)|customers\/known-values))/;

const SOURCES = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => join("src", path))
  .filter((path) => path.endsWith(".ts") && !UNREAD.test(path));

/** The texts of a source file that have a space, so that they are more than a name; what is filled in is left out. */
function textsIn(path: string): readonly string[] {
  const code = read(path)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");
  const literals = code.matchAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g);
  return [...literals]
    .map(([text]) => text.slice(1, -1).replace(/\$\{[^}]*\}/g, "…"))
    .filter((text) => / \S/.test(text));
}

const GOLDEN = "test/fixtures/golden";
const goldens = readdirSync(join(ROOT, GOLDEN)).filter((name) => name.endsWith(".txt"));

const TEXTS = [
  ...SOURCES.flatMap((path) => textsIn(path).map((text) => ({ path, text }))),
  ...goldens.map((name) => ({ path: join(GOLDEN, name), text: read(join(GOLDEN, name)) })),
];

test.each([...readTable()])("texts say “%s”, and none of: %s", (_, others) => {
  const isOther = new RegExp(`\\b(?:${others.join("|")})s?\\b`, "i");
  expect(TEXTS.filter(({ text }) => isOther.test(text))).toEqual([]);
});

test("the table and the texts are read", () => {
  expect(readTable().size).toBeGreaterThan(10);
  expect(TEXTS.length).toBeGreaterThan(1_000);
});

test("what people read of statuses, packages and add-ons is understood when they type it", () => {
  const addOn = "meetings_toll_dialin";
  for (const status of CUSTOMER_STATUSES)
    expect(valuesNamed("status", statusWord(status).split(" "))).toEqual([status]);
  for (const name of PACKAGE_NAMES) expect(valuesNamed("package", packageName(name).split(" "))).toEqual([name]);
  expect(valuesNamed("package", addOnName(addOn).split(" "))).toEqual([addOn]);
});
