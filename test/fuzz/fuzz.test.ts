import { expect, test } from "vitest";
import { propertyRuns } from "../support/property-runs.ts";
import { FUZZ_TARGETS } from "./targets.ts";

/** `npm run fuzz` runs many more. */
const CASES = 1_000;

test.each(FUZZ_TARGETS)("whatever comes in, the edge holds: $name", async ({ run, share }) => {
  const { numRuns } = propertyRuns(Math.ceil(CASES * share));
  const { failure } = await run({ cases: numRuns, seed: Number(process.env.FC_SEED) });
  expect(failure).toBeUndefined();
});
