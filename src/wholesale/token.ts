import { createHash } from "node:crypto";
import type { Clock, Log, StoredToken, Tokens } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";
import type { Http } from "../http.ts";
import { type RefreshAuth, readToken, refreshFailure, requestToken } from "./refresh.ts";

export type WholesaleAuth = { readonly kind: "static"; readonly accessToken: string } | RefreshAuth;

/** The access token. Secret: it goes into one header and nowhere else. */
export interface AccessToken {
  current(): Promise<string>;
  /** What to ask with after the API refused this one; undefined when there is nothing better to be had. */
  afterRefusal(refused: string): Promise<string | undefined>;
}

export interface TokenDeps {
  readonly auth: WholesaleAuth;
  readonly http: Http;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly log: Log;
}

/** An access token is renewed so long before it ends, or at half its life if that is shorter. */
const MARGIN_MS = 60_000;
export function createAccessToken(deps: TokenDeps): AccessToken {
  const { auth } = deps;
  if (auth.kind === "refresh") return createRefreshingToken(auth, deps);
  return { current: async () => auth.accessToken, afterRefusal: async () => undefined };
}

/** Keeps a chain of rotating refresh tokens, shared with other instances through the store. */
function createRefreshingToken(auth: RefreshAuth, { http, tokens, clock, log }: TokenDeps): AccessToken {
  const origin = createHash("sha256").update(auth.refreshToken).digest("hex").slice(0, 16);
  let held: StoredToken | undefined;
  let renewAt = 0;
  let unsaved: StoredToken | undefined;
  let flight: Promise<string> | undefined;

  const stored = async (): Promise<StoredToken | undefined> => {
    const token = await tokens.read();
    return token?.origin === origin ? token : undefined;
  };

  const adopt = (token: StoredToken): string => {
    const life = token.expiresAt - clock();
    renewAt = token.expiresAt - Math.min(MARGIN_MS, life / 2);
    held = token;
    return token.accessToken;
  };

  /** Saved first and used second: a rotated refresh token that nobody kept would lock the bot out. */
  const keep = async (token: StoredToken): Promise<string> => {
    unsaved = token;
    await tokens.save(token, clock());
    unsaved = undefined;
    return adopt(token);
  };

  /** Another instance may have renewed the token already, or do so at this very moment. */
  const renew = async (worn: string | undefined): Promise<string> => {
    if (unsaved) return keep(unsaved);
    const known = await stored();
    if (known && known.accessToken !== worn && known.expiresAt - MARGIN_MS > clock()) return adopt(known);
    const refreshToken = known?.refreshToken ?? auth.refreshToken;
    const response = await requestToken(http, auth, refreshToken);
    if (response.status < 300)
      return keep({ ...readToken(response, { refreshToken, now: clock() }), origin });
    const other = await stored();
    if (other && other.accessToken !== known?.accessToken) return adopt(other);
    throw refreshFailure(response);
  };

  const renewOnce = (worn: string | undefined): Promise<string> => {
    flight ??= renew(worn).finally(() => {
      flight = undefined;
    });
    return flight;
  };

  const current = async (): Promise<string> => {
    const token = held;
    if (token && clock() < renewAt) return token.accessToken;
    return renewOnce(token?.accessToken).catch((error: unknown) => {
      if (!token || clock() >= token.expiresAt) throw error;
      log.warn("wholesale.refresh_failed", { code: error instanceof Failure ? error.code : "unknown" });
      return token.accessToken;
    });
  };

  const afterRefusal = async (refused: string): Promise<string> =>
    held && held.accessToken !== refused ? held.accessToken : renewOnce(refused);

  return { current, afterRefusal };
}
