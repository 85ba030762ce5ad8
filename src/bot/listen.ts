import type { InboundEvent } from "../domain/inbound-event.ts";
import type { Outbox } from "../domain/ports/alerting.ts";
import type { Clock, InboxEvent, Log } from "../domain/ports/messaging.ts";
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
