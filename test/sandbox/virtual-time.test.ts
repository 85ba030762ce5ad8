import { expect, test } from "vitest";
import { advancedBy, pausedAt, WALL_CLOCK } from "../../src/sandbox/clock/clock-mode.ts";
import { createVirtualTime } from "../../src/sandbox/clock/virtual-time.ts";

const MINUTE = 60_000;

/** A time that stands at 0, and those who sleep in it: who is awake, in the order in which they woke. */
function dormitory() {
  const time = createVirtualTime(pausedAt(0));
  const awake: string[] = [];
  const sleep = (name: string, ms: number, signal?: AbortSignal): Promise<void> =>
    time.sleep(ms, signal).then(() => void awake.push(name));
  const settle = () => new Promise(setImmediate);
  return { time, awake, sleep, settle };
}

test("a leap wakes whoever is due by then, in the order of their times, and nobody else", async () => {
  const { time, awake, sleep, settle } = dormitory();
  void sleep("an hour", 60 * MINUTE);
  void sleep("two minutes", 2 * MINUTE);
  void sleep("a minute", MINUTE);
  void sleep("another minute", MINUTE);
  time.advance(MINUTE - 1);
  await settle();
  expect(awake).toEqual([]);
  time.advance(2 * MINUTE);
  await settle();
  expect(awake).toEqual(["a minute", "another minute", "two minutes"]);
});

test("what would have happened several times within a leap happens once", async () => {
  const { time, awake, settle } = dormitory();
  const loop = async (): Promise<void> => {
    for (;;) {
      await time.sleep(MINUTE);
      awake.push(`at ${time.clock()}`);
    }
  };
  void loop();
  time.advance(240 * MINUTE);
  await settle();
  expect(awake).toEqual([`at ${240 * MINUTE}`]);
});

test("a broken sleep rejects with the reason, and is not woken later", async () => {
  const { time, awake, sleep, settle } = dormitory();
  const stop = new AbortController();
  const broken = expect(sleep("somebody", MINUTE, stop.signal)).rejects.toBe("enough");
  stop.abort("enough");
  await broken;
  await expect(sleep("too late", MINUTE, stop.signal)).rejects.toBe("enough");
  time.advance(MINUTE);
  await settle();
  expect(awake).toEqual([]);
});

test("a higher speed brings on by itself what is due", async () => {
  const time = createVirtualTime();
  const before = time.clock();
  const slept = time.sleep(10 * MINUTE);
  time.setSpeed(60 * MINUTE);
  await slept;
  expect(time.clock()).toBeGreaterThanOrEqual(before + 10 * MINUTE);
});

test("nobody sleeps too short, and a sleep of no time ends too", async () => {
  const time = createVirtualTime();
  const before = time.clock();
  await time.sleep(20);
  expect(time.clock()).toBeGreaterThanOrEqual(before + 20);
  await time.sleep(0);
});

test("whoever follows the same course shows the same at any moment", () => {
  let wall = 1_000;
  const [one, other] = [createVirtualTime(WALL_CLOCK, () => wall), createVirtualTime(WALL_CLOCK, () => wall)];
  const unlisten = one.onModeChange(other.setMode);
  one.setSpeed(60);
  wall += 7;
  one.advance(MINUTE);
  wall += 13;
  expect(one.clock()).toBe(1_000 + 20 * 60 + MINUTE);
  expect(other.clock()).toBe(one.clock());
  unlisten();
  one.setMode(advancedBy(one.mode(), 1));
  expect(other.clock()).toBe(one.clock() - 1);
});
