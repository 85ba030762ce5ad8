import type { Outbox } from "../domain/ports/alerting.ts";
import type { FaultLog, Time } from "../domain/ports/runtime.ts";
import { type Loop, startLoop } from "./loops.ts";

export interface SchedulerDeps extends Time {
  readonly outbox: Pick<Outbox, "runScheduled">;
  readonly sweepIntervalMs: number;
  readonly log: FaultLog;
}

const TICK_MS = 5_000;
/** A longer gap between two runs means that the machine slept or that its clock was put forward. */
const GAP_MS = 5 * 60_000;

/** Everything that follows from time alone: reminders, ends of mutes and storms, digests, outages (ALERTS 22 to 24, 31). */
export function startScheduler({ outbox, clock, sleep, sweepIntervalMs, log }: SchedulerDeps): Loop {
  let runningSince = clock();
  let last = runningSince;
  const run = async (): Promise<void> => {
    const now = clock();
    // The time while the machine slept does not count as an outage.
    if (now - last > GAP_MS) runningSince = now;
    last = now;
    await outbox.runScheduled({ now, runningSince, sweepIntervalMs });
  };
  return startLoop({ name: "scheduler", pauseMs: TICK_MS, run, sleep, log });
}
