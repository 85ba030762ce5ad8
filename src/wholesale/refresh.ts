import { z } from "zod";
import type { StoredToken } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";
import type { Http, HttpResponse } from "../http.ts";
import { failureOf } from "./refusal.ts";
import { readErrorBody } from "./wire.ts";

export interface RefreshAuth {
  readonly kind: "refresh";
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** What counts when the answer does not say (RFC 6749 only recommends `expires_in`). */
const DEFAULT_LIFETIME_S = 3600;

const tokenResponse = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive().catch(DEFAULT_LIFETIME_S),
});

/** Asking twice does no harm: when the first answer got lost, the old refresh token is all that we have. */
export function requestToken(http: Http, auth: RefreshAuth, refreshToken: string): Promise<HttpResponse> {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
    refresh_token: refreshToken,
  });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  return http.request({ method: "POST", path: "/access_token", headers, body: `${form}`, retryPost: true });
}

export function readToken(
  response: HttpResponse,
  { refreshToken, now }: { readonly refreshToken: string; readonly now: number },
): Omit<StoredToken, "origin"> {
  const parsed = tokenResponse.safeParse(response.json());
  if (!parsed.success) {
    const fix = "Check WHOLESALE_API_URL.";
    throw new Failure("wholesale.unexpected", "Webex answered a token refresh with something else.", fix);
  }
  const { access_token: accessToken, refresh_token: rotated, expires_in: life } = parsed.data;
  return { accessToken, refreshToken: rotated ?? refreshToken, expiresAt: now + life * 1000 };
}

/** Says nothing of what stood in the answer but its reference, because it may repeat what was sent. */
export function refreshFailure(response: HttpResponse): Failure {
  const { trackingId } = readErrorBody(response.json());
  if (response.status !== 400 && response.status !== 401)
    return failureOf({ ...response, json: () => ({ trackingId }) });
  return new Failure(
    "wholesale.unauthorized",
    "Webex refused to renew the Wholesale token.",
    "Check WHOLESALE_CLIENT_ID and WHOLESALE_CLIENT_SECRET; if they are right, sign in again as a partner administrator and set the new WHOLESALE_REFRESH_TOKEN.",
    trackingId === undefined ? {} : { trackingId },
  );
}
