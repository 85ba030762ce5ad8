import type { FaultEvent } from "../domain/log-events.ts";
import type { FaultLog, Sleep } from "../domain/ports/runtime.ts";

type LoopName<Event = FaultEvent> = Event extends `${infer Name}.failed` ? Name : never;

export interface LoopDeps {
  /** A failed run is logged as `<name>.failed`. */
  readonly name: LoopName;
  /** From the end of a run to the start of the next one; a function is called after each run. */
  readonly pauseMs: number | (() => number);
  /** True if the first run starts at once and not after the first wait. */
  readonly atOnce?: boolean;
  /** The signal asks it to stop early. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly sleep: Sleep;
  readonly log: FaultLog;
}

export interface Loop {
  /** Resolves when the run under way is over; no other run starts. */
  stop(): Promise<void>;
}

/** Tells the loop from what it runs, which may log the same fault by itself. */
const LOOP = "loop";

type Run = Pick<LoopDeps, "name" | "run" | "log">;

/** One run, whose failure is logged. */
export async function runOnce({ name, run, log }: Run, signal = new AbortController().signal): Promise<void> {
  await run(signal).then(
    () => log.working(`${name}.failed`, LOOP),
    (error: unknown) => log.failing(`${name}.failed`, { error }, LOOP),
  );
}

/** Runs something again and again, one run after the other. A failed run is logged, and the loop goes on. */
export function startLoop({ name, pauseMs, atOnce = false, run, sleep, log }: LoopDeps): Loop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = async (): Promise<void> => {
    const ms = typeof pauseMs === "number" ? pauseMs : pauseMs();
    await sleep(ms, signal).catch(() => undefined);
  };
  const over = (async () => {
    if (!atOnce) await pause();
    while (!signal.aborted) {
      await runOnce({ name, run, log }, signal);
      await pause();
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await over;
    },
  };
}

export interface HeartbeatDeps {
  /** True if the bot can read the Wholesale API and post to Webex. */
  readonly isHealthy: () => Promise<boolean>;
  readonly ping: () => Promise<void>;
  readonly sleep: Sleep;
  readonly log: FaultLog;
}

const PING_INTERVAL_MS = 60_000;

/** The dead man's switch (PRODUCT 6): the monitor behind `HEARTBEAT_URL` is called only while the bot is healthy. */
export function startHeartbeat({ isHealthy, ping, sleep, log }: HeartbeatDeps): Loop {
  const run = async (): Promise<void> => {
    if (!(await isHealthy())) return log.failing("heartbeat.skipped");
    log.working("heartbeat.skipped");
    await ping();
  };
  return startLoop({ name: "heartbeat", pauseMs: PING_INTERVAL_MS, atOnce: true, run, sleep, log });
}
