import type { Http, HttpCall, HttpResponse } from "../http.ts";
import type { AccessToken } from "./token.ts";

export type AuthorizedRequest = (call: HttpCall) => Promise<HttpResponse>;

/** Asks with the access token, and once more with a newer one when that is refused. */
export function createAuthorizedRequest(http: Http, token: AccessToken): AuthorizedRequest {
  return async (call) => {
    const used = await token.current();
    const response = await http.request(withAccessToken(call, used));
    if (response.status !== 401) return response;
    const other = await token.afterRefusal(used);
    return other === undefined ? response : http.request(withAccessToken(call, other));
  };
}

function withAccessToken(call: HttpCall, accessToken: string): HttpCall {
  return { ...call, headers: { accept: "application/json", authorization: `Bearer ${accessToken}` } };
}
