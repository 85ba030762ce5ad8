import type { Clock, Time } from "../../domain/ports/runtime.ts";
import { createEmitter } from "../world/emitter.ts";
import { advancedBy, type ClockMode, timeAt, WALL_CLOCK, wallMsUntil, withSpeed } from "./clock-mode.ts";

/**
 * A time that can be steered. Whoever sleeps in it is woken when it is due, and at once when time leaps past that: the
 * sleepers of a leap in the order in which they were due, each of them once.
 */
export interface VirtualTime extends Time {
  mode(): ClockMode;
  /** Takes up a course, such as that of another process: both then show the same at any moment. */
  setMode(course: ClockMode): void;
  setSpeed(speed: number): void;
  advance(ms: number): void;
  /** Told of every new course. Returns the way to stop listening. */
  onModeChange(listener: (course: ClockMode) => void): () => void;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** A timer takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** @param start how time goes at first: as on the wall, unless somebody says otherwise */
export function createVirtualTime(start: ClockMode = WALL_CLOCK, wall: Clock = () => Date.now()): VirtualTime {
  const courses = createEmitter<ClockMode>();
  let course = start;
  /** Those who are due first come first. */
  let sleepers: readonly Sleeper[] = [];
  let timer: NodeJS.Timeout | undefined;
  const clock = (): number => timeAt(course, wall());

  const wakeDue = (): void => {
    const now = clock();
    const due = sleepers.filter(({ dueAt }) => dueAt <= now);
    sleepers = sleepers.slice(due.length);
    for (const { wake } of due) wake();
    wait();
  };

  const wait = (): void => {
    clearTimeout(timer);
    const [next] = sleepers;
    if (!next) return;
    timer = setTimeout(wakeDue, Math.min(wallMsUntil(course, next.dueAt, wall()), MAX_TIMER_MS)).unref();
  };

  const add = (sleeper: Sleeper): void => {
    const after = sleepers.findIndex(({ dueAt }) => dueAt > sleeper.dueAt);
    sleepers = sleepers.toSpliced(after === -1 ? sleepers.length : after, 0, sleeper);
    wait();
  };

  const remove = (sleeper: Sleeper): void => {
    sleepers = sleepers.filter((other) => other !== sleeper);
    wait();
  };

  const setMode = (next: ClockMode): void => {
    course = next;
    wakeDue();
    courses.emit(course);
  };

  return {
    clock,
    sleep: (ms, signal) => sleepUntil(clock() + ms, { signal, add, remove }),
    mode: () => course,
    setMode,
    setSpeed: (speed) => setMode(withSpeed(course, speed, wall())),
    advance: (ms) => setMode(advancedBy(course, ms)),
    onModeChange: courses.subscribe,
  };
}

interface SleepQueue {
  readonly signal: AbortSignal | undefined;
  readonly add: (sleeper: Sleeper) => void;
  readonly remove: (sleeper: Sleeper) => void;
}

function sleepUntil(dueAt: number, { signal, add, remove }: SleepQueue): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const breakOff = (): void => {
      remove(sleeper);
      reject(signal?.reason);
    };
    const wake = (): void => {
      signal?.removeEventListener("abort", breakOff);
      resolve();
    };
    const sleeper = { dueAt, wake };
    signal?.addEventListener("abort", breakOff, { once: true });
    add(sleeper);
  });
}
