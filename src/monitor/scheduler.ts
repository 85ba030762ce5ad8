import type { Outbox } from "../domain/ports/alerting.ts";
import type { Log, Time } from "../domain/ports/runtime.ts";
import { type Loop, startLoop } from "./loops.ts";

export interface SchedulerDeps extends Time {
  readonly outbox: Pick<Outbox, "runScheduled">;
  /** `SWEEP_INTERVAL`. */
  readonly periodMs: number;
  readonly log: Log;
}

const TICK_MS = 5_000;
/** A break longer than this was none of the world's: the machine slept, or its clock was put forward. */
const BREAK_MS = 5 * 60_000;

/** All that time alone brings: reminders, ends of mutes and storms, digests, blindness (ALERTS 22 to 24, 31). */
export function startScheduler({ outbox, clock, sleep, periodMs: sweepIntervalMs, log }: SchedulerDeps): Loop {
  let runningSince = clock();
  let last = runningSince;
  const run = async (): Promise<void> => {
    const now = clock();
    // While nobody was awake nobody could see, which is no blindness.
    if (now - last > BREAK_MS) runningSince = now;
    last = now;
    await outbox.runScheduled({ now, runningSince, sweepIntervalMs });
  };
  return startLoop({ name: "scheduler", everyMs: TICK_MS, run, sleep, log });
}
