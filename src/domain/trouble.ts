/** The world's failures as far as the domain may know them: it imports nothing, so it goes by their shape. */

/** Whether the outside world failed us, and not our own code. */
export function isTrouble(error: unknown): error is Error & { readonly passing: boolean } {
  return error instanceof Error && "passing" in error && typeof error.passing === "boolean";
}

/** Whether asking again later may well succeed, so that an older answer is better than none. */
export function isPassing(error: unknown): boolean {
  return isTrouble(error) && error.passing;
}
