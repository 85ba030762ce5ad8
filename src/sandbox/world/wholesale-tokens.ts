import type { Clock } from "../../domain/ports/runtime.ts";

/** The credentials of the Wholesale integration at the start; they are not secret. */
export const INTEGRATION = {
  accessToken: "sandbox-wholesale-token",
  clientId: "sandbox-client-id",
  clientSecret: "sandbox-client-secret",
  refreshToken: "sandbox-refresh-token",
  redirectUri: "http://localhost:3999/oauth",
  scopes: [
    "spark-admin:wholesale_customers_read",
    "spark-admin:organizations_read",
    "spark-admin:wholesale_sub_partners_read",
  ],
} as const;

/** A code is good for so long. */
const CODE_LIFETIME_MS = 5 * 60_000;

const REFRESH_TOKEN_LIFETIME_S = 7_776_000;

export interface TokenResponse {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly refresh_token_expires_in: number;
  readonly token_type: "Bearer";
}

interface WholesaleTokensDeps {
  readonly clock: Clock;
  readonly lifeSeconds: number;
  readonly newUuid: () => string;
}

/** The access tokens of the Wholesale integration, and its one valid refresh token. */
export function createWholesaleTokens({ clock, lifeSeconds, newUuid }: WholesaleTokensDeps) {
  const expiries = new Map<string, number>([[INTEGRATION.accessToken, Number.POSITIVE_INFINITY]]);
  let refreshToken: string = INTEGRATION.refreshToken;
  const codes = new Map<string, number>();

  /** A new pair of tokens. Older access tokens stay valid until they expire; the older refresh token does not. */
  function issue(): TokenResponse {
    refreshToken = `refresh-${newUuid()}`;
    const accessToken = `access-${newUuid()}`;
    expiries.set(accessToken, clock() + lifeSeconds * 1000);
    return {
      access_token: accessToken,
      expires_in: lifeSeconds,
      refresh_token: refreshToken,
      refresh_token_expires_in: REFRESH_TOKEN_LIFETIME_S,
      token_type: "Bearer",
    };
  }

  return {
    accepts: (token: string): boolean => (expiries.get(token) ?? 0) > clock(),
    /** When a token ends, epoch milliseconds; undefined for one that does not. */
    expiryOf(token: string): number | undefined {
      const expiry = expiries.get(token);
      return expiry === Number.POSITIVE_INFINITY ? undefined : expiry;
    },
    isClient: (id: string, secret: string): boolean =>
      id === INTEGRATION.clientId && secret === INTEGRATION.clientSecret,
    refresh: (presented: string): TokenResponse | undefined => (presented === refreshToken ? issue() : undefined),
    /** A code for somebody who has consented; it is good once. */
    newCode(): string {
      const code = `code_${newUuid()}`;
      codes.set(code, clock() + CODE_LIFETIME_MS);
      return code;
    },
    exchange(code: string): TokenResponse | undefined {
      const isGood = (codes.get(code) ?? 0) > clock();
      codes.delete(code);
      return isGood ? issue() : undefined;
    },
  };
}
