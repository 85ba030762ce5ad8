import type { Outbox } from "../domain/ports/alerting.ts";
import type { Log } from "../domain/ports/runtime.ts";

interface RoomMigrationDeps {
  readonly outbox: Pick<Outbox, "reachableRooms" | "migrate">;
  readonly exists: (roomId: string) => Promise<boolean>;
  readonly log: Log;
}

/**
 * Webex gives a space another id when its data moves to another region, and its event names the new id alone. The old id is
 * found by elimination: it is the one watching space that no longer exists. If none or several no longer exist, nothing is
 * migrated; the next post to the old id is rejected, and the people who set up its watches are told (ALERTS 29).
 */
export function createRoomMigrationHandler({ outbox, exists, log }: RoomMigrationDeps) {
  return async function handle(newRoomId: string): Promise<void> {
    const rooms = await outbox.reachableRooms();
    if (rooms.includes(newRoomId)) return;
    const lost: string[] = [];
    for (const roomId of rooms) if (!(await exists(roomId))) lost.push(roomId);
    const [only, ...others] = lost;
    if (only === undefined || others.length > 0)
      return log.warn("room.migration_ambiguous", { candidates: lost.length });
    await outbox.migrate(only, newRoomId);
    log.info("room.migration_followed");
  };
}
