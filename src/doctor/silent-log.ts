import type { LogEvent } from "../domain/log-events.ts";
import type { Log } from "../domain/ports/runtime.ts";

/** The doctor's findings are on its lines, and nowhere else. */
export const SILENT_LOG: Log<LogEvent> = { info: () => undefined, warn: () => undefined, error: () => undefined };
