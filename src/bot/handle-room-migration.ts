import type { Outbox } from "../domain/ports/alerting.ts";
import type { Log } from "../domain/ports/runtime.ts";

interface RoomMigrationDeps {
  readonly outbox: Pick<Outbox, "migrationCandidates" | "migrate">;
  readonly exists: (roomId: string) => Promise<boolean>;
  readonly clock: () => number;
  readonly log: Log;
}

/**
 * Webex gives a space another id when its data moves to another region, and its event names the new id alone. The old id is
 * found by elimination: it is the one watching space that no longer exists. A space suspended in the last hour counts as well,
 * because a message to the old id may have been refused before the event arrived. If none or several no longer exist, nothing
 * is migrated; the next post to the old id is rejected, and the people who set up its watches are told (ALERTS 29).
 */
export function createRoomMigrationHandler({ outbox, exists, clock, log }: RoomMigrationDeps) {
  return async function handle(newRoomId: string): Promise<void> {
    const now = clock();
    const rooms = await outbox.migrationCandidates(now - EVENT_DELAY_MS);
    if (rooms.includes(newRoomId)) return;
    const lost: string[] = [];
    for (const roomId of rooms) if (!(await exists(roomId))) lost.push(roomId);
    const [only, ...others] = lost;
    if (only === undefined || others.length > 0)
      return log.warn("room.migration_ambiguous", { candidates: lost.length });
    await outbox.migrate(only, newRoomId, now);
    log.info("room.migration_followed");
  };
}

/** An event of Webex arrives within this time. */
const EVENT_DELAY_MS = 60 * 60_000;
