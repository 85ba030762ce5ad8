import { setTimeout as timer } from "node:timers/promises";
import { LEASE_MS, withLeaseRenewal } from "../domain/lease.ts";
import type { FaultLog, Time } from "../domain/ports/runtime.ts";
import type { Inbox, InboxEvent } from "../domain/ports/store.ts";
import { createWakeSignal } from "../domain/wake-signal.ts";

export interface InboxWorkerDeps extends Time {
  readonly inbox: Inbox;
  readonly log: FaultLog;
  /** Names this process in leases. */
  readonly holder: string;
  /** Handles one event, and records in the inbox what became of it. */
  readonly processEvent: (event: InboxEvent) => Promise<void>;
}

export interface InboxWorker {
  start(): void;
  /** Looks into the inbox now, because an event was added. */
  wake(): void;
  /** Claims nothing new; resolves when the running events are done, or after `withinMs`. */
  stop(withinMs: number): Promise<void>;
}

/** How many rooms are answered at once; in each room one event is answered after the other. */
const ROOMS_AT_ONCE = 8;
/** Events that other processes left behind are found within this time. */
const POLL_MS = 5_000;
/** The shortest wait between two claims, as when a due event cannot be claimed because its room is busy. */
const PAUSE_MS = 250;

/** Claims events and handles them. Any instance on the database may claim any event; a lease prevents a second answer. */
export function createInboxWorker(deps: InboxWorkerDeps): InboxWorker {
  const { inbox, log, clock, sleep, holder } = deps;
  const wakeSignal = createWakeSignal(sleep);
  const running = new Map<number, Promise<void>>();
  let isStopped = false;
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!isStopped) {
      const waitMs = await claimDue().catch((error: unknown) => {
        log.failing("inbox.failed", { error });
        return POLL_MS;
      });
      await wakeSignal.wait(waitMs);
    }
  }

  /** Starts what is due. Returns for how many milliseconds to wait, unless the signal comes earlier. */
  async function claimDue(): Promise<number> {
    while (!isStopped && running.size < ROOMS_AT_ONCE) {
      const event = await inbox.claim(holder, clock(), LEASE_MS);
      if (event === undefined) break;
      begin(event);
    }
    log.working("inbox.failed");
    // The end of one of them wakes the loop.
    if (running.size >= ROOMS_AT_ONCE) return POLL_MS;
    const due = await inbox.nextDue();
    return due === undefined ? POLL_MS : Math.min(Math.max(due - clock(), PAUSE_MS), POLL_MS);
  }

  function begin(event: InboxEvent): void {
    // After the clock jumped, as after a laptop’s sleep, the lease of a running event has run out. The new claim renews it.
    if (running.has(event.id)) return;
    const task = work(deps, event).finally(() => {
      running.delete(event.id);
      wakeSignal.wake();
    });
    running.set(event.id, task);
  }

  return {
    start() {
      loop = run();
    },
    wake: wakeSignal.wake,
    async stop(withinMs) {
      isStopped = true;
      wakeSignal.wake();
      await waitAtMost(withinMs, [loop, ...running.values()]);
    },
  };
}

/** Tells recording an outcome from claiming. */
const OUTCOME = "outcome";

async function work({ processEvent, inbox, holder, clock, sleep, log }: InboxWorkerDeps, event: InboxEvent) {
  const { id } = event;
  const renew = async (): Promise<void> => {
    try {
      const isOurs = await inbox.renew(id, holder, clock(), LEASE_MS);
      log.working("lease.not_renewed");
      if (!isOurs) log.warn("lease.lost", { id });
    } catch (error) {
      log.failing("lease.not_renewed", { error });
    }
  };
  try {
    await withLeaseRenewal({ sleep, everyMs: LEASE_MS / 3, renew }, () => processEvent(event));
    log.working("inbox.failed", OUTCOME);
  } catch (error) {
    // The outcome could not be recorded: the lease runs out, and the event is claimed again.
    log.failing("inbox.failed", { id, error }, OUTCOME);
  }
}

/** In real time, even when the bot has a simulated clock: somebody waits for the process to end. */
async function waitAtMost(ms: number, tasks: readonly (Promise<void> | undefined)[]): Promise<void> {
  const done = new AbortController();
  void Promise.all(tasks).then(() => done.abort());
  await timer(ms, undefined, { signal: done.signal }).catch(() => undefined);
}
