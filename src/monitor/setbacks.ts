import type { DeliveryFailure } from "../domain/alerts/notice.ts";
import type { PostedMessage } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";

/** What concerns this message or this space alone says nothing of how Webex fares. */
export async function postedOrRefusal(
  call: Promise<PostedMessage>,
): Promise<PostedMessage | DeliveryFailure> {
  try {
    return await call;
  } catch (error) {
    const setback = toDeliveryFailure(error);
    if (setback.kind === "gone" || setback.kind === "refused") return setback;
    throw error;
  }
}

/** Why a message did not get through (ALERTS 29). Throws what is no failure of the world outside. */
export function toDeliveryFailure(error: unknown): DeliveryFailure {
  if (!(error instanceof Failure)) throw error;
  const { code, retryable, outcomeUnknown, retryAfter = DEFAULT_WAIT_S } = error;
  if (code === "webex.busy") return { kind: "busy", waitMs: retryAfter * 1_000 };
  if (code === "webex.unauthorized") return { kind: "unauthorized" };
  if (code === "webex.forbidden" || code === "webex.not_found") return { kind: "gone" };
  return retryable || outcomeUnknown
    ? { kind: "retryable", possiblySent: outcomeUnknown }
    : { kind: "refused" };
}

const DEFAULT_WAIT_S = 5;
