import { expect, test } from "vitest";
import { advancedBy, pausedAt, WALL_CLOCK } from "../../src/sandbox/clock/clock-mode.ts";
import { createVirtualTime } from "../../src/sandbox/clock/virtual-time.ts";
import { MINUTE } from "../support/time.ts";

/** A paused time at 0; `awake` has the names of the ended sleeps, in order. */
function createSleepRecorder() {
  const time = createVirtualTime(pausedAt(0));
  const awake: string[] = [];
  const sleep = (name: string, ms: number, signal?: AbortSignal): Promise<void> =>
    time.sleep(ms, signal).then(() => void awake.push(name));
  const settle = () => new Promise(setImmediate);
  return { time, awake, sleep, settle };
}

test("an advance ends the sleeps that are due by then, in the order of their times, and no others", async () => {
  const { time, awake, sleep, settle } = createSleepRecorder();
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

test("a repeated sleep ends once within an advance", async () => {
  const { time, awake, settle } = createSleepRecorder();
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

test("an aborted sleep rejects with the reason, and does not end later", async () => {
  const { time, awake, sleep, settle } = createSleepRecorder();
  const stop = new AbortController();
  const broken = expect(sleep("somebody", MINUTE, stop.signal)).rejects.toBe("enough");
  stop.abort("enough");
  await broken;
  await expect(sleep("too late", MINUTE, stop.signal)).rejects.toBe("enough");
  time.advance(MINUTE);
  await settle();
  expect(awake).toEqual([]);
});

test("a higher speed ends a sleep sooner", async () => {
  const time = createVirtualTime();
  const before = time.clock();
  const slept = time.sleep(10 * MINUTE);
  time.setSpeed(60 * MINUTE);
  await slept;
  expect(time.clock()).toBeGreaterThanOrEqual(before + 10 * MINUTE);
});

test("a sleep is never too short, and a sleep of 0 ms ends", async () => {
  const time = createVirtualTime();
  const before = time.clock();
  await time.sleep(20);
  expect(time.clock()).toBeGreaterThanOrEqual(before + 20);
  await time.sleep(0);
});

test("clocks of the same mode always show the same time", () => {
  let systemTime = 1_000;
  const [one, other] = [
    createVirtualTime(WALL_CLOCK, () => systemTime),
    createVirtualTime(WALL_CLOCK, () => systemTime),
  ];
  const unlisten = one.onModeChange(other.setMode);
  one.setSpeed(60);
  systemTime += 7;
  one.advance(MINUTE);
  systemTime += 13;
  expect(one.clock()).toBe(1_000 + 20 * 60 + MINUTE);
  expect(other.clock()).toBe(one.clock());
  unlisten();
  one.setMode(advancedBy(one.mode(), 1));
  expect(other.clock()).toBe(one.clock() - 1);
});
