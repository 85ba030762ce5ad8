import { expect, test } from "vitest";
import { CALLS } from "./calls.ts";
import { describeOutcome } from "./document.ts";
import { FAULTS } from "./faults.ts";
import { playFault } from "./play-fault.ts";

const faults = Object.entries(FAULTS);

/** A few of all: another fault for every third call. `npm run reliability` plays every fault of every call. */
const SOME = CALLS.filter((_, i) => i % 3 === 0).map((call, i) => ({
  call,
  fault: faults[(i * 7 + 3) % faults.length],
}));

test.each(SOME)("nothing is lost: $call.name, $fault.0", async ({ call, fault: [, fault] = ["", {}] }) => {
  const outcome = await playFault(call, fault);
  expect(outcome).toMatchObject({ bugs: [], ready: "200 ok" });
  expect(describeOutcome(outcome, fault)).not.toMatch(/\*\*|not called/);
});
