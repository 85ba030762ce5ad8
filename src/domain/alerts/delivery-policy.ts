import type { NoticeKind } from "./notice.ts";

/** The failures that differ in what follows (ALERTS 29). */
export type DeliveryFailure =
  /** 429 or 423; not counted as a try. A 429 is about the bot as a whole, a 423 about the room. */
  | { readonly kind: "busy"; readonly waitMs: number; readonly isRateLimit?: boolean }
  /** 5xx, no connection or no answer. */
  | { readonly kind: "retryable"; readonly possiblySent: boolean }
  /** 400 and other statuses that reject the message itself. */
  | { readonly kind: "rejected" }
  /** The edit of a storm's first summary was rejected: its thread tells instead (ALERTS 21, 30). */
  | { readonly kind: "edit rejected" }
  /** 401. */
  | { readonly kind: "unauthorized" }
  /** 403 or 404: the bot is not in the space, or the space is deleted. */
  | { readonly kind: "gone" };

export type RetryDecision =
  | { readonly next: "retry"; readonly at: number }
  | { readonly next: "dead" }
  | { readonly next: "suspend" };

/** A longer Retry-After is not believed. */
export const LONGEST_RETRY_AFTER_MS = 5 * 60_000;
/** A second recipient that gets a 429 within this time shows that Webex slows down the bot, and not one room. */
export const SECOND_RATE_LIMIT_MS = 30_000;

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
    case "edit rejected":
      return { next: "retry", at: now };
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

/** Each has something else in its place when it is dead: single alerts, or nothing. */
const NOT_TRIED_AGAIN: readonly NoticeKind[] = ["baseline", "catch-up", "storm-end"];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Soon, as a fault of the way to Webex refuses every message for as long as it lasts. */
const QUICK_RETRIES = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS];
/** The wait after each time that a notice was given up; from then on daily. */
const DEAD_RETRIES = [...QUICK_RETRIES, HOUR_MS, 4 * HOUR_MS];

/** When a dead notice is tried again (ALERTS 29); undefined for never. @param givenUp how often it was given up, from 1 */
export function nextTryOfDead(kind: NoticeKind, givenUp: number, now: number): number | undefined {
  if (NOT_TRIED_AGAIN.includes(kind)) return undefined;
  // By then rule 31 repeats it.
  if (kind === "outage" && isRefusedForLong(givenUp)) return undefined;
  return now + (DEAD_RETRIES[givenUp - 1] ?? 24 * HOUR_MS);
}

/** True if the quick retries failed as well: then the notice itself may be what is refused. */
export const isRefusedForLong = (givenUp: number): boolean => givenUp > QUICK_RETRIES.length;

/** How often a notice was given up, after one more time: 24 h of tries stand for the quick retries. */
export function countGivenUp(before: number, cause: DeliveryFailure["kind"]): number {
  return cause === "retryable" ? Math.max(before, QUICK_RETRIES.length) + 1 : before + 1;
}

/** True from the time on at which no retry follows soon: people are told then, once. */
export function isForPeople(kind: NoticeKind, givenUp: number): boolean {
  return givenUp > 0 && (isRefusedForLong(givenUp) || nextTryOfDead(kind, givenUp, 0) === undefined);
}
