import { expect, test } from "vitest";
import type { Sweep } from "../src/domain/customers/sweep.ts";
import { snapshotCheck } from "../src/health.ts";

const NOW = Date.UTC(2026, 10, 23, 9);
const ago = (seconds: number) => NOW - seconds * 1000;
const sweep: Sweep = {
  id: 1,
  scope: "",
  startedAt: ago(20),
  state: "running",
  customers: 4_200,
  unreadable: 0,
  calls: 42,
  resumed: false,
};
const failed = { ...sweep, state: "failed", cause: "wholesale.unauthorized" } as const;

test.each([
  [{ customers: 0 }, true, "not read yet"],
  [{ customers: 0, current: sweep }, true, "reading: 4,200 customers so far"],
  [{ customers: 250, completeAt: ago(40) }, true, "complete, 250 customers, 40 s old"],
  [{ customers: 250, completeAt: ago(40), current: sweep }, true, "complete, 250 customers, 40 s old"],
  [{ customers: 9, current: failed }, false, "failed: wholesale.unauthorized"],
  [
    { customers: 250, completeAt: ago(340), current: failed },
    false,
    "failed: wholesale.unauthorized; before that complete, 250 customers, 5 min 40 s old",
  ],
  [{ customers: 250, completeAt: ago(5), current: failed }, true, "complete, 250 customers, 5 s old"],
] as const)("a snapshot like %j is well: %s, %s", (age, ok, detail) => {
  expect(snapshotCheck(age, NOW)).toEqual({ name: "Snapshot", vital: false, ok, detail });
});
