import type { HttpOptions } from "../http.ts";
import { type Serve, serveOn } from "../server/server.ts";
import { lockDataDir } from "../store/data-dir-lock.ts";
import type { DatabaseOptions } from "../store/database.ts";

/** Everything that the process takes from its machine, besides the clock of its schedules. The simulator replaces all of it. */
export interface Platform {
  /** The network of outgoing calls, and the time of their waits and limits. */
  readonly network: Pick<HttpOptions, "connect" | "clock" | "sleep">;
  readonly serve: Serve;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Locks the folder for this process; returns the function that unlocks it. */
  readonly lockDataDir: (dataDir: string) => Promise<() => void>;
  readonly database: Pick<DatabaseOptions, "clock" | "wrapDialect">;
}

export const SYSTEM_PLATFORM: Platform = {
  network: {},
  serve: serveOn(),
  random: Math.random,
  lockDataDir,
  database: {},
};
