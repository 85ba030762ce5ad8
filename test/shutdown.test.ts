import { expect, test } from "vitest";
import { createShutdown } from "../src/shutdown.ts";

const LIMITS = { totalMs: 40, stepMs: 20, leastMs: 5 };

test("a stop runs every step in reverse, whatever hangs or fails", async () => {
  const done: string[] = [];
  const shutdown = createShutdown({ info() {}, warn() {}, error: (event) => void done.push(event) }, LIMITS);
  shutdown.add(() => void done.push("database"));
  for (let n = 0; n < 4; n += 1) shutdown.add(() => new Promise(() => undefined));
  shutdown.add(() => {
    throw new Error("broken");
  });
  await shutdown.run();
  const slow = Array.from({ length: 4 }, () => "shutdown.step_slow");
  expect(done).toEqual(["shutdown.step_failed", ...slow, "database"]);
});
