import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { Inbox, InboxEvent, Rooms } from "../domain/ports/store.ts";

interface TurnsDeps {
  readonly inbox: Pick<Inbox, "endedAt">;
  readonly rooms: Pick<Rooms, "reserveWaitNote">;
  /** `QUESTIONS_PER_MINUTE`. */
  readonly perMinute: number;
  /** Tells the person, in this space, that their further questions wait. */
  readonly tellToWait: (personId: string, roomId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const MINUTE_MS = 60_000;
/** A person is told once in this time that their questions wait. */
const NOTE_INTERVAL_MS = 10 * MINUTE_MS;

/** Milliseconds until the sender of an event may be answered again, so that nobody takes the bot from the others. */
export function createTurns({ inbox, rooms, perMinute, tellToWait, clock, log }: TurnsDeps) {
  return async function waitForTurn(event: InboxEvent): Promise<number> {
    const { senderId } = event;
    if (senderId === undefined) return 0;
    const now = clock();
    const endedAt = await inbox.endedAt(senderId, perMinute - 1, now - MINUTE_MS);
    if (endedAt === undefined) return 0;
    if (await rooms.reserveWaitNote(senderId, now, NOTE_INTERVAL_MS)) {
      log.info("answer.waits");
      await tellToWait(senderId, event.roomId).catch((error: unknown) => log.warn("wait_note.failed", { error }));
    }
    return endedAt + MINUTE_MS - now;
  };
}
