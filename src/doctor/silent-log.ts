import type { LogEvent } from "../domain/log-events.ts";
import type { Log } from "../domain/ports/runtime.ts";

/** What the doctor finds is on its lines, and nowhere else. */
export const SILENT_LOG: Log<LogEvent> = { info: () => undefined, warn: () => undefined, error: () => undefined };
