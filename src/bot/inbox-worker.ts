import { setTimeout as timer } from "node:timers/promises";
import { withLeaseRenewal } from "../domain/lease-renewal.ts";
import type { Log, Sleep, Time } from "../domain/ports/runtime.ts";
import type { Inbox, InboxEvent } from "../domain/ports/store.ts";

/** Wakes whoever waits. A ring while nobody waits is not lost: the next wait ends at once. */
export interface WakeSignal {
  wake(): void;
  /** Resolves at the next ring, or after `milliseconds`. */
  wait(milliseconds: number): Promise<void>;
}

export function createWakeSignal(sleep: Sleep): WakeSignal {
  let hasRung = false;
  let wakeUp: (() => void) | undefined;
  return {
    wake() {
      hasRung = true;
      wakeUp?.();
    },
    async wait(milliseconds) {
      if (!hasRung) {
        const waking = new AbortController();
        wakeUp = () => waking.abort();
        await sleep(milliseconds, waking.signal).catch(() => undefined);
      }
      hasRung = false;
      wakeUp = undefined;
    },
  };
}

export interface InboxWorkerDeps extends Time {
  readonly inbox: Inbox;
  readonly log: Log;
  /** Tells this process from others on the same database. */
  readonly holder: string;
  /** Brings one event to an end, whatever that is. */
  readonly processEvent: (event: InboxEvent) => Promise<void>;
}

export interface InboxWorker {
  start(): void;
  /** There is something new in the inbox. */
  wake(): void;
  /** Takes nothing new, and resolves when what is under way is done, or `withinMs` is over. */
  stop(withinMs: number): Promise<void>;
}

/** How many rooms are answered at a time; each room gets one answer after the other. */
const ROOMS_AT_ONCE = 8;
const LEASE_MS = 30_000;
/** What other processes left behind is looked for this often. */
const POLL_MS = 5_000;
/** An event that is due but not to be had, because its room is busy, is not asked for more often than this. */
const PAUSE_MS = 250;

/** Inbox -> answer. Any instance on the same database may take up any event; a lease keeps two from answering one. */
export function createInboxWorker({ inbox, log, clock, sleep, holder, processEvent }: InboxWorkerDeps): InboxWorker {
  const bell = createWakeSignal(sleep);
  const running = new Map<number, Promise<void>>();
  let isStopped = false;
  let looping: Promise<void> | undefined;

  async function work(event: InboxEvent): Promise<void> {
    try {
      const step = () => renew(event);
      await withLeaseRenewal({ sleep, everyMs: LEASE_MS / 3, renew: step }, () => processEvent(event));
    } catch (error) {
      // The database did not take the outcome: the lease runs out, and the event is taken up again.
      log.error("inbox.failed", { id: event.id, error });
    }
  }

  async function renew({ id }: InboxEvent): Promise<void> {
    try {
      const isOurs = await inbox.renew(id, holder, clock(), LEASE_MS);
      if (!isOurs) log.warn("lease.lost", { id });
    } catch (error) {
      log.warn("lease.not_renewed", { error });
    }
  }

  function begin(event: InboxEvent): void {
    // When the clock leaps, as after a laptop's sleep, a lease runs out under the answer: that it was claimed again renews it.
    if (running.has(event.id)) return;
    const task = work(event).finally(() => {
      running.delete(event.id);
      bell.wake();
    });
    running.set(event.id, task);
  }

  /** Takes up what is due, and says for how long there is nothing more to do unless the bell rings. */
  async function claimAll(): Promise<number> {
    while (!isStopped && running.size < ROOMS_AT_ONCE) {
      const event = await inbox.claim(holder, clock(), LEASE_MS);
      if (event === undefined) break;
      begin(event);
    }
    const due = await inbox.nextDue();
    return due === undefined ? POLL_MS : Math.min(Math.max(due - clock(), PAUSE_MS), POLL_MS);
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const waitMs = await claimAll().catch((error: unknown) => {
        log.error("inbox.failed", { error });
        return POLL_MS;
      });
      await bell.wait(waitMs);
    }
  }

  return {
    start() {
      looping = run();
    },
    wake: bell.wake,
    async stop(withinMs) {
      isStopped = true;
      bell.wake();
      const limit = new AbortController();
      void Promise.all([looping, ...running.values()]).then(() => limit.abort());
      // On the wall's time, whatever the bot goes by: somebody waits for the process to end.
      await timer(withinMs, undefined, { signal: limit.signal }).catch(() => undefined);
    },
  };
}
