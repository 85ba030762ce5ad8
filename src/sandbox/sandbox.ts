import { createServer } from "node:http";
import { accessTokenRoutes } from "./access-token.ts";
import { createApi } from "./api.ts";
import { botEnvOf, type WholesaleAuth } from "./bot-env.ts";
import { type BotControl, createBots } from "./bots.ts";
import { consoleRoutes } from "./console.ts";
import { createDelivery } from "./delivery.ts";
import { organizationRoutes } from "./organizations.ts";
import { freePort, listen } from "./ports.ts";
import { createSite } from "./site.ts";
import { createSteps } from "./steps.ts";
import { createStream } from "./stream.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";
import type { Lint } from "./webex-api/draft.ts";
import { webexRoutes } from "./webex-api/routes.ts";
import { type WholesaleOptions, wholesaleRoutes } from "./wholesale-api.ts";
import { createWorld, type World } from "./world.ts";

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** Where the bot is to listen; the port behind the sandbox's own, or any free one, when absent. */
  readonly botPort?: number;
  readonly customers?: number;
  readonly seed?: number;
  /** The time of the world; one that goes as on the wall, and can be steered, when absent. */
  readonly time?: VirtualTime;
  readonly lint?: Lint;
  readonly wholesale?: Partial<WholesaleOptions>;
  /** `expires_in` of a refreshed Wholesale access token; 14 days when absent. */
  readonly tokenLifeSeconds?: number;
  /** The bot's budget of Wholesale calls, drawn on the page as a line; 120 when absent. */
  readonly callsPerMinute?: number;
  /** Whether being ready means that a bot listens; true when absent. */
  readonly expectsBot?: boolean;
}

export interface Sandbox {
  /** Without a path: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly world: World;
  readonly time: VirtualTime;
  /** The environment that points a bot at this sandbox. */
  botEnv(auth?: WholesaleAuth): Record<string, string>;
  /** Puts the process of a bot under the console: it can be started and stopped there, and being ready means that it is. */
  adopt(bot: BotControl): void;
  /** Resolves once every webhook was delivered that is due so far. */
  delivered(): Promise<void>;
  close(): Promise<void>;
}

/** A small Webex and a small Wholesale API on loopback, with a console to change the world behind them. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, lint = () => [], expectsBot = true, time = createVirtualTime() } = options;
  const world = createWorld({
    seed: options.seed ?? 1,
    customers: options.customers ?? 250,
    clock: time.clock,
    tokenLifeSeconds: options.tokenLifeSeconds ?? 1_209_600,
    callsPerMinute: options.callsPerMinute ?? 120,
  });
  const wholesale = {
    nextLinks: true,
    severalStatuses: "any",
    organizations: true,
    ...options.wholesale,
  } as const;
  const server = createServer();
  const url = await listen(server, port);
  const botPort = options.botPort ?? (await freePort(port === 0 ? 0 : port + 1));
  const bots = createBots(world, expectsBot);
  const botEnv = (auth: WholesaleAuth = "token") => botEnvOf(world, { url, port: botPort }, auth);
  const steps = createSteps({ ...time, changed: () => world.news.tell({ type: "world" }) });
  const stream = createStream({ world, time, steps, lint, bot: bots.state });
  const delivery = createDelivery(world);
  const site = createSite({
    stream,
    api: createApi(world, {
      webex: webexRoutes(world, lint),
      wholesale: { ...wholesaleRoutes(world, wholesale), ...organizationRoutes(world, wholesale) },
      open: accessTokenRoutes(world),
    }),
    console: consoleRoutes({ world, time, steps, bots, lint, botEnv }),
  });
  server.on("request", site);
  return {
    url,
    world,
    time,
    botEnv,
    adopt: bots.adopt,
    delivered: delivery.idle,
    async close() {
      steps.stop();
      bots.close();
      stream.close();
      await delivery.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
