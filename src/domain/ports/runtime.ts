import type { FaultEvent, PlainEvent } from "../log-events.ts";

/** The present time, epoch milliseconds. */
export type Clock = () => number;

/** Resolves after `ms` on the bot's clock; rejects on abort. A pending sleep does not keep the process alive. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The clock of the bot's schedule, which the sandbox can advance. Network timeouts use the real time. */
export interface Time {
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** Stands in the place of a secret of this process. */
export const REDACTED = "[redacted]";

/** The secrets of this process: tokens, also renewed ones, client secret, webhook secrets. */
export interface Secrets {
  add(secret: string): void;
  /** The text without any of them. */
  redact(text: string): string;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line per event: its name, then numbers and ids. Never a token, a message text or an address. */
export interface Log<Event extends string = PlainEvent> {
  info(event: Event, fields?: LogFields): void;
  warn(event: Event, fields?: LogFields): void;
  error(event: Event, fields?: LogFields): void;
}

/** Work that is tried again and again, and its faults that last: each is logged when it begins, hourly, and when it ends. */
export interface FaultLog extends Log {
  /** It failed, the first time or again. @param of tells apart what can fail by itself, such as scopes */
  failing(fault: FaultEvent, fields?: LogFields, of?: string): void;
  /** It did not fail. */
  working(fault: FaultEvent, of?: string): void;
}
