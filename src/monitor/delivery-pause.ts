import { type DeliveryFailure, SECOND_RATE_LIMIT_MS } from "../domain/alerts/delivery-policy.ts";
import type { Recipient } from "../domain/alerts/notice.ts";
import type { Presence } from "../domain/ports/messaging.ts";
import type { Clock } from "../domain/ports/runtime.ts";

interface DeliveryPauseDeps {
  readonly presence: Pick<Presence, "isTokenAccepted">;
  readonly clock: Clock;
}

/** How long all delivery rests before the token is asked about again. */
const TOKEN_PAUSE_MS = 60_000;

/** All delivery pauses while the bot's token is refused, and after Webex slowed down two recipients (ALERTS 29). */
export function createDeliveryPause({ presence, clock }: DeliveryPauseDeps) {
  let pausedUntil = 0;
  let isTokenRefused = false;
  let lastRateLimit: { readonly recipient: string; readonly at: number } | undefined;

  return {
    /** False while all delivery pauses. While the token is refused, Webex is asked about it once a minute. */
    async mayDeliver(): Promise<boolean> {
      if (clock() < pausedUntil) return false;
      if (!isTokenRefused) return true;
      isTokenRefused = (await presence.isTokenAccepted()) !== true;
      if (isTokenRefused) pausedUntil = clock() + TOKEN_PAUSE_MS;
      return !isTokenRefused;
    },
    tokenRefused(): void {
      isTokenRefused = true;
      pausedUntil = clock() + TOKEN_PAUSE_MS;
    },
    rateLimited(to: Recipient, { waitMs }: Extract<DeliveryFailure, { kind: "busy" }>): void {
      const [recipient, now] = [JSON.stringify(to), clock()];
      const isSecond =
        lastRateLimit !== undefined &&
        lastRateLimit.recipient !== recipient &&
        now - lastRateLimit.at <= SECOND_RATE_LIMIT_MS;
      if (isSecond) pausedUntil = Math.max(pausedUntil, now + waitMs);
      lastRateLimit = { recipient, at: now };
    },
  };
}

export type DeliveryPause = ReturnType<typeof createDeliveryPause>;
