import type { InboundEvent } from "../domain/inbound-event.ts";
import type { Outbox } from "../domain/ports/alerting.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { Inbox, InboxEvent } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import type { Answers } from "./answer.ts";

interface EventHandlerDeps {
  /** Reads a stored event; undefined when it is of no interest to the bot. */
  readonly readEvent: (event: InboxEvent) => Promise<InboundEvent | undefined>;
  readonly answers: Answers;
  /** Records that a room may, or may not, see customer data in spite of guests. */
  readonly allow: (roomId: string, allowed: boolean) => Promise<void>;
  readonly outbox: Pick<Outbox, "suspend" | "resume">;
  readonly handleRoomMigration: (newRoomId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads one event and carries out what follows from it. */
export function createEventHandler({
  readEvent,
  answers,
  allow,
  outbox,
  handleRoomMigration,
  clock,
  log,
}: EventHandlerDeps) {
  return async function handle(event: InboxEvent): Promise<void> {
    const inbound = await readEvent(event);
    if (inbound === undefined) return log.info("event.ignored", { resource: event.resource });
    switch (inbound.kind) {
      case "request":
        return answers.answer(inbound);
      case "added":
        await outbox.resume(inbound.roomId, clock());
        return answers.greet(inbound);
      case "removed":
        // When the bot is added again, other people may be in the space.
        await allow(inbound.roomId, false);
        await outbox.suspend(inbound.roomId, "removed", clock());
        return log.info("room.left");
      case "migrated":
        return handleRoomMigration(inbound.roomId);
    }
  };
}

export interface ProcessEventDeps {
  readonly inbox: Inbox;
  readonly log: Log;
  readonly clock: Clock;
  /** The process that has claimed the event. */
  readonly holder: string;
  readonly handleEvent: (event: InboxEvent) => Promise<void>;
}

/** An older event is dropped and logged: an answer so late would confuse. */
const STALE_MS = 15 * 60_000;
const LONGEST_WAIT_MS = 60_000;

/** Handles one claimed event: done, dropped because it is too old, postponed after a failure that may pass, or given up. */
export function createProcessEvent({
  inbox,
  log,
  clock,
  holder,
  handleEvent,
}: ProcessEventDeps): (event: InboxEvent) => Promise<void> {
  return async function processEvent(event) {
    const fields = { id: event.id, resource: event.resource, attempts: event.attempts };
    const ageMs = clock() - event.receivedAt;
    if (ageMs > STALE_MS) {
      log.warn("inbox.dropped", { ...fields, ageSeconds: Math.round(ageMs / 1000) });
      return inbox.done(event.id, clock());
    }
    try {
      await handleEvent(event);
    } catch (error) {
      const waitMs = retryDelay(error, event.attempts);
      if (waitMs !== undefined) {
        log.warn("answer.postponed", { ...fields, waitMs, error });
        return inbox.postpone(event.id, holder, clock() + waitMs);
      }
      log.error("answer.failed", { ...fields, error });
    }
    await inbox.done(event.id, clock());
  };
}

/** Milliseconds until the next try; undefined when another try would fail as well. */
function retryDelay(error: unknown, attempts: number): number | undefined {
  if (!(error instanceof Failure) || !error.retryable) return undefined;
  return Math.max((error.retryAfterS ?? 0) * 1000, Math.min(1_000 * 2 ** attempts, LONGEST_WAIT_MS));
}
