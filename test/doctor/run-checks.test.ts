import { expect, test } from "vitest";
import { failed, ok, type Result } from "../../src/doctor/outcome.ts";
import { formatJson, formatResult, formatSummary } from "../../src/doctor/report.ts";
import { type Check, runChecks } from "../../src/doctor/run-checks.ts";
import { Failure } from "../../src/errors.ts";

async function resultsOf(checks: readonly Check[], ceilingMs = 600_000): Promise<readonly Result[]> {
  const results: Result[] = [];
  for await (const result of runChecks(checks, ceilingMs)) results.push(result);
  return results;
}

const passing = (name: string): Check => ({ name, run: async () => ok(`${name} is fine`) });
const failing = (name: string): Check => ({
  name,
  run: () => Promise.reject(new Failure("x.y", "It broke.", "Mend it.", { trackingId: "T-1" })),
});

test("a failure becomes a finding and its cure; what needs it is skipped, and so is what needs that; the rest goes on", async () => {
  const results = await resultsOf([
    failing("A"),
    { ...passing("B"), needs: ["A"] },
    { ...passing("C"), needs: ["B"] },
    passing("D"),
  ]);
  expect(results.map(formatResult)).toEqual([
    "✕ A                It broke. [T-1] → Mend it.",
    '– B                not checked, because of "A"',
    '– C                not checked, because of "B"',
    "✓ D                D is fine",
  ]);
  expect(formatSummary(results)).toBe("1 failed, 2 not checked.");
});

test("results come in the order of the list, whichever check ends first", async () => {
  let endFirst = () => {};
  const first = new Promise<void>((resolve) => {
    endFirst = resolve;
  });
  const results = await resultsOf([
    { name: "slow", run: () => first.then(() => ok("at last")) },
    {
      name: "fast",
      run: async () => {
        endFirst();
        return ok("at once");
      },
    },
  ]);
  expect(results.map(({ name }) => name)).toEqual(["slow", "fast"]);
});

test("a check that never ends fails at its ceiling, and its calls are told to end", async () => {
  let isAborted = false;
  const hanging: Check = {
    name: "hanging",
    run: (signal) =>
      new Promise(() => {
        signal.addEventListener("abort", () => {
          isAborted = true;
        });
      }),
  };
  const [result] = await resultsOf([hanging], 10);
  expect(result?.outcome).toMatchObject({ state: "failed", finding: "no answer within 0.01 s" });
  expect(isAborted).toBe(true);
});

test("a bug is not taken for a finding", async () => {
  await expect(resultsOf([{ name: "A", run: () => Promise.reject(new TypeError("bug")) }])).rejects.toThrow("bug");
});

test("several findings of a check are several lines, and one that failed is enough to skip what needs it", async () => {
  const several: Check = { name: "A", run: async () => [ok("one"), failed("two", "Mend it.")] };
  const results = await resultsOf([several, { ...passing("B"), needs: ["A"] }]);
  expect(results.map(({ outcome }) => outcome.state)).toEqual(["ok", "failed", "skipped"]);
});

test("for programs: all fields, and whether all is well", () => {
  const results: readonly Result[] = [
    { name: "A", outcome: ok("fine", "Could be better.") },
    { name: "B", outcome: { state: "skipped", finding: "not checked, because …" } },
  ];
  expect(JSON.parse(formatJson(results))).toEqual({
    ok: true,
    checks: [
      { name: "A", state: "ok", finding: "fine", cure: "Could be better." },
      { name: "B", state: "skipped", finding: "not checked, because …" },
    ],
  });
  expect(formatSummary(results)).toBe("All is well: 1 check, 1 not checked.");
});
