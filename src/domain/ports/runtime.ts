/** The present time, epoch milliseconds. */
export type Clock = () => number;

/** Resolves after `ms` on the bot's clock; rejects on abort. A pending sleep does not keep the process alive. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The clock of the bot's schedule, which the sandbox can advance. Network timeouts use the real time. */
export interface Time {
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** The secrets of this process: tokens, also renewed ones, client secret, webhook secrets. */
export interface Secrets {
  add(secret: string): void;
  /** The text without any of them. */
  redact(text: string): string;
}

/** Writes one line per event: a dotted name, then numbers and ids. Never a token, a message text or an address. */
export interface Log {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}
