import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/setup.ts"],
    pool: "forks",
    // The framework requires the stand-in for the SDK through Node; our own import must be the very same module.
    server: { deps: { external: [/stand-ins/] } },
    // By itself vitest takes one core less than there are; journeys mostly wait, and leave room for another one.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
