import { expect, test } from "vitest";
import { findViolations } from "./check.ts";
import { randomHistory } from "./history.ts";
import { play } from "./play.ts";

/** Histories that once found something, then others. `npm run simulate -- --seed 7` plays one again. */
const SEEDS = [552];
const MINUTES = 120;

test.each(SEEDS)("what the rooms read in the history of seed %d is true", async (seed) => {
  expect(await findViolations(randomHistory(seed, MINUTES))).toEqual([]);
});

test("one seed gives the same messages again, byte for byte", async () => {
  const history = randomHistory(2, 15);
  const [first, second] = [await transcriptOf(history), await transcriptOf(history)];
  expect(second).toEqual(first);
  expect(first.length).toBeGreaterThan(10);
});

async function transcriptOf(history: ReturnType<typeof randomHistory>): Promise<readonly string[]> {
  const { transcript, close } = await play(history);
  close();
  return transcript;
}
