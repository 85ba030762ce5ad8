import { distance } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { formatFilter } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import { chooseSource, snapshotFilter } from "../../../src/domain/replies/data-source.ts";

/** The plan for what somebody typed, in a word or two. */
function planFor(text: string, scope = ""): string {
  const parsed = parse(text, { distance });
  if (!parsed.ok || parsed.command.name !== "customers") throw new Error(`not a list: ${text}`);
  const plan = chooseSource(parsed.command, scope);
  return plan.from === "snapshot" && plan.query !== undefined ? "copy, or live" : plan.from;
}

describe("what Webex can filter by is asked live, everything else of the copy", () => {
  test.each([
    ["customers", "live"],
    ["customers page=3 max=25", "live"],
    ["status=error", "live"],
    ["externalId=a status=error", "live"],
    ["orgId=a", "live"],
    ["subpartner=a status=error", "live"],
    ["errors", "copy, or live"],
    ["status=error,updating", "copy, or live"],
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
  ])("%s: %s", (text, plan) => {
    expect(planFor(text)).toBe(plan);
  });
});

test("a copy of one sub-partner is kept for its own spaces only", () => {
  expect(planFor("subpartner=a package=calling")).toBe("unbound");
  expect(planFor("subpartner=a sort=name")).toBe("unbound");
  expect(planFor("subpartner=a,b")).toBe("unbound");
  expect(planFor("subpartner=a status=error,updating")).toBe("live");
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
  ])("%s: %s", (text, plan) => {
    expect(planFor(text, "mine")).toBe(plan);
  });

  test("asks Webex for its own sub-partner, whatever it asks", () => {
    for (const text of ["customers", "status=error", "externalId=a", "errors fresh=yes", "errors"]) {
      const parsed = parse(text, { distance });
      if (!parsed.ok || parsed.command.name !== "customers") throw new Error(text);
      expect(chooseSource(parsed.command, "mine")).toMatchObject({ query: { subpartner: "mine" } });
    }
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
  const plan = snapshotFilter(parsed.command.filter, scope);
  expect(plan.from === "snapshot" ? formatFilter(plan.filter) || "snapshot" : plan.from).toBe(expected);
});
