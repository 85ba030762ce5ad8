/**
 * The outside world did not do what we asked of it: what happened, and what somebody can do about it.
 * A person's slip is a value and not a Failure; our own bug is any other throw, and nobody catches it to go on.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  /** For logs and tests: `edge.what`, such as `wholesale.unauthorized`. */
  readonly code: string;
  /** The other side's own words: for whoever asked, never for the log, since they may repeat what was typed. */
  readonly upstreamMessage?: string;
  /** One sentence on what would help. */
  readonly hint: string;
  /** Whether the same call may well succeed later. */
  readonly retryable: boolean;
  /** Whether it may have been done all the same: no answer came, or one that does not tell. */
  readonly outcomeUnknown: boolean;
  /** How many seconds the other side asked us to wait. */
  readonly retryAfter?: number;
  /** The other side's own reference for this failure, to quote in a support case. */
  readonly trackingId?: string;

  constructor(code: string, what: string, fix: string, more: FailureDetails = {}) {
    super(what, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.hint = fix;
    this.retryable = more.retryable ?? false;
    this.outcomeUnknown = more.outcomeUnknown ?? false;
    if (more.upstreamMessage !== undefined) this.upstreamMessage = more.upstreamMessage;
    if (more.retryAfter !== undefined) this.retryAfter = more.retryAfter;
    if (more.trackingId !== undefined) this.trackingId = more.trackingId;
  }
}

interface FailureDetails {
  readonly cause?: unknown;
  readonly retryable?: boolean;
  readonly outcomeUnknown?: boolean;
  readonly upstreamMessage?: string;
  readonly retryAfter?: number;
  readonly trackingId?: string;
}
