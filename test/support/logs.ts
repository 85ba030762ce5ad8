import { FAULTS } from "../../src/domain/log-events.ts";
import type { FaultLog, Log, LogFields } from "../../src/domain/ports/runtime.ts";

interface Lines {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** A log that writes a fault each time, and not its end. */
export const everyFault = (lines: Lines): FaultLog => ({
  ...lines,
  failing: (fault, fields) => lines[FAULTS[fault].level](fault, fields),
  working: () => undefined,
});

const silent: Log<string> = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const SILENT_LOG: FaultLog = everyFault(silent);
