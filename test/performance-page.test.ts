import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withTable } from "./bench/performance-page.ts";

const PAGE =
  "before\n<!-- measured: a -->\n\nold\n\n<!-- end -->\nbetween\n<!-- measured: b -->\n\n<!-- end -->\nafter\n";

test("a table takes the place of the last one of its name, and nothing else changes", () => {
  const page = withTable(withTable(PAGE, "a", "| new |"), "b", "| first |");
  expect(page).toBe(PAGE.replace("old", "| new |").replace("b -->\n\n", "b -->\n\n| first |\n\n"));
  expect(withTable(page, "a", "| new |")).toBe(page);
});

test("a name without a place is refused", () => {
  expect(() => withTable(PAGE, "c", "| lost |")).toThrow('The page has no place for the table "c".');
});

test("every place of the page has its table", () => {
  const page = readFileSync("docs/performance.md", "utf8");
  const places = page.matchAll(/<!-- measured: (.+?) -->\n\n(.?)/g);
  expect([...places].filter(([, , first]) => first !== "|").map(([, name]) => name)).toEqual([]);
});
