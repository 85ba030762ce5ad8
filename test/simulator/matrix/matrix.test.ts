import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CALLS } from "./calls.ts";
import { describeOutcome, otherLine, readDocument, testName } from "./document.ts";
import { FAULTS } from "./faults.ts";
import { OTHER_FAULTS } from "./other-faults.ts";
import { playFault } from "./play-fault.ts";

const page = readFileSync("docs/reliability.md", "utf8");
const outcomes = readDocument(page);

const cells = CALLS.flatMap((call) =>
  Object.entries(FAULTS).map(([fault, parts]) => ({ call, parts, name: testName({ call, fault }) })),
);

/** One for each way in which a fault shows: refusals, nonsense, silence. All are played with `RELIABILITY=all`. */
const GATE = ["POST /messages: 405", "GET /memberships: 200, `[]`", "GET /wholesale/customers: no answer"];
const played = process.env.RELIABILITY === "all" ? cells : cells.filter(({ name }) => GATE.includes(name));

test.each(played.map((cell) => [cell.name, cell] as const))("%s", async (name, { call, parts }) => {
  expect(describeOutcome(await playFault(call, parts), parts)).toBe(outcomes.get(name));
});

test("the page has every fault of every call, and in no line anything is lost or wrong", () => {
  expect(cells.map(({ name }) => name).filter((name) => !outcomes.has(name))).toEqual([]);
  expect([...outcomes].filter(([, outcome]) => outcome.includes("**"))).toEqual([]);
  const unreadable = [...outcomes].flatMap(([name, outcome]) => (outcome.includes("any more") ? [name] : []));
  expect(unreadable.filter((name) => !name.startsWith("POST /access_token: "))).toEqual([]);
});

test.each(OTHER_FAULTS.map((other) => [other.fault, other] as const))("the page names a test: %s", (_, other) => {
  expect(readFileSync(other.file, "utf8")).toContain(other.test);
  expect(page).toContain(otherLine(other));
});
