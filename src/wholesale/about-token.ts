import { z } from "zod";
import { failureOf } from "./failures.ts";
import type { AuthorizedRequest } from "./token.ts";

const person = z.object({ displayName: z.string().min(1), emails: z.array(z.string()).default([]) });
const expiry = z.object({ exp: z.number().positive() });

/** The person who authorised the token; undefined when its scopes do not let it ask. Throws `wholesale.unauthorized` for a refused token. */
export async function readTokenOwner(request: AuthorizedRequest): Promise<string | undefined> {
  const read = person.safeParse(await answerTo(request, "/people/me")).data;
  if (read === undefined) return undefined;
  return read.emails[0] === undefined ? read.displayName : `${read.displayName} (${read.emails[0]})`;
}

/** When the access token ends, epoch milliseconds; undefined when Webex does not say. */
export async function readTokenExpiry(request: AuthorizedRequest): Promise<number | undefined> {
  return expiry.safeParse(await answerTo(request, "/authorizations/tokenExpiry")).data?.exp;
}

/** Undefined for a refusal that says nothing about the token itself. */
async function answerTo(request: AuthorizedRequest, path: string): Promise<unknown> {
  const response = await request({ method: "GET", path });
  if (response.status < 300) return response.json();
  if ([400, 403, 404, 405].includes(response.status)) return undefined;
  throw failureOf(response);
}
