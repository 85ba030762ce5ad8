import { join } from "node:path";
import { PACKAGE_ROOT } from "../../package-root.ts";
import { INTEGRATION } from "../world/wholesale-tokens.ts";
import type { World } from "../world/world.ts";

/** Explains the codes that the sandbox has made up, but for one, so that a code without an entry is seen too. */
const CODES_FILE = join(PACKAGE_ROOT, "src/sandbox/world/codes.json");

export const WEBHOOK_SECRET = "sandbox-webhook-secret";

/** The bot gets a permanent access token, or a refresh token. */
export type WholesaleAuth = "token" | "refresh";

export interface BotAddress {
  /** The address of the APIs: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  /** The document of its Webex Status, where it has one. */
  readonly statusUrl?: string;
  /** The folder of its data, if the sandbox has started it. */
  readonly dataDir?: string | undefined;
}

/** The environment that points a bot at the sandbox (PRODUCT 6). */
export function createBotEnv({ people }: World, place: BotAddress, auth: WholesaleAuth): Record<string, string> {
  const { url, port, dataDir, statusUrl } = place;
  const emails = (role: "operator" | "admin") => people.byRole(role).map(({ email }) => email);
  return {
    WEBEX_BOT_TOKEN: people.bot.token,
    WEBEX_WEBHOOK_SECRET: WEBHOOK_SECRET,
    WEBEX_API_URL: `${url}/v1`,
    WHOLESALE_API_URL: `${url}/v1`,
    ...(auth === "token"
      ? { WHOLESALE_ACCESS_TOKEN: INTEGRATION.accessToken }
      : {
          WHOLESALE_CLIENT_ID: INTEGRATION.clientId,
          WHOLESALE_CLIENT_SECRET: INTEGRATION.clientSecret,
          WHOLESALE_REFRESH_TOKEN: INTEGRATION.refreshToken,
        }),
    OPERATORS: emails("operator").join(","),
    ADMINS: emails("admin").join(","),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PORT: String(port),
    QUESTIONS_PER_MINUTE: "100000",
    CODES_FILE,
    ...(statusUrl !== undefined && { STATUS_URL: statusUrl }),
    ...(dataDir !== undefined && { DATA_DIR: dataDir }),
  };
}
