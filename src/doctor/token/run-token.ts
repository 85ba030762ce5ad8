import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { readVariables, readWholesaleApiUrl } from "../../config.ts";
import { Failure } from "../../errors.ts";
import { createHttp } from "../../http.ts";
import { createSecrets } from "../../secrets.ts";
import type { TokenPair } from "../../wholesale/consent.ts";
import type { Client } from "../../wholesale/token.ts";
import { withoutSetting, withSettings } from "./env-file.ts";
import { openTerminal } from "./terminal.ts";
import { REDIRECT_URI, SCOPES, walkToToken } from "./walk.ts";

export interface TokenOptions {
  /** A file of settings that gets the result; else stdout gets it. */
  readonly env?: string | undefined;
  readonly redirect?: string | undefined;
  readonly scope?: string | undefined;
}

/** `doctor token`: true if the new token reads customers. */
export async function runToken(
  environment: Readonly<Record<string, string | undefined>>,
  { env, redirect = REDIRECT_URI, scope }: TokenOptions,
): Promise<boolean> {
  const { WHOLESALE_CLIENT_ID: clientId, WHOLESALE_CLIENT_SECRET: clientSecret } = readVariables(environment).variables;
  const apiUrl = readWholesaleApiUrl(environment);
  if (apiUrl === undefined)
    throw new Failure("doctor.apiUrl", "WHOLESALE_API_URL is no http(s) address.", "Leave it out for the real Webex.");
  const secrets = createSecrets(clientSecret === undefined ? [] : [clientSecret]);
  const http = createHttp({ baseUrl: apiUrl, connections: 1, timeoutMs: 10_000, retries: 1, secrets });
  const terminal = openTerminal(process.stdin, process.stderr);
  try {
    const { client, pair, outcome } = await walkToToken(terminal, http, {
      apiUrl,
      redirectUri: redirect,
      scopes: scope?.split(/[\s,]+/).filter(Boolean) ?? SCOPES,
      state: randomBytes(16).toString("hex"),
      client: { ...(clientId !== undefined && { clientId }), ...(clientSecret !== undefined && { clientSecret }) },
    });
    const settings = settingsOf(client, pair);
    if (env === undefined) {
      terminal.say(
        "\nPut these lines into the environment of the bot, without WHOLESALE_ACCESS_TOKEN, and restart it:\n",
      );
      process.stdout.write(withSettings("", settings));
    } else {
      store(env, settings);
      terminal.say(`\n${env} has them now, readable by its owner alone. Restart the bot.`);
    }
    return outcome.state === "ok";
  } finally {
    terminal.close();
    await http.close();
  }
}

const settingsOf = ({ clientId, clientSecret }: Client, { refreshToken }: TokenPair) => ({
  WHOLESALE_CLIENT_ID: clientId,
  WHOLESALE_CLIENT_SECRET: clientSecret,
  WHOLESALE_REFRESH_TOKEN: refreshToken,
});

function store(file: string, settings: Readonly<Record<string, string>>): void {
  try {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    writeFileSync(file, withoutSetting(withSettings(text, settings), "WHOLESALE_ACCESS_TOKEN"), { mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (cause) {
    // The code is used up, so the result must not get lost.
    process.stdout.write(withSettings("", settings));
    throw new Failure("doctor.envFile", `${file} cannot be written.`, "Put the lines above there yourself.", { cause });
  }
}
