import type { Clock, Time } from "../../domain/ports/runtime.ts";
import { createEmitter } from "../world/emitter.ts";
import { advancedBy, type ClockMode, timeAt, WALL_CLOCK, wallMsUntil, withSpeed } from "./clock-mode.ts";

/**
 * A clock that can be advanced, paused and sped up. Sleepers wake when they are due. An advance wakes all it passes, in the
 * order of their times, each once.
 */
export interface VirtualTime extends Time {
  mode(): ClockMode;
  /** Takes over a mode, such as that of another process: both clocks then show the same time. */
  setMode(mode: ClockMode): void;
  setSpeed(speed: number): void;
  advance(ms: number): void;
  /** Called with every new mode. Returns a function that unsubscribes. */
  onModeChange(listener: (mode: ClockMode) => void): () => void;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** The longest delay that `setTimeout` accepts. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** @param start the first mode; the system time when absent */
export function createVirtualTime(start: ClockMode = WALL_CLOCK, wall: Clock = () => Date.now()): VirtualTime {
  const modes = createEmitter<ClockMode>();
  let mode = start;
  /** By time. */
  let sleepers: readonly Sleeper[] = [];
  let timer: NodeJS.Timeout | undefined;
  const clock = (): number => timeAt(mode, wall());

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
    timer = setTimeout(wakeDue, Math.min(wallMsUntil(mode, next.dueAt, wall()), MAX_TIMER_MS)).unref();
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
    mode = next;
    wakeDue();
    modes.emit(mode);
  };

  return {
    clock,
    sleep: (ms, signal) => sleepUntil(clock() + ms, { signal, add, remove }),
    mode: () => mode,
    setMode,
    setSpeed: (speed) => setMode(withSpeed(mode, speed, wall())),
    advance: (ms) => setMode(advancedBy(mode, ms)),
    onModeChange: modes.subscribe,
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
    const abort = (): void => {
      remove(sleeper);
      reject(signal?.reason);
    };
    const wake = (): void => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const sleeper = { dueAt, wake };
    signal?.addEventListener("abort", abort, { once: true });
    add(sleeper);
  });
}
