import type { Clock, Inbox, InboxEvent, Log } from "../domain/ports.ts";
import { createBell } from "./bell.ts";

export interface WorkerDeps {
  readonly inbox: Inbox;
  readonly log: Log;
  readonly clock: Clock;
  /** Tells this process from others on the same database. */
  readonly holder: string;
  /** Brings one event to an end, whatever that is. */
  readonly settle: (event: InboxEvent) => Promise<void>;
}

export interface Worker {
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
const LOOK_MS = 5_000;
/** An event that is due but not to be had, because its room is busy, is not asked for more often than this. */
const PAUSE_MS = 250;

/** Inbox -> answer. Any instance on the same database may take up any event; a lease keeps two from answering one. */
export function createWorker({ inbox, log, clock, holder, settle }: WorkerDeps): Worker {
  const bell = createBell();
  const running = new Set<Promise<void>>();
  let isStopped = false;
  let looping: Promise<void> | undefined;

  async function work(event: InboxEvent): Promise<void> {
    const renew = async () => {
      const isOurs = await inbox.renew(event.id, holder, clock(), LEASE_MS);
      if (!isOurs) log.warn("lease.lost", { id: event.id });
    };
    const renewal = setInterval(
      () => void renew().catch((error: unknown) => log.warn("lease.not_renewed", { error })),
      LEASE_MS / 3,
    );
    try {
      await settle(event);
    } catch (error) {
      // The database did not take the outcome: the lease runs out, and the event is taken up again.
      log.error("inbox.failed", { id: event.id, error });
    } finally {
      clearInterval(renewal);
    }
  }

  function begin(event: InboxEvent): void {
    const task = work(event).finally(() => {
      running.delete(task);
      bell.ring();
    });
    running.add(task);
  }

  /** Takes up what is due, and says for how long there is nothing more to do unless the bell rings. */
  async function claimAll(): Promise<number> {
    while (!isStopped && running.size < ROOMS_AT_ONCE) {
      const event = await inbox.claim(holder, clock(), LEASE_MS);
      if (event === undefined) break;
      begin(event);
    }
    const due = await inbox.nextDue();
    return due === undefined ? LOOK_MS : Math.min(Math.max(due - clock(), PAUSE_MS), LOOK_MS);
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const waitMs = await claimAll().catch((error: unknown) => {
        log.error("inbox.failed", { error });
        return LOOK_MS;
      });
      await bell.wait(waitMs);
    }
  }

  return {
    start() {
      looping = run();
    },
    wake: bell.ring,
    async stop(withinMs) {
      isStopped = true;
      bell.ring();
      const limit = createBell();
      void Promise.all([looping, ...running]).then(limit.ring);
      await limit.wait(withinMs);
    },
  };
}
