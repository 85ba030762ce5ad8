/**
 * A call to the outside (Webex, the Wholesale API, the database, the network) failed. A mistake in a command is a value
 * (`ParseError`), not a Failure. Any other error is a bug of the bot.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  /** For logs and tests: `edge.what`, such as `wholesale.unauthorized`. */
  readonly code: string;
  /** The message of the other side. It may be shown to the person who asked, but not logged: it may repeat what was typed. */
  readonly upstreamMessage?: string;
  /** One sentence: what to do about it. */
  readonly hint: string;
  /** True if the same call may succeed later. */
  readonly retryable: boolean;
  /** True if the call may have been carried out although it failed: no answer came, or an unclear one. */
  readonly outcomeUnknown: boolean;
  /** Retry-After, in seconds. */
  readonly retryAfterS?: number;
  /** The reference of the other side, for a support case. */
  readonly trackingId?: string;

  constructor(code: string, what: string, hint: string, more: FailureDetails = {}) {
    super(what, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.hint = hint;
    this.retryable = more.retryable ?? false;
    this.outcomeUnknown = more.outcomeUnknown ?? false;
    if (more.upstreamMessage !== undefined) this.upstreamMessage = more.upstreamMessage;
    if (more.retryAfterS !== undefined) this.retryAfterS = more.retryAfterS;
    if (more.trackingId !== undefined) this.trackingId = more.trackingId;
  }
}

interface FailureDetails {
  readonly cause?: unknown;
  readonly retryable?: boolean;
  readonly outcomeUnknown?: boolean;
  readonly upstreamMessage?: string;
  readonly retryAfterS?: number;
  readonly trackingId?: string;
}
