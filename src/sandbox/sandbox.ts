import { createServer } from "node:http";
import { type BotAddress, createBotEnv, type WholesaleAuth } from "./bot/bot-env.ts";
import { type BotControl, createBotStatus } from "./bot/bot-status.ts";
import { createVirtualTime, type VirtualTime } from "./clock/virtual-time.ts";
import { createApiGateway } from "./control/api-gateway.ts";
import { controlRoutes } from "./control/control-api.ts";
import { createRequestHandler, freePort, listen } from "./control/http-server.ts";
import { createEventStream } from "./control/server-sent-events.ts";
import { createScenarioRunner } from "./scenarios/scenario-runner.ts";
import { limitedCatalogueRoutes } from "./webex/devices/device-routes.ts";
import { createDeviceSockets } from "./webex/devices/device-sockets.ts";
import { answerHandshakes } from "./webex/devices/handshake.ts";
import type { LintCard } from "./webex/message-draft.ts";
import { webexRoutes } from "./webex/webex-routes.ts";
import { createWebhookDelivery } from "./webex/webhook-delivery.ts";
import { accessTokenRoutes, authorizationRoutes } from "./wholesale/access-token-routes.ts";
import { organizationRoutes } from "./wholesale/organization-routes.ts";
import { subscriberRoutes } from "./wholesale/subscriber-routes.ts";
import { wholesaleRoutes } from "./wholesale/wholesale-routes.ts";
import type { Behaviour } from "./world/behaviour.ts";
import { createWorld, type World } from "./world/world.ts";

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly customers?: number;
  readonly seed?: number;
  /** The clock of the world; the system time at first when absent. */
  readonly time?: VirtualTime;
  /** The faults of a card for which a message is refused. */
  readonly refusals?: LintCard;
  /** All faults of a card, shown beside its message. */
  readonly lint?: LintCard;
  /** The differences from the usual behaviour of the APIs until it is changed. */
  readonly behaviour?: Partial<Behaviour>;
  /** `expires_in` of a refreshed Wholesale access token; 14 days when absent. */
  readonly tokenLifeSeconds?: number;
  /** The bot's budget of Wholesale calls, drawn on the page as a line; 120 when absent. */
  readonly callsPerMinute?: number;
  /** The sandbox is ready only with a bot; true when absent. */
  readonly expectsBot?: boolean;
}

export interface Sandbox {
  /** Without a path: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly world: World;
  readonly time: VirtualTime;
  /** The environment that points a bot at this sandbox. */
  botEnv(auth?: WholesaleAuth): Record<string, string>;
  /** Lets the control API start and stop the process of a bot, and makes `/sandbox/ready` depend on it. @param dataDir its folder */
  attachBot(bot: BotControl, dataDir?: string): void;
  /** Resolves once all queued webhooks are delivered. */
  webhooksDelivered(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a small Webex and a small Wholesale API on loopback, with a control API to change their world. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, refusals = () => [], lint = refusals, expectsBot = true, time = createVirtualTime() } = options;
  const world = createSandboxWorld(options, time);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const url = await listen(server, port);
  const botPort = await freePort(port === 0 ? 0 : port + 1);
  const botStatus = createBotStatus(world, expectsBot);
  const statusUrl = `${url}/sandbox/status/index.json`;
  const place: Omit<BotAddress, "dataDir"> & { dataDir?: string | undefined } = { url, port: botPort, statusUrl };
  const botEnv = (auth: WholesaleAuth = "token") => createBotEnv(world, place, auth);
  const scenarioRunner = createScenarioRunner({ ...time, onChange: () => world.events.emit({ type: "world" }) });
  const eventStream = createEventStream({ world, time, scenarioRunner, botState: botStatus.state });
  const delivery = createWebhookDelivery(world);
  const sockets = createDeviceSockets(world, time);
  const handshakes = answerHandshakes(server, world, sockets);
  const api = createSandboxApi(world, refusals);
  const control = controlRoutes({ world, time, scenarioRunner, botStatus, sockets, lint, botEnv });
  server.on("request", createRequestHandler({ eventStream, api, control }));
  return {
    url,
    world,
    time,
    botEnv,
    attachBot(bot, dataDir) {
      place.dataDir = dataDir;
      botStatus.attach(bot);
    },
    webhooksDelivered: delivery.idle,
    async close() {
      scenarioRunner.stop();
      botStatus.close();
      eventStream.close();
      await delivery.close();
      sockets.close();
      handshakes.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Longer than any client keeps an idle connection: a call on one that was just closed fails. */
const KEEP_ALIVE_MS = 75_000;

function createSandboxWorld(options: SandboxOptions, { clock }: VirtualTime): World {
  const { seed = 1, customers = 250, tokenLifeSeconds = 1_209_600, callsPerMinute = 120, behaviour = {} } = options;
  return createWorld({ seed, customers, clock, tokenLifeSeconds, callsPerMinute, behaviour });
}

function createSandboxApi(world: World, refusals: LintCard) {
  return createApiGateway(world, {
    webex: webexRoutes(world, refusals),
    wholesale: {
      ...wholesaleRoutes(world),
      ...organizationRoutes(world),
      ...subscriberRoutes(world),
      ...authorizationRoutes(world),
    },
    unauthenticated: { ...accessTokenRoutes(world), ...limitedCatalogueRoutes },
  });
}
