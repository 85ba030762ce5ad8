import { countGuests, type Policy } from "../domain/access.ts";
import type { Log } from "../domain/ports/runtime.ts";
import type { RoomMember } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";

interface GuestsDeps {
  readonly policy: Policy;
  readonly members: (roomId: string) => Promise<readonly RoomMember[]>;
  readonly log: Log;
}

/** How many people in a room are not insiders; undefined when the members cannot be read. */
export function createGuestCounter({ policy, members, log }: GuestsDeps) {
  return async function guests(roomId: string): Promise<number | undefined> {
    try {
      return countGuests(policy, await members(roomId));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn("members.read_failed", { error });
      return undefined;
    }
  };
}
