import type { WebexApi } from "../api.ts";
import { innerId } from "../webex-id.ts";
import type { Activity } from "./activity.ts";

/** Proves that a connection hears: one of a wrong region opens, looks well, and hears nothing. */
export interface Probe {
  /** Makes a space of the bot alone, and removes it. Resolves when the connection told of that; rejects with `signal.reason`, or the `Failure` of Webex. */
  hear(signal: AbortSignal): Promise<void>;
  /** Takes an activity in the space of a probe; false for any other one, which may be an event. */
  take(activity: Activity): boolean;
}

const TITLE = "Wholesale Bot: connection test";

export function createProbe(api: Pick<WebexApi, "createRoom" | "deleteRoom">): Probe {
  /** Spaces by their bare ids: those that probes made, and all whose beginning was heard, perhaps before the call had its answer. */
  const own = new Set<string>();
  const begun = new Set<string>();
  let look = (): void => undefined;

  return {
    async hear(signal) {
      const room = await api.createRoom(TITLE);
      const id = innerId(room.id);
      own.add(id);
      try {
        await new Promise<void>((resolve, reject) => {
          look = () => begun.has(id) && resolve();
          look();
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          if (signal.aborted) reject(signal.reason);
        });
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
