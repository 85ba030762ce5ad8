import type { RequestListener } from "node:http";
import { lint } from "../../src/cards/lint/lint.ts";
import { createBotEnv, type WholesaleAuth } from "../../src/sandbox/bot/bot-env.ts";
import { createApiGateway } from "../../src/sandbox/control/api-gateway.ts";
import { createRequestHandler } from "../../src/sandbox/control/http-server.ts";
import { webexRoutes } from "../../src/sandbox/webex/webex-routes.ts";
import { createWebhookDelivery, type PostWebhook } from "../../src/sandbox/webex/webhook-delivery.ts";
import { accessTokenRoutes } from "../../src/sandbox/wholesale/access-token-routes.ts";
import { organizationRoutes } from "../../src/sandbox/wholesale/organization-routes.ts";
import { wholesaleRoutes } from "../../src/sandbox/wholesale/wholesale-routes.ts";
import { uuidFromText } from "../../src/sandbox/world/webex-ids.ts";
import { createWorld } from "../../src/sandbox/world/world.ts";
import type { Scheduler } from "./scheduler.ts";

/** The address of both APIs. Nothing listens there. */
const URL_OF_APIS = "http://127.0.0.1:4000";

export interface SimulatedWorldOptions {
  readonly seed: number;
  readonly customers: number;
  readonly clock: Scheduler["clock"];
  readonly postWebhook: PostWebhook;
  /** How the bot gets its token of the Wholesale API: `token` when absent. A token that it refreshes lasts two minutes. */
  readonly auth?: WholesaleAuth;
}

const TOKEN_LIFE_SECONDS = { token: 1_209_600, refresh: 120 } as const;

/** Webex and the Wholesale API of the sandbox without sockets: a request listener, and webhooks that `postWebhook` calls. */
export function createSimulatedWorld(options: SimulatedWorldOptions) {
  const { seed, customers, clock, postWebhook, auth = "token" } = options;
  let ids = 0;
  const newUuid = (): string => uuidFromText(`${seed} id ${ids++}`);
  const tokenLifeSeconds = TOKEN_LIFE_SECONDS[auth];
  const world = createWorld({ seed, customers, clock, tokenLifeSeconds, callsPerMinute: 120, newUuid });
  createWebhookDelivery(world, postWebhook);
  const api = createApiGateway(world, {
    webex: webexRoutes(world, lint),
    wholesale: { ...wholesaleRoutes(world), ...organizationRoutes(world) },
    unauthenticated: accessTokenRoutes(world),
  });
  const server: RequestListener = createRequestHandler({ api, control: {}, eventStream: { open: () => undefined } });
  const botEnv = createBotEnv(world, { url: URL_OF_APIS, port: 4001 }, auth);
  return { world, server, botEnv };
}
