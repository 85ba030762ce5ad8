import type { InboundEvent } from "../domain/inbound-event.ts";
import type { Outbox } from "../domain/ports/alerting.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { Inbox, InboxEvent } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import type { Answers } from "./answer.ts";

interface EventHandlerDeps {
  /** Reads a kept event; undefined when there is nothing in it for us. */
  readonly readEvent: (event: InboxEvent) => Promise<InboundEvent | undefined>;
  readonly answers: Answers;
  /** Whether a room may see customer data in spite of guests. */
  readonly allow: (roomId: string, allowed: boolean) => Promise<void>;
  readonly outbox: Pick<Outbox, "suspend" | "resume">;
  /** Goes on in a space that got another id. */
  readonly followRoomMigration: (newRoomId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Event -> what was said -> answer. */
export function createEventHandler({
  readEvent,
  answers,
  allow,
  outbox,
  followRoomMigration,
  clock,
  log,
}: EventHandlerDeps) {
  return async function listen(event: InboxEvent): Promise<void> {
    const heard = await readEvent(event);
    if (heard === undefined) return log.info("event.ignored", { resource: event.resource });
    switch (heard.kind) {
      case "request":
        return answers.answer(heard);
      case "added":
        await outbox.resume(heard.roomId, clock());
        return answers.greet(heard);
      case "removed":
        // Whoever adds the bot again may have others in the space by then.
        await allow(heard.roomId, false);
        await outbox.suspend(heard.roomId, "removed", clock());
        return log.info("room.left");
      case "migrated":
        return followRoomMigration(heard.roomId);
    }
  };
}

export interface ProcessEventDeps {
  readonly inbox: Inbox;
  readonly log: Log;
  readonly clock: Clock;
  /** Who has taken the event up: this process. */
  readonly holder: string;
  /** Answers one event. */
  readonly handleEvent: (event: InboxEvent) => Promise<void>;
}

/** Nobody waits longer for an answer than this; what is older is dropped, and the log says so. */
const STALE_MS = 15 * 60_000;
const LONGEST_WAIT_MS = 60_000;

/** Brings one event to an end: answered, dropped as stale, put off because the trouble passes, or given up with a line in the log. */
export function createProcessEvent({
  inbox,
  log,
  clock,
  holder,
  handleEvent,
}: ProcessEventDeps): (event: InboxEvent) => Promise<void> {
  return async function settle(event) {
    const fields = { id: event.id, resource: event.resource, attempts: event.attempts };
    const ageMs = clock() - event.receivedAt;
    if (ageMs > STALE_MS) {
      log.warn("inbox.dropped", { ...fields, ageSeconds: Math.round(ageMs / 1000) });
      return inbox.drop(event.id, clock());
    }
    try {
      await handleEvent(event);
    } catch (error) {
      const waitMs = waitAfter(error, event.attempts);
      if (waitMs !== undefined) {
        log.warn("answer.postponed", { ...fields, waitMs, error });
        return inbox.postpone(event.id, holder, clock() + waitMs);
      }
      log.error("answer.failed", { ...fields, error });
    }
    await inbox.done(event.id, clock());
  };
}

/** How long to wait before trying again, in milliseconds; undefined where trying again would fail for ever. */
function waitAfter(error: unknown, attempts: number): number | undefined {
  if (!(error instanceof Failure) || !error.retryable) return undefined;
  return Math.max((error.retryAfter ?? 0) * 1000, Math.min(1_000 * 2 ** attempts, LONGEST_WAIT_MS));
}
