import type { Clock, Time } from "../domain/ports.ts";
import { atSpeed, type Course, putForward, timeAt, WALL_COURSE, wallMsUntil } from "./course.ts";
import { createFeed } from "./feed.ts";

/**
 * A time that can be steered. Whoever sleeps in it is woken when it is due, and at once when time leaps past that: the
 * sleepers of a leap in the order in which they were due, each of them once.
 */
export interface VirtualTime extends Time {
  course(): Course;
  /** Takes up a course, such as that of another process: both then show the same at any moment. */
  follow(course: Course): void;
  setSpeed(speed: number): void;
  forward(ms: number): void;
  /** Told of every new course. Returns the way to stop listening. */
  listen(listener: (course: Course) => void): () => void;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** A timer takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

/** @param start how time goes at first: as on the wall, unless somebody says otherwise */
export function createVirtualTime(start: Course = WALL_COURSE, wall: Clock = () => Date.now()): VirtualTime {
  const courses = createFeed<Course>();
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
    timer = setTimeout(wakeDue, Math.min(wallMsUntil(course, next.dueAt, wall()), LONGEST_MS)).unref();
  };

  const lieDown = (sleeper: Sleeper): void => {
    const after = sleepers.findIndex(({ dueAt }) => dueAt > sleeper.dueAt);
    sleepers = sleepers.toSpliced(after === -1 ? sleepers.length : after, 0, sleeper);
    wait();
  };

  const getUp = (sleeper: Sleeper): void => {
    sleepers = sleepers.filter((other) => other !== sleeper);
    wait();
  };

  const follow = (next: Course): void => {
    course = next;
    wakeDue();
    courses.tell(course);
  };

  return {
    clock,
    sleep: (ms, signal) => sleepUntil(clock() + ms, { signal, lieDown, getUp }),
    course: () => course,
    follow,
    setSpeed: (speed) => follow(atSpeed(course, speed, wall())),
    forward: (ms) => follow(putForward(course, ms)),
    listen: courses.listen,
  };
}

interface Bed {
  readonly signal: AbortSignal | undefined;
  readonly lieDown: (sleeper: Sleeper) => void;
  readonly getUp: (sleeper: Sleeper) => void;
}

function sleepUntil(dueAt: number, { signal, lieDown, getUp }: Bed): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const breakOff = (): void => {
      getUp(sleeper);
      reject(signal?.reason);
    };
    const wake = (): void => {
      signal?.removeEventListener("abort", breakOff);
      resolve();
    };
    const sleeper = { dueAt, wake };
    signal?.addEventListener("abort", breakOff, { once: true });
    lieDown(sleeper);
  });
}
