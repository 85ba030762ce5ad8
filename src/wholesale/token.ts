import { createHash } from "node:crypto";
import { z } from "zod";
import { holdLease } from "../domain/lease.ts";
import type { FaultLog, Secrets, Time } from "../domain/ports/runtime.ts";
import type { Leases } from "../domain/ports/snapshot.ts";
import type { StoredToken, Tokens } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import type { Http, HttpCall, HttpResponse } from "../http.ts";
import { failureOf } from "./failures.ts";
import { readErrorBody } from "./wire.ts";

export type WholesaleAuth = { readonly kind: "static"; readonly accessToken: string } | RefreshAuth;

/** The access token. Secret: it is used in one header only and never logged. */
export interface AccessToken {
  current(): Promise<string>;
  /** Another token after the API rejected this one; undefined when there is none. */
  afterRejection(rejected: string): Promise<string | undefined>;
}

export interface TokenDeps extends Time {
  readonly auth: WholesaleAuth;
  readonly http: Http;
  readonly tokens: Tokens;
  readonly secrets: Pick<Secrets, "add">;
  readonly leases: Leases;
  /** Names this process. */
  readonly holder: string;
  readonly log: FaultLog;
}

/** A token is refreshed this long before it expires, or after half of its lifetime if that is shorter. */
const MARGIN_MS = 60_000;

export function createAccessToken(deps: TokenDeps): AccessToken {
  const { auth } = deps;
  if (auth.kind === "refresh") return createRefreshingToken(auth, deps);
  return { current: async () => auth.accessToken, afterRejection: async () => undefined };
}

/** Each refresh returns a new refresh token. Instances share the latest through the database. */
function createRefreshingToken(auth: RefreshAuth, deps: TokenDeps): AccessToken {
  const { clock, log } = deps;
  const renew = createRenewal(auth, deps);
  let held: StoredToken | undefined;
  let renewAt = 0;
  let flight: Promise<string> | undefined;

  const adopt = (token: StoredToken): string => {
    const life = token.expiresAt - clock();
    renewAt = token.expiresAt - Math.min(MARGIN_MS, life / 2);
    held = token;
    log.working("wholesale.refresh_failed");
    return token.accessToken;
  };

  const renewOnce = (used: string | undefined): Promise<string> => {
    flight ??= renew(used)
      .then(adopt)
      .finally(() => {
        flight = undefined;
      });
    return flight;
  };

  const current = async (): Promise<string> => {
    const token = held;
    if (token && clock() < renewAt) return token.accessToken;
    return renewOnce(token?.accessToken).catch((error: unknown) => {
      log.failing("wholesale.refresh_failed", { error });
      if (!token || clock() >= token.expiresAt) throw error;
      return token.accessToken;
    });
  };

  const afterRejection = async (rejected: string): Promise<string> =>
    held && held.accessToken !== rejected ? held.accessToken : renewOnce(rejected);

  return { current, afterRejection };
}

/** Identifies a configured refresh token. */
export const originOf = (refreshToken: string): string =>
  createHash("sha256").update(refreshToken).digest("hex").slice(0, 16);

/** Returns another token than `used`. */
type Renew = (used: string | undefined) => Promise<StoredToken>;

/** A refresh token may be good for one use, so one instance refreshes at a time, and the others read what it stored. */
function createRenewal(auth: RefreshAuth, deps: TokenDeps): Renew {
  const { http, tokens, secrets, clock, sleep } = deps;
  const origin = originOf(auth.refreshToken);
  /** The newest token while it could not be saved. */
  let unsaved: StoredToken | undefined;

  /** Saved before it is used: without the new refresh token the bot could never refresh again. */
  const keep = async (token: StoredToken): Promise<StoredToken> => {
    addSecrets(secrets, token);
    unsaved = token;
    await tokens.save(token, clock());
    unsaved = undefined;
    return token;
  };

  const readNewer = async (used: string | undefined): Promise<StoredToken | undefined> => {
    const known = await readStored(deps, origin);
    return known && known.accessToken !== used && known.expiresAt - MARGIN_MS > clock() ? known : undefined;
  };

  const refresh = async (used: string | undefined): Promise<StoredToken> => {
    const refreshToken = (await readStored(deps, origin))?.refreshToken ?? auth.refreshToken;
    const grant = { grant_type: "refresh_token", refresh_token: refreshToken };
    // If the first answer was lost, the old refresh token is the only one left.
    const response = await requestToken(http, auth, grant, { retryPost: true });
    if (response.status < 300) return keep({ ...readToken(response, { refreshToken, now: clock() }), origin });
    // An instance that was paused for longer than its lease may have lost it.
    const newer = await readNewer(used);
    if (newer === undefined) throw refreshFailure(response);
    return newer;
  };

  return async (used) => {
    if (unsaved) return keep(unsaved);
    for (;;) {
      const newer = await readNewer(used);
      if (newer) return newer;
      // Another instance may have stored a token before this one got the lease.
      const renewed = await holdLease(
        deps,
        { name: TOKEN_LEASE },
        async () => (await readNewer(used)) ?? refresh(used),
      );
      if (renewed) return renewed;
      await sleep(LEASE_WAIT_MS);
    }
  };
}

/** Undefined when another refresh token is configured since: the configured one counts. */
async function readStored({ tokens, secrets }: TokenDeps, origin: string): Promise<StoredToken | undefined> {
  const token = await tokens.read();
  if (token !== undefined) addSecrets(secrets, token);
  return token?.origin === origin ? token : undefined;
}

function addSecrets(secrets: TokenDeps["secrets"], { accessToken, refreshToken }: StoredToken): void {
  secrets.add(accessToken);
  secrets.add(refreshToken);
}

/** The name of the lease; no scope has it. */
const TOKEN_LEASE = "wholesale token";
const LEASE_WAIT_MS = 250;

/** An integration. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface RefreshAuth extends Client {
  readonly kind: "refresh";
  readonly refreshToken: string;
}

/** Used when the answer has no `expires_in` (RFC 6749 only recommends it). */
const DEFAULT_LIFETIME_S = 3600;

const tokenResponse = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive().catch(DEFAULT_LIFETIME_S),
});

/** `POST /access_token` with the client's id and secret. Its answer is a secret. */
export function requestToken(
  http: Http,
  { clientId, clientSecret }: Client,
  grant: Readonly<Record<string, string>>,
  { retryPost }: Pick<HttpCall, "retryPost">,
): Promise<HttpResponse> {
  const form = new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  return http.request({
    method: "POST",
    path: "/access_token",
    headers,
    body: `${form}`,
    retryPost: retryPost ?? false,
    answersSecret: true,
  });
}

/** The pair of an answer; one without a new refresh token leaves the old one valid. */
export function readToken(
  response: HttpResponse,
  { refreshToken, now }: { readonly refreshToken: string; readonly now: number },
): Omit<StoredToken, "origin"> {
  const parsed = tokenResponse.safeParse(response.json());
  if (!parsed.success) {
    const hint = "Check WHOLESALE_API_URL.";
    throw new Failure("wholesale.unexpected", "Webex answered a call for a token with something else.", hint);
  }
  const { access_token: accessToken, refresh_token: rotated, expires_in: life } = parsed.data;
  return { accessToken, refreshToken: rotated ?? refreshToken, expiresAt: now + life * 1000 };
}

/** Contains only the tracking id of the answer, because the rest may repeat the secrets that were sent. */
function refreshFailure(response: HttpResponse): Failure {
  const { trackingId } = readErrorBody(response.json());
  if (response.status !== 400 && response.status !== 401)
    return failureOf({ ...response, json: () => ({ trackingId }) });
  return new Failure(
    "wholesale.unauthorized",
    "Webex refused to renew the Wholesale token.",
    "Check WHOLESALE_CLIENT_ID and WHOLESALE_CLIENT_SECRET; if they are right, get a new WHOLESALE_REFRESH_TOKEN by “npm run doctor -- token”.",
    trackingId === undefined ? {} : { trackingId },
  );
}

export type AuthorizedRequest = (call: HttpCall) => Promise<HttpResponse>;

/** Sends calls with the access token, and once more with a newer one after a 401. */
export function createAuthorizedRequest(http: Http, token: AccessToken): AuthorizedRequest {
  return async (call) => {
    const used = await token.current();
    const response = await http.request(withAccessToken(call, used));
    if (response.status !== 401) return response;
    const other = await token.afterRejection(used);
    return other === undefined ? response : http.request(withAccessToken(call, other));
  };
}

function withAccessToken(call: HttpCall, accessToken: string): HttpCall {
  return { ...call, headers: { accept: "application/json", authorization: `Bearer ${accessToken}` } };
}
