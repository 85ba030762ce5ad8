/** Epoch milliseconds, now. */
export type Clock = () => number;

/** Resolves once the clock shows so many milliseconds more; rejects on abort. It does not keep the process alive. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The time that the bot keeps its own schedule by. What waits for somebody on the network goes by the wall's. */
export interface Time {
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** One line per event: a dotted name, then figures and ids. Never a token, a message text or an address. */
export interface Log {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}
