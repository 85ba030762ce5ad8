/** True for a `Failure`, which an outside system caused. Checked by its shape, because the domain may not import the class. */
export function isExternalFailure(error: unknown): error is Error & { readonly retryable: boolean } {
  return error instanceof Error && "retryable" in error && typeof error.retryable === "boolean";
}

/** The same call may succeed later, so an older answer can be shown meanwhile. */
export function isRetryable(error: unknown): boolean {
  return isExternalFailure(error) && error.retryable;
}
