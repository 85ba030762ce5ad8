import type { Http, HttpCall, HttpResponse } from "../http.ts";
import type { Token } from "./token.ts";

export type Ask = (call: HttpCall) => Promise<HttpResponse>;

/** Asks with the access token, and once more with a newer one when that is refused. */
export function createAsk(http: Http, token: Token): Ask {
  return async (call) => {
    const used = await token.current();
    const response = await http.request(signed(call, used));
    if (response.status !== 401) return response;
    const other = await token.after(used);
    return other === undefined ? response : http.request(signed(call, other));
  };
}

function signed(call: HttpCall, accessToken: string): HttpCall {
  return { ...call, headers: { accept: "application/json", authorization: `Bearer ${accessToken}` } };
}
