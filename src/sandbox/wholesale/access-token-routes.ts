import { type HttpRequest, type HttpResponse, httpError, ok } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import { INTEGRATION } from "../world/wholesale-tokens.ts";
import type { World } from "../world/world.ts";

/**
 * `GET /authorize`: the page on which an administrator consents, and which leads to the redirect address with a code.
 * `POST /access_token`: a new pair of tokens for a code or a refresh token; client id and secret are in the body or in HTTP Basic.
 */
export function accessTokenRoutes({ tokens }: World): Routes<undefined> {
  return {
    "GET /authorize": ({ query }) => consentPage(query, tokens.newCode),
    "POST /access_token": (ask) => {
      const form = readUrlEncodedForm(ask);
      const { id, secret } = clientCredentials(ask, form);
      if (!tokens.isClient(id, secret)) throw httpError(401, "The client id or secret is wrong.");
      const grant = readGrant(form, tokens);
      if (!grant) throw httpError(400, "The refresh token, or the code for this redirect URI, is not valid.");
      return ok(grant);
    },
  };
}

function readGrant(form: URLSearchParams, tokens: World["tokens"]) {
  switch (form.get("grant_type")) {
    case "refresh_token":
      return tokens.refresh(form.get("refresh_token") ?? "");
    case "authorization_code":
      if (form.get("redirect_uri") !== INTEGRATION.redirectUri) return undefined;
      return tokens.exchange(form.get("code") ?? "");
    default:
      throw httpError(400, "grant_type must be refresh_token or authorization_code.");
  }
}

/** Two links: to the redirect address with a code, and with the error of somebody who declines. */
function consentPage(query: URLSearchParams, newCode: () => string): HttpResponse {
  const one = (name: string) => query.get(name) ?? "";
  if (one("client_id") !== INTEGRATION.clientId) throw httpError(400, "No integration has this client_id.");
  if (one("redirect_uri") !== INTEGRATION.redirectUri)
    throw httpError(400, `redirect_uri must be the one of the integration: ${INTEGRATION.redirectUri}`);
  if (one("response_type") !== "code") throw httpError(400, "response_type must be code.");
  const back = (answer: Record<string, string>) =>
    `${INTEGRATION.redirectUri}?${new URLSearchParams({ ...answer, state: one("state") })}`.replaceAll("&", "&amp;");
  const known: readonly string[] = INTEGRATION.scopes;
  const scopes = one("scope").split(" ");
  const accepted = scopes.every((scope) => known.includes(scope))
    ? back({ code: newCode() })
    : back({ error: "invalid_scope" });
  const html = `<!doctype html><meta charset="utf-8"><title>Consent</title><h1>An integration asks for</h1>
<ul>${scopes
    .filter((scope) => known.includes(scope))
    .map((scope) => `<li>${scope}`)
    .join("")}</ul>
<p><a href="${accepted}">Accept</a> <a href="${back({ error: "access_denied" })}">Decline</a>`;
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, bytes: Buffer.from(html) };
}

/** `GET /authorizations/tokenExpiry`: the end of the token that asks. */
export function authorizationRoutes({ tokens }: World): Routes<Caller> {
  return {
    "GET /authorizations/tokenExpiry": ({ headers }) => {
      const [, token = ""] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
      return ok({ exp: tokens.expiryOf(token) });
    },
  };
}

function readUrlEncodedForm({ headers, body }: HttpRequest): URLSearchParams {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return new URLSearchParams(body.toString());
  }
  throw httpError(415, "The body must be application/x-www-form-urlencoded.");
}

function clientCredentials({ headers }: HttpRequest, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (basic === undefined) return { id: form.get("client_id") ?? "", secret: form.get("client_secret") ?? "" };
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent);
  return { id, secret };
}
