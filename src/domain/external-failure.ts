/** The world's failures as far as the domain may know them: it imports nothing, so it goes by their shape. */

/** Whether the outside world failed us, and not our own code. */
export function isExternalFailure(error: unknown): error is Error & { readonly retryable: boolean } {
  return error instanceof Error && "retryable" in error && typeof error.retryable === "boolean";
}

/** Whether asking again later may well succeed, so that an older answer is better than none. */
export function isRetryable(error: unknown): boolean {
  return isExternalFailure(error) && error.retryable;
}
