/** The failures that differ in what follows (ALERTS 29). */
export type DeliveryFailure =
  /** 429 or 423; not counted as a try. */
  | { readonly kind: "busy"; readonly waitMs: number }
  /** 5xx, no connection or no answer. */
  | { readonly kind: "retryable"; readonly possiblySent: boolean }
  /** 400 and other statuses that reject the message itself. */
  | { readonly kind: "rejected" }
  /** 401. */
  | { readonly kind: "unauthorized" }
  /** 403 or 404: the bot is not in the space, or the space is deleted. */
  | { readonly kind: "gone" };

export type RetryDecision =
  | { readonly next: "retry"; readonly at: number }
  | { readonly next: "dead" }
  | { readonly next: "suspend" };

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
const GIVE_UP_MS = 24 * 3_600_000;
const UNAUTHORIZED_MS = 60_000;

/**
 * The next step after a delivery failure (ALERTS 29).
 * @param tried.attempts failed tries, including this one
 * @param tried.since the time of the first of them
 * @param jitter a random number from 0 to 1
 */
export function afterDeliveryFailure(
  failure: DeliveryFailure,
  tried: { readonly attempts: number; readonly since: number; readonly now: number },
  jitter: number,
): RetryDecision {
  const { attempts, since, now } = tried;
  switch (failure.kind) {
    case "busy":
      return { next: "retry", at: now + failure.waitMs };
    case "unauthorized":
      return { next: "retry", at: now + UNAUTHORIZED_MS };
    case "rejected":
      return { next: "dead" };
    case "gone":
      return { next: "suspend" };
    case "retryable": {
      if (now - since >= GIVE_UP_MS) return { next: "dead" };
      const waitMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
      return { next: "retry", at: now + Math.round(waitMs * (0.75 + jitter / 2)) };
    }
  }
}
