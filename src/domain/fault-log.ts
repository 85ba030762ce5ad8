import { FAULTS, type FaultEvent, type LogEvent } from "./log-events.ts";
import type { Clock, FaultLog, Log, LogFields } from "./ports/runtime.ts";

const HOUR_MS = 60 * 60_000;

/** A fault that has begun and has not ended. */
interface LastingFault {
  readonly since: number;
  lastAt: number;
  times: number;
  loggedAt: number;
  /** The causes that were logged in this hour: another cause is logged at once. */
  causes: Set<string>;
}

/** Writes a fault that lasts when it begins, hourly, and when it ends, with its cure. All loops log through it. */
export function createFaultLog(log: Log<LogEvent>, clock: Clock): FaultLog {
  const lasting = new Map<string, LastingFault>();

  const failing = (fault: FaultEvent, fields: LogFields = {}, of = ""): void => {
    const now = clock();
    const key = `${fault} ${of}`;
    const known = lasting.get(key) ?? { since: now, lastAt: now, times: 0, loggedAt: now, causes: new Set() };
    lasting.set(key, known);
    known.times += 1;
    known.lastAt = now;
    if (!isNews(known, causeOf(fields.error), now)) return;
    const { cure } = FAULTS[fault];
    const level = isBug(fields.error) ? "error" : FAULTS[fault].level;
    const duration = known.times > 1 && { times: known.times, lastsS: seconds(now - known.since) };
    log[level](fault, { ...fields, ...duration, cure: hintOf(fields.error) ?? cure });
  };

  const working = (fault: FaultEvent, of = ""): void => {
    const key = `${fault} ${of}`;
    const known = lasting.get(key);
    if (known === undefined || clock() - known.lastAt < calmMsOf(fault)) return;
    lasting.delete(key);
    const { since, lastAt, times } = known;
    log.info(FAULTS[fault].over, { ...(of !== "" && { of }), times, lastedS: seconds(lastAt - since) });
  };

  return { info: log.info, warn: log.warn, error: log.error, failing, working };
}

/** True at the start, an hour after the last line, and for a cause that has no line in this hour. */
function isNews(fault: LastingFault, cause: string, now: number): boolean {
  const isHourOver = now - fault.loggedAt >= HOUR_MS;
  if (!isHourOver && fault.causes.has(cause)) return false;
  if (isHourOver) fault.causes.clear();
  fault.causes.add(cause);
  fault.loggedAt = now;
  return true;
}

/** Everything that is thrown but a `Failure` is a bug. */
const isBug = (error: unknown): boolean => error instanceof Error && error.name !== "Failure";

/** Tells causes apart: the code of a failure, and where a bug is. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && typeof error.code === "string") return error.code;
  return /^\s+at .*$/m.exec(error.stack ?? "")?.[0] ?? error.name;
}

function hintOf(error: unknown): string | undefined {
  const hint = error instanceof Error && "hint" in error ? error.hint : undefined;
  return typeof hint === "string" && hint !== "" ? hint : undefined;
}

function calmMsOf(fault: FaultEvent): number {
  const kind = FAULTS[fault];
  return "calmMs" in kind ? kind.calmMs : 0;
}

const seconds = (ms: number): number => Math.round(ms / 1000);
