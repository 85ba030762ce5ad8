import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/setup.ts"],
    pool: "forks",
    // The framework requires the stand-in for the SDK through Node; our own import must be the very same module.
    server: { deps: { external: [/stand-ins/] } },
    // Journeys mostly wait, for the bot and for each other's processes: two cores have time for three.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
