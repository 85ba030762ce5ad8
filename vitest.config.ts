import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";
import { Preview } from "./test/support/preview.ts";

const JOURNEYS = ["test/journeys/**/*.test.ts", "test/browser/**/*.test.ts"];
const SIMULATOR = ["test/simulator/**/*.test.ts"];

/** Properties: the test files that use fast-check, or whose number of runs can be set. */
const PROPERTIES = readdirSync("test", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => `test/${name}`)
  .filter((path) => /from "fast-check"|support\/property-runs\.ts"/.test(readFileSync(path, "utf8")));

/** The seed of every property: 1 in the gate, a random one with `FC_SEED=new`, or the number of a failed run. */
const { FC_SEED = "1" } = process.env;
const seed = FC_SEED === "new" ? Math.floor(Math.random() * 2 ** 31) : Number(FC_SEED);

/** Ends a test that hangs. A slow or busy machine never reaches it. */
const LIMIT_MS = 3_600_000;
const limits = { testTimeout: LIMIT_MS, hookTimeout: LIMIT_MS, expect: { poll: { timeout: 900_000 } } };

export default defineConfig({
  test: {
    // Vitest's default is one core less than the machine has, but journeys mostly wait.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    globalSetup: ["test/support/drop-schemas.ts"],
    reporters: [new Preview(seed), "default"],
    projects: [
      {
        test: {
          ...limits,
          name: "unit",
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: [...JOURNEYS, ...SIMULATOR, ...PROPERTIES],
        },
      },
      {
        test: {
          ...limits,
          name: "properties",
          isolate: false,
          include: PROPERTIES,
          setupFiles: ["test/support/properties.ts"],
          env: { FC_SEED: String(seed) },
        },
      },
      {
        test: {
          ...limits,
          name: "journeys",
          isolate: false,
          include: JOURNEYS,
          globalSetup: ["test/support/build.ts"],
        },
      },
      {
        test: {
          ...limits,
          name: "simulator",
          isolate: false,
          include: SIMULATOR,
        },
      },
    ],
  },
});
