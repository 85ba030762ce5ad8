import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { correctSearch } from "../../../src/domain/commands/correct-search.ts";
import { format } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";

test.each([
  ["city madrid", "customers city=madrid"],
  ["Region Upper Austria", 'customers state="Upper Austria"'],
  ["customers germny", "customers country=DE"],
  ["Blue River", undefined],
])("where a search for “%s” finds nothing, %s was probably meant", (said, meant) => {
  const parsed = parse(said, { distance });
  if (!parsed.ok || parsed.command.name !== "customers") throw new Error(`“${said}” is no search`);
  const better = correctSearch(parsed.command, distance);
  expect(better && format(better)).toBe(meant);
});
