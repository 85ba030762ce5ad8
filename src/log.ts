import { type DestinationStream, pino } from "pino";
import type { LogEvent } from "./domain/log-events.ts";
import type { Log } from "./domain/ports/runtime.ts";
import { Failure } from "./errors.ts";

/**
 * Writes one JSON line per event: `{"level":"info","time":…,"event":"answer.sent",…}`. An error is passed as `error`; its message
 * is written only if it is a `Failure`, so that no token, message text or address is logged.
 */
export function createLog(level: string, destination?: DestinationStream): Log<LogEvent> {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: serializeError },
    },
    destination ?? standardOutput(),
  );
  return {
    info: (event, fields = {}) => logger.info(fields, event),
    warn: (event, fields = {}) => logger.warn(fields, event),
    error: (event, fields = {}) => logger.error(fields, event),
  };
}

/** So many characters may wait for a reader of the log. */
const MAX_UNREAD = 4_000_000;

/** Never blocks and never throws, whoever reads the pipe: lines that nobody reads are dropped. */
function standardOutput(): DestinationStream {
  const { stdout } = process;
  stdout.on("error", () => undefined);
  return {
    write(line) {
      if (stdout.writableLength < MAX_UNREAD) stdout.write(line);
    },
  };
}

/** The message of a `Failure` is written by this code. The message of another error may quote anything and is left out. */
function serializeError(error: unknown): unknown {
  if (error instanceof Failure) {
    const { code, message, trackingId, retryAfterS, cause } = error;
    return { code, message, trackingId, retryAfter: retryAfterS, cause: serializeCause(cause) };
  }
  if (!(error instanceof Error)) return { kind: typeof error };
  return { kind: error.name, code: "code" in error ? error.code : undefined, at: stackOf(error) };
}

function serializeCause(cause: unknown): unknown {
  if (cause === undefined || typeof cause === "string") return cause;
  return serializeError(cause);
}

/** The stack without its first line, which is the message. */
function stackOf({ stack = "", message }: Error): string {
  return stack
    .replace(message, "")
    .split("\n")
    .slice(1, 6)
    .map((line) => line.trim())
    .join(" < ");
}
