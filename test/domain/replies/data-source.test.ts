import { distance } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { formatFilter } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import { chooseSource, snapshotFilter } from "../../../src/domain/replies/data-source.ts";

/** The source of the answer to a message, in a word or two. */
function sourceFor(text: string, scope = ""): string {
  const parsed = parse(text, { distance });
  if (!parsed.ok || parsed.command.name !== "customers") throw new Error(`not a list: ${text}`);
  const source = chooseSource(parsed.command, scope);
  return source.from === "snapshot" && source.query !== undefined ? "snapshot, or live" : source.from;
}

describe("the filters of the API are asked live, everything else of the snapshot", () => {
  test.each([
    ["customers", "live"],
    ["customers page=3 max=25", "live"],
    ["status=error", "live"],
    ["externalId=a status=error", "live"],
    ["orgId=a", "live"],
    ["subpartner=a status=error", "live"],
    ["errors", "snapshot, or live"],
    ["status=error,updating", "snapshot, or live"],
    ["errors fresh=yes", "live"],
    ["package=calling", "snapshot"],
    ["package=calling fresh=yes", "snapshot"],
    ["acme", "snapshot"],
    ["name=acme", "snapshot"],
    ["code=2560", "snapshot"],
    ["since=2h", "snapshot"],
    ["status!=provisioned", "snapshot"],
    ["externalId=a*", "snapshot"],
    ["externalId=a,b", "snapshot"],
    ["customers sort=name", "snapshot"],
    ["status=error sort=-changed fresh=yes", "snapshot"],
  ])("%s: %s", (text, source) => {
    expect(sourceFor(text)).toBe(source);
  });
});

test("the snapshot of one sub-partner is for its own spaces only", () => {
  expect(sourceFor("subpartner=a package=calling")).toBe("unbound");
  expect(sourceFor("subpartner=a sort=name")).toBe("unbound");
  expect(sourceFor("subpartner=a,b")).toBe("unbound");
  expect(sourceFor("subpartner=a status=error,updating")).toBe("live");
});

describe("a bound space", () => {
  test.each([
    ["customers", "live"],
    ["status=error", "live"],
    ["subpartner=mine", "live"],
    ["subpartner=mine package=calling", "snapshot"],
    ["subpartner=other", "foreign"],
    ["subpartner=mine,other", "foreign"],
    ["subpartner!=mine", "foreign"],
    ["subpartner=mine*", "foreign"],
    ["subpartner=mine subpartner=other", "foreign"],
    ["subpartner=other package=calling", "foreign"],
  ])("%s: %s", (text, source) => {
    expect(sourceFor(text, "mine")).toBe(source);
  });
});

test.each([
  ["", "", "snapshot"],
  ["package=calling subpartner=mine", "mine", "package=webex_calling"],
  ["subpartner=other", "mine", "foreign"],
  ["subpartner=mine", "", "unbound"],
])("counts and files of “%s” in the space of “%s”: %s", (text, scope, expected) => {
  const parsed = parse(`summary ${text}`, { distance });
  if (!parsed.ok || parsed.command.name !== "summary") throw new Error(text);
  const source = snapshotFilter(parsed.command.filter, scope);
  expect(source.from === "snapshot" ? formatFilter(source.filter) || "snapshot" : source.from).toBe(expected);
});
