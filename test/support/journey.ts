import { createServer } from "node:net";
import { type App, startApp } from "../../src/app/app.ts";
import { lint } from "../../src/cards/lint/lint.ts";
import { readConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import type { VirtualTime } from "../../src/sandbox/clock/virtual-time.ts";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { createDatabase, type DatabaseLocation } from "./databases.ts";
import { createHttpClient } from "./http-client.ts";
import { createPerson, type Person } from "./person.ts";
import { until } from "./until.ts";

/** The twins, the real bot on them, and the people: a whole story in one value. */
export interface Journey {
  readonly url: string;
  readonly world: Sandbox["world"];
  /** What the twins and the bot both go by: `time.forward(4 * 3_600_000)` is four hours later for all of them. */
  readonly time: VirtualTime;
  readonly env: Readonly<Record<string, string>>;
  /** The lines that the bot logged, parsed. */
  readonly logEntries: readonly Record<string, unknown>[];
  readonly person: (role: string, nth?: number) => Person;
  /** The group space in which everybody but the outsider sits. */
  readonly groupRoom: string;
  startBot(extra?: Record<string, string>): Promise<App>;
  stopBot(): Promise<void>;
  /** Stops the bot and starts it again, on the same database or on an empty one. */
  restartBot(options?: { readonly fresh: boolean }): Promise<App>;
  /** One of the sandbox's own calls, such as `sandbox("POST", "/faults", {…})`. */
  sandbox<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** The bot's calls to Webex since the last time somebody asked for them, as `METHOD path` with ids left out. */
  botCalls(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/**
 * Time goes as on the wall. With `time: standingTime()` it stands until the test puts it forward:
 * the bot's loops then run when the test says so, while calls between the bot and the twins take as long as they take. Its
 * budget does not fill by itself either, so give such a bot many `API_CALLS_PER_MINUTE`.
 */
export async function startJourney(options: SandboxOptions = {}): Promise<Journey> {
  const sandbox = await createSandbox({ port: 0, lint, ...options });
  let database = await createDatabase();
  const port = await freePort();
  const env: Record<string, string> = {
    ...sandbox.botEnv(),
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  const logEntries: Record<string, unknown>[] = [];
  const running: App[] = [];

  const call = createHttpClient(`${sandbox.url}/sandbox`);

  const people = await call<Parameters<typeof createPerson>[1][]>("GET", "/people");
  const bot = people.find(({ role }) => role === "bot");
  if (bot === undefined) throw new Error("the sandbox has no bot");
  const person = (role: string, nth = 0): Person => {
    const me = people.filter((one) => one.role === role)[nth];
    if (me === undefined) throw new Error(`the sandbox has no ${role} ${nth}`);
    return createPerson(sandbox.url, me, bot);
  };
  const rooms = await person("viewer").call<{ items: { id: string; title: string }[] }>("GET", "/rooms?type=group");
  const groupRoom = rooms.items.find(({ title }) => title === "Wholesale NOC")?.id ?? "";

  async function startBot(extra: Record<string, string> = {}): Promise<App> {
    const read = readConfig({ ...env, ...environmentOf(database.location), ...extra });
    if (!read.ok) throw new Error(read.problems.join("\n"));
    const log = createLog("debug", { write: (line) => void logEntries.push(JSON.parse(line)) });
    const app = await startApp(read.config, { log, time: sandbox.time, webhookCheckMs: 100 });
    running.push(app);
    await until(() => call("GET", "/ready"));
    return app;
  }

  const stopBot = async () => running.pop()?.stop();

  return {
    url: sandbox.url,
    world: sandbox.world,
    time: sandbox.time,
    env,
    logEntries,
    person,
    groupRoom,
    sandbox: call,
    startBot,
    stopBot,
    async restartBot({ fresh } = { fresh: false }) {
      await stopBot();
      if (fresh) {
        await database.remove();
        database = await createDatabase();
      }
      return startBot();
    },
    async botCalls() {
      const { calls } = await call<{ calls: { api: string; method: string; path: string; by: string }[] }>(
        "GET",
        "/calls",
      );
      await call("DELETE", "/calls");
      return calls
        .filter(({ api, by }) => api === "webex" && by === "bot")
        .map(
          ({ method, path }) =>
            `${method} ${path
              .replace(/\?.*/, "")
              .replace(/\/Y2lz[^/]*/g, "/:id")
              .replace("/v1", "")}`,
        )
        .filter((line) => !line.includes("/webhooks"));
    },
    async stop() {
      await Promise.all(running.map((app) => app.stop()));
      await sandbox.close();
      await database.remove();
    },
  };
}

export function environmentOf({ dataDir, databaseUrl }: DatabaseLocation): Record<string, string> {
  return { DATA_DIR: dataDir, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) };
}

/** A free port below those that systems hand out by themselves, also to outgoing connections: nobody else comes by it. */
export async function freePort(): Promise<number> {
  const port = 12_000 + Math.floor(Math.random() * 18_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, () => resolve(true));
  });
  await new Promise((resolve) => server.close(resolve));
  return isFree ? port : freePort();
}
