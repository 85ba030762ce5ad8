import type { Outbox } from "../domain/alerting.ts";
import type { Log, Time } from "../domain/ports.ts";
import { type Loop, startLoop } from "./loop.ts";

export interface RemindDeps extends Time {
  readonly outbox: Pick<Outbox, "tick">;
  /** `SWEEP_INTERVAL`. */
  readonly periodMs: number;
  readonly log: Log;
}

const TICK_MS = 5_000;
/** A break longer than this was none of the world's: the machine slept, or its clock was put forward. */
const BREAK_MS = 5 * 60_000;

/** All that time alone brings: reminders, ends of mutes and storms, digests, blindness (ALERTS 22 to 24, 31). */
export function startReminding({ outbox, clock, sleep, periodMs, log }: RemindDeps): Loop {
  let awakeSince = clock();
  let last = awakeSince;
  const run = async (): Promise<void> => {
    const now = clock();
    // While nobody was awake nobody could see, which is no blindness.
    if (now - last > BREAK_MS) awakeSince = now;
    last = now;
    await outbox.tick({ now, awakeSince, periodMs });
  };
  return startLoop({ name: "remind", everyMs: TICK_MS, run, sleep, log });
}
