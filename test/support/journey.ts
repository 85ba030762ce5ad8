import { expect, test } from "vitest";
import { type App, type AppOptions, startApp } from "../../src/app/app.ts";
import { lint } from "../../src/cards/lint/lint.ts";
import { readConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { Behaviour } from "../../src/sandbox/world/behaviour.ts";
import type { NewFault } from "../../src/sandbox/world/faults.ts";
import type { Role } from "../../src/sandbox/world/people.ts";
import { BY_SOCKET, WITHOUT_ADDRESS } from "./by-socket.ts";
import { createDatabase, type DatabaseLocation } from "./databases.ts";
import { EDITS_REFUSED } from "./edits.ts";
import { freePort } from "./free-port.ts";
import { createHttpClient } from "./http-client.ts";
import { createPerson } from "./person.ts";
import { until } from "./until.ts";

const METRICS_TOKEN = "journey metrics token";

type LogEntry = Readonly<Record<string, unknown>>;

interface Call {
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly by: string;
}

interface JourneyOptions extends SandboxOptions {
  /** The bots that `startBot` starts have no address and listen by a socket; all of them where `TEST_SOCKET` is set. */
  readonly bySocket?: boolean;
}

/** A test of webhooks alone. */
export const webhookTest = test.skipIf(BY_SOCKET);
/** A test of the socket alone. */
export const socketTest = test.runIf(BY_SOCKET);

const BEHAVIOUR_OF_ALL: Partial<Behaviour> = EDITS_REFUSED ? { cardEdits: "refused" } : {};

/** The twins, the real bot on them, and the people: all that one test file needs. */
export type Journey = Awaited<ReturnType<typeof startJourney>>;

/**
 * Starts the twins; `startBot` starts the bot. Time runs as on the wall, unless `time: pausedTime()` stops it until the test
 * advances it: the bot's loops then run when the test advances the time, while calls between the bot and the twins still take
 * real time. The bot's budget of calls does not refill by itself then, so give it many `API_CALLS_PER_MINUTE`.
 * The twin refuses a card of the bot for any fault, of style too: more than it refuses from bots of others.
 */
export async function startJourney({ bySocket = BY_SOCKET, ...options }: JourneyOptions = {}) {
  const twins = await createSandbox({
    port: 0,
    refusals: lint,
    ...options,
    behaviour: { ...BEHAVIOUR_OF_ALL, ...options.behaviour },
  });
  const { url, world, time } = twins;
  let database = await createDatabase();
  const env: Readonly<Record<string, string>> = { ...twins.botEnv(), ...(await addressOnFreePort()), METRICS_TOKEN };
  const address: Readonly<Record<string, string>> = bySocket ? WITHOUT_ADDRESS : {};
  const logEntries: LogEntry[] = [];
  const running: App[] = [];
  const sandbox = createHttpClient(`${url}/sandbox`);
  const person = (role: Role, nth = 0) => createPerson(twins, role, nth);
  const logged = (event: string): readonly LogEntry[] => logEntries.filter((line) => line.event === event);

  /** Calls by anybody since this was asked last. */
  async function takeCalls(): Promise<readonly Call[]> {
    const { calls } = await sandbox<{ calls: readonly Call[] }>("GET", "/calls");
    await sandbox("DELETE", "/calls");
    return calls;
  }

  async function startBot(
    extra: Readonly<Record<string, string>> = {},
    options: Partial<Pick<AppOptions, "time" | "platform">> = {},
  ): Promise<App> {
    const read = readConfig({ ...botEnvironment(), ...extra, ...address });
    if (!read.ok) throw new Error(read.problems.join("\n"));
    const log = createLog("debug", { write: (line) => void logEntries.push(JSON.parse(line)) });
    const app = await startApp(read.config, { log, time, webhookCheckMs: 100, ...options });
    running.push(app);
    await until(() => sandbox("GET", "/ready"));
    if (bySocket) await until(() => expectHearing(app));
    return app;
  }

  /** The environment of the bot that `startBot` starts. */
  const botEnvironment = () => ({ ...env, ...environmentOf(database.location), ...address });

  const stopBot = async () => running.pop()?.stop();

  /** Waits until the bot has logged this event so many times more. */
  async function waitForLog(event: string, more = 1): Promise<void> {
    const count = logged(event).length + more;
    await until(() => {
      if (logged(event).length < count) throw new Error(`${logged(event).length} of ${count} times ${event}`);
    });
  }

  /** The metrics of the running bot, as Prometheus reads them. */
  const scrape = async (): Promise<string> =>
    (await fetch(`${env.PUBLIC_URL}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })).text();

  /** How often this event happened, also where the log has one line for many of them. */
  async function countEvents(event: string): Promise<number> {
    const [, count = "0"] = new RegExp(`log_events_total\\{event="${event}"\\} (\\d+)`).exec(await scrape()) ?? [];
    return Number(count);
  }

  /** Waits until this event has happened so many times more, in the log or not. */
  async function waitForEvent(event: string, more = 1): Promise<void> {
    const count = (await countEvents(event)) + more;
    await until(async () => {
      const now = await countEvents(event);
      if (now < count) throw new Error(`${now} of ${count} times ${event}`);
    });
  }

  const addFault = (fault: NewFault) => sandbox("POST", "/faults", fault);

  return {
    url,
    world,
    /** The time of the twins and of the bot: `time.advance(4 * HOUR)` moves both. */
    time,
    env,
    /** The lines that the bot logged, parsed. */
    logEntries,
    /** Its lines of one event. */
    logged,
    waitForLog,
    scrape,
    countEvents,
    waitForEvent,
    /** Waits for two sweeps, so that one of them began after this call. */
    waitForSweeps: () => waitForLog("sweep.complete", 2),
    /** Waits for enough quick polls that at least two of them began after this call. */
    waitForQuickPolls: () => waitForLog("quick_poll.complete", 4),
    /** Advances the clock of the twins and the bot. @param forward such as `5m`, or milliseconds */
    advanceClock: (forward: string | number) => sandbox("POST", "/clock", { forward }),
    person,
    botId: world.people.bot.id,
    /** The group space of everybody but the outsider. */
    groupRoom: world.rooms.ofPerson(world.people.bot.id).find(({ title }) => title === "Wholesale NOC")?.id ?? "",
    botEnvironment,
    startBot,
    stopBot,
    /** Stops the bot and starts it again, on the same database or on an empty one. */
    async restartBot({ fresh } = { fresh: false }): Promise<App> {
      await stopBot();
      if (fresh) {
        await database.remove();
        database = await createDatabase();
      }
      return startBot();
    },
    /** One of the sandbox's own calls, such as `sandbox("GET", "/people")`. */
    sandbox,
    addFault,
    /** The bot's next post hangs until `clearFaults`, or until its HTTP client gives up (20 s). */
    holdNextPost: () => addFault({ api: "webex", method: "POST", path: "/messages", delayMs: 600_000, times: 1 }),
    /** Removes all faults; calls that one of them delays go on. */
    clearFaults: () => sandbox("DELETE", "/faults"),
    runScenario: (name: string, parameters: object = {}) => sandbox("POST", `/scenarios/${name}`, parameters),
    changeCustomer: (id: string, change: object) => sandbox("PATCH", `/customers/${id}`, change),
    takeCalls,
    /** The bot's calls to Webex since this was asked last, as `METHOD path` with `:id` for ids. */
    async takeBotCalls(): Promise<readonly string[]> {
      const pathOf = (path: string) =>
        path
          .replace(/\?.*/, "")
          .replace(/\/(?:Y2lz|[0-9a-f]{8}-)[^/]*/g, "/:id")
          .replace("/v1", "");
      return (await takeCalls())
        .filter(({ api, by, path }) => api === "webex" && by === "bot" && !path.includes("/webhooks"))
        .map(({ method, path }) => `${method} ${pathOf(path)}`);
    },
    readyz: () => fetch(`${env.PUBLIC_URL}/readyz`),
    async stop(): Promise<void> {
      await Promise.all(running.map((app) => app.stop()));
      // The twins then had no address of the bot to call.
      if (bySocket) expect(world.webhooks.ofPerson(world.people.bot.id)).toEqual([]);
      await twins.close();
      await database.remove();
    },
  };
}

/** A bot that listens by a socket makes a space and removes it, and counts as listening only then. */
async function expectHearing({ port }: App): Promise<void> {
  const readiness = await (await fetch(`http://127.0.0.1:${port}/readyz`)).json();
  expect(readiness).toMatchObject({ reasons: expect.not.arrayContaining(["Webex socket"]) });
}

export function environmentOf({ dataDir, databaseUrl }: DatabaseLocation): Record<string, string> {
  return { DATA_DIR: dataDir, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) };
}

/** The environment that makes a bot listen on a port that nobody else uses. */
export async function addressOnFreePort() {
  const port = String(await freePort());
  return { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` };
}
