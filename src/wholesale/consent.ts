import { Failure } from "../errors.ts";
import type { Http } from "../http.ts";
import { failureOf } from "./failures.ts";
import { type Client, readToken, requestToken } from "./token.ts";
import { readErrorBody } from "./wire.ts";

/** A question to an administrator. The integration must have this redirect address and these scopes. */
export interface ConsentRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** A random text, by which the answer is known to belong to this request. */
  readonly state: string;
}

/** The address at which Webex asks for the consent, and from which it leads to `redirectUri` with a code. */
export function consentAddress(apiUrl: string, { clientId, redirectUri, scopes, state }: ConsentRequest): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: scopes.join(" "),
    state,
  });
  // A plus sign for a space is not understood by every server.
  return `${apiUrl}/authorize?${query.toString().replaceAll("+", "%20")}`;
}

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Exchanges a code, which is good once and for minutes. Throws `consent.refused` when Webex does not accept it. */
export async function exchangeCode(
  http: Http,
  client: Client,
  { code, redirectUri }: { readonly code: string; readonly redirectUri: string },
): Promise<TokenPair> {
  const grant = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
  const response = await requestToken(http, client, grant, { retryPost: false });
  if (response.status >= 300) {
    const { trackingId } = readErrorBody(response.json());
    if (response.status !== 400 && response.status !== 401)
      throw failureOf({ ...response, json: () => ({ trackingId }) });
    throw new Failure(
      "consent.refused",
      `Webex refused the code, the client id or the client secret (${response.status}).`,
      "A code is good once and for a few minutes: begin again. If that does not help, make a new client secret on the page of the integration.",
      trackingId === undefined ? {} : { trackingId },
    );
  }
  const { accessToken, refreshToken } = readToken(response, { refreshToken: "", now: 0 });
  if (refreshToken !== "") return { accessToken, refreshToken };
  const hint = "Is it an integration? A guest issuer or a bot gets none.";
  throw new Failure("consent.noRefreshToken", "Webex sent no refresh token.", hint);
}
