import { setTimeout as timer } from "node:timers/promises";
import type { WebexApi } from "../api.ts";
import { innerId } from "../webex-id.ts";
import type { Activity } from "./activity.ts";

/** Proves that a connection hears: one of a wrong region opens, looks well, and hears nothing. */
export interface Probe {
  /**
   * Makes a space of the bot alone, and removes it. True if the connection told of that in time. Rejects with the `Failure` of
   * Webex, and when the signal aborts.
   */
  isHeard(signal: AbortSignal): Promise<boolean>;
  /** Takes an activity in the space of a probe; false for any other one, which may be an event. */
  take(activity: Activity): boolean;
}

const TITLE = "Wholesale Bot: connection test";
/** How long an activity of our own may be on its way, in real time. */
const WITHIN_MS = 30_000;

export function createProbe(api: Pick<WebexApi, "createRoom" | "deleteRoom">, withinMs = WITHIN_MS): Probe {
  /** Spaces by their bare ids: those that probes made, and all whose beginning was heard, perhaps before the call had its answer. */
  const own = new Set<string>();
  const begun = new Set<string>();
  let look = (): void => undefined;

  return {
    async isHeard(signal) {
      const room = await api.createRoom(TITLE);
      const id = innerId(room.id);
      own.add(id);
      try {
        const heard = new Promise<true>((resolve) => {
          look = () => begun.has(id) && resolve(true);
          look();
        });
        return await Promise.race([heard, timer(withinMs, false, { signal, ref: false })]);
      } finally {
        // A space that stays is seen by the bot alone.
        await api.deleteRoom(room.id).catch(() => undefined);
      }
    },
    take({ space, verb }) {
      if (verb === "create") begun.add(space.id);
      look();
      return own.has(space.id);
    },
  };
}
