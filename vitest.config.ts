import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { Preview } from "./test/support/preview.ts";

const JOURNEYS = ["test/journeys/**/*.test.ts", "test/browser/**/*.test.ts"];

/** Whoever draws values from fast-check, or goes through every sequence, is a property. */
const PROPERTIES = readdirSync("test", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => `test/${name}`)
  .filter((path) => /from "fast-check"|support\/property-runs\.ts"/.test(readFileSync(path, "utf8")));

/** The seed of every property: the same in the gate, `FC_SEED=new` draws one, and a number repeats what failed. */
const { FC_SEED = "1" } = process.env;
const seed = FC_SEED === "new" ? Math.floor(Math.random() * 2 ** 31) : Number(FC_SEED);

/** A limit ends what hangs. What is merely slow, on a slow or busy machine, never comes near it. */
const LIMIT_MS = 600_000;
const limits = { testTimeout: LIMIT_MS, hookTimeout: LIMIT_MS, expect: { poll: { timeout: 120_000 } } };

export default defineConfig({
  test: {
    // By itself vitest takes one core less than there are; journeys mostly wait, and leave room for another one.
    maxWorkers: 2,
    reporters: [new Preview(seed), "default"],
    projects: [
      {
        test: {
          ...limits,
          name: "unit",
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: [...JOURNEYS, ...PROPERTIES],
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
          include: JOURNEYS,
          globalSetup: ["test/support/build.ts"],
          // The framework requires the stand-in for the SDK through Node; our own import must be the very same module.
          server: { deps: { external: [/stand-ins/] } },
        },
      },
    ],
  },
});
