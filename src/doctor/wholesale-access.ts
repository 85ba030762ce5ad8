import { randomUUID } from "node:crypto";
import type { Config, Credentials } from "../config.ts";
import type { Leases } from "../domain/ports/snapshot.ts";
import type { Tokens } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import { createLeases } from "../store/leases.ts";
import { createTokenCipher } from "../store/token-cipher.ts";
import { createTokens } from "../store/tokens.ts";
import { originOf } from "../wholesale/token.ts";
import type { FoundDatabase } from "./find-database.ts";

interface WholesaleAccess {
  readonly auth: Credentials;
  readonly tokens: Tokens;
  readonly leases: Leases;
  readonly holder: string;
}

/**
 * How the doctor gets the Wholesale token. A refresh token is used only where the pair that it brings can be saved, as the bot
 * saves it: the old one may be good for one use. Elsewhere the doctor borrows the access token that the bot has stored.
 */
export async function wholesaleAccess(config: Config, found: FoundDatabase): Promise<WholesaleAccess> {
  const { auth } = config.wholesale;
  const { store, look } = found;
  // On a file the doctor is the one process, so that it may take over the lease of a bot that was killed.
  const holder = config.database.databaseUrl === undefined ? "the process" : randomUUID();
  if (store !== undefined) return { auth, tokens: store.tokens, leases: store.leases, holder };
  if (look === undefined) throw noToken();
  const tokens = createTokens(look.db, createTokenCipher(config.database.dataKeys));
  const rest = { tokens, leases: createLeases(look.db), holder };
  if (auth.kind === "static") return { auth, ...rest };
  const stored = await tokens.read();
  if (stored?.origin !== originOf(auth.refreshToken) || stored.expiresAt <= Date.now()) throw noToken();
  return { auth: { kind: "static", accessToken: stored.accessToken }, ...rest };
}

const noToken = () =>
  new Failure(
    "doctor.noToken",
    "The bot has stored no access token that is valid now, and only the bot may renew it.",
    "See the bot's log for wholesale.refresh_failed. Get a new refresh token by: npm run doctor -- token",
  );
