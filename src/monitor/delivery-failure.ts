import { type DeliveryFailure, LONGEST_RETRY_AFTER_MS } from "../domain/alerts/delivery-policy.ts";
import type { Recipient } from "../domain/alerts/notice.ts";
import type { Presence } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";

/** How long to wait when Webex asks to slow down and sends no Retry-After. */
const DEFAULT_WAIT_S = 5;

/** Why a message was not delivered (ALERTS 29). Throws what is not a `Failure`. */
export function toDeliveryFailure(error: unknown): DeliveryFailure {
  if (!(error instanceof Failure)) throw error;
  const { code, retryable, outcomeUnknown, retryAfterS = DEFAULT_WAIT_S } = error;
  if (code === "webex.busy" || code === "webex.locked") {
    const waitMs = Math.min(retryAfterS * 1_000, LONGEST_RETRY_AFTER_MS);
    return { kind: "busy", waitMs, isRateLimit: code === "webex.busy" };
  }
  if (code === "webex.unauthorized") return { kind: "unauthorized" };
  if (code === "webex.forbidden" || code === "webex.not_found") return { kind: "gone" };
  return retryable || outcomeUnknown ? { kind: "retryable", possiblySent: outcomeUnknown } : { kind: "rejected" };
}

/**
 * Asks Webex whether a refusal means what it says: a 401 that the token is refused, a 403 or 404 that the bot is not in the room
 * (ALERTS 29). If it does not, the message is tried again like after any failure that may pass.
 */
export async function confirmFailure(
  failure: DeliveryFailure,
  recipient: Recipient,
  presence: Presence,
): Promise<DeliveryFailure> {
  const passing: DeliveryFailure = { kind: "retryable", possiblySent: false };
  if (failure.kind === "unauthorized") return (await presence.isTokenAccepted()) === false ? failure : passing;
  if (failure.kind !== "gone" || !("roomId" in recipient)) return failure;
  return (await presence.isMember(recipient.roomId)) === false ? failure : passing;
}
