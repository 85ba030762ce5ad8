import { type HttpRequest, httpError, ok } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { World } from "../world/world.ts";

/** `POST /access_token`: a new pair of tokens for a refresh token. Client id and secret are in the body or in HTTP Basic. */
export function accessTokenRoutes({ tokens }: World): Routes<undefined> {
  return {
    "POST /access_token": (ask) => {
      const form = readUrlEncodedForm(ask);
      const { id, secret } = clientCredentials(ask, form);
      if (!tokens.isClient(id, secret)) throw httpError(401, "The client id or secret is wrong.");
      if (form.get("grant_type") !== "refresh_token") throw httpError(400, "grant_type must be refresh_token.");
      const grant = tokens.refresh(form.get("refresh_token") ?? "");
      if (!grant) throw httpError(400, "The refresh token is not valid.");
      return ok(grant);
    },
  };
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
