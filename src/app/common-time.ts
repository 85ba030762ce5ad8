import type { Time } from "../domain/ports/runtime.ts";
import type { Store } from "../domain/ports/store.ts";
import { SYSTEM_TIME } from "./system-time.ts";

export interface CommonTime extends Time {
  /** Corrects the clock by how far it is off the database server's. */
  followDatabase(store: Pick<Store, "clockSkew">): Promise<void>;
}

/**
 * The time of all instances on one database, so that they agree when a lease ends, whatever their machines' clocks say. A clock
 * that the sandbox moves is left alone.
 */
export function createCommonTime(time: Time): CommonTime {
  let aheadMs = 0;
  return {
    clock: () => time.clock() - aheadMs,
    sleep: time.sleep,
    async followDatabase(store) {
      // Times are stored as whole milliseconds.
      if (time === SYSTEM_TIME) aheadMs = Math.round((await store.clockSkew()) ?? 0);
    },
  };
}
