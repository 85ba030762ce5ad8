import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { lint } from "../../src/cards/lint/lint.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { WEBHOOK_SECRET } from "../../src/sandbox/bot/bot-env.ts";
import { createBotProcess } from "../../src/sandbox/bot/bot-process.ts";
import { notHearingReason } from "../../src/sandbox/bot/bot-status.ts";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { NewFault } from "../../src/sandbox/world/faults.ts";
import type { Role } from "../../src/sandbox/world/people.ts";
import { seriesOf } from "../metrics/scraped.ts";
import { createHttpClient } from "../support/http-client.ts";
import { createPerson } from "../support/person.ts";
import { until } from "../support/until.ts";
import { startProxy } from "./proxy.ts";

/** The built bot that goes by the sandbox's time. */
const BOT = join(PACKAGE_ROOT, "dist-sandbox/sandbox/bot/bot-main.js");

const METRICS_TOKEN = "attack metrics token";

/** The series with the number of sweeps that ended in one way. */
const SWEEPS = /sweep_duration_seconds_count\{/;

type LogEntry = Readonly<Record<string, unknown>>;

export interface ArenaOptions extends SandboxOptions {
  /** Of the bot, besides what points it at the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** The Wholesale API gives the bot a refresh token in place of an access token. */
  readonly refreshes?: boolean;
}

/** The bot reads the API all the time, and tells what it finds at once. */
const SHORT_INTERVALS = {
  SWEEP_INTERVAL: "1s",
  WATCH_INTERVAL: "500ms",
  GROUP_WAIT: "200ms",
  GROUP_INTERVAL: "200ms",
  API_CALLS_PER_MINUTE: "1000000",
};

/** The sandbox, its built bot as a process, and a proxy between them that can lie: where one area of attacks takes place. */
export type Arena = Awaited<ReturnType<typeof startArena>>;

export async function startArena({ env = {}, refreshes = false, ...options }: ArenaOptions = {}) {
  const sandbox = await createSandbox({ port: 0, customers: 40, refusals: lint, ...options });
  const { world, url } = sandbox;
  const proxy = await startProxy(url);
  const dataDir = mkdtempSync(join(tmpdir(), "attack-"));
  const { log, lines } = collectLines();
  const botEnv: Record<string, string> = {
    ...sandbox.botEnv(refreshes ? "refresh" : "token"),
    WEBEX_API_URL: `${proxy.url}/v1`,
    WHOLESALE_API_URL: `${proxy.url}/v1`,
    METRICS_TOKEN,
    DATA_DIR: dataDir,
    ...SHORT_INTERVALS,
    ...env,
  };
  const bot = createBotProcess({
    script: BOT,
    env: { PATH: process.env.PATH, ...botEnv },
    isHearing: () => notHearingReason(world) === undefined,
    onChange: (data) => world.events.emit({ type: "bot", data }),
    clockMode: sandbox.time.mode,
    log,
  });
  sandbox.attachBot(bot);
  bot.start();
  const control = createHttpClient(`${url}/sandbox`);
  const logged = (event: string): readonly LogEntry[] => entriesOf(lines).filter((line) => line.event === event);
  const botUrl = botEnv.PUBLIC_URL ?? "";

  const arena = {
    url,
    world,
    proxy,
    bot,
    botUrl,
    botEnv,
    dataDir,
    sandbox,
    /** Everything that the bot printed. */
    lines,
    logged,
    control,
    botId: world.people.bot.id,
    groupRoom: world.rooms.ofPerson(world.people.bot.id).find(({ title }) => title === "Wholesale NOC")?.id ?? "",
    person: (role: Role, nth = 0) => createPerson(sandbox, role, nth),
    addFault: (fault: NewFault) => control("POST", "/faults", fault),
    clearFaults: () => control("DELETE", "/faults"),
    changeCustomer: (id: string, change: object) => control("PATCH", `/customers/${id}`, change),
    advanceClock: (forward: string) => control("POST", "/clock", { forward }),
    runScenario: (name: string, parameters: object = {}) => control("POST", `/scenarios/${name}`, parameters),
    /** Waits until the bot has logged this event so many times more than now, or than `from`. */
    async waitForLog(event: string, more = 1, from = logged(event).length): Promise<void> {
      await until(() => {
        if (logged(event).length < from + more) throw new Error(`${event} was logged ${logged(event).length} times`);
      });
    },
    /** How many sweeps came to an end, whatever the end. The log does not repeat a fault that lasts. */
    async endedSweeps(): Promise<number> {
      const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
      const scraped = await (await fetch(`${botUrl}/metrics`, { headers })).text();
      return [...seriesOf(scraped)].reduce((sum, [name, value]) => sum + (SWEEPS.test(name) ? value : 0), 0);
    },
    /** Waits for two sweeps, so that one of them began after this call. */
    waitForSweeps: (): Promise<void> => arena.waitForLog("sweep.complete", 2),
    /** Waits for enough quick polls that at least two of them began after this call. */
    waitForQuickPolls: (): Promise<void> => arena.waitForLog("quick_poll.complete", 4),
    /** Calls the bot's webhook with this body, signed as Webex does unless the headers say otherwise. */
    async deliver(
      body: string | Buffer,
      headers: Readonly<Record<string, string>> = { "x-spark-signature": sign(body) },
    ) {
      const response = await fetch(`${botUrl}/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      });
      return { status: response.status, text: await response.text() };
    },
    readyz: async () => (await fetch(`${botUrl}/readyz`)).json() as Promise<Readyz>,
    async waitForReady(): Promise<void> {
      await until(() => control("GET", "/ready"));
      await until(async () => {
        if (!(await fetch(`${botUrl}/healthz`)).ok) throw new Error("The bot does not answer.");
      });
    },
    async stop(): Promise<void> {
      proxy.clear();
      world.faults.clear();
      await bot.stop();
      await sandbox.close();
      await proxy.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  await arena.waitForReady();
  return arena;
}

export interface Readyz {
  readonly ready: boolean;
  readonly status: string;
  readonly reasons: readonly string[];
}

export const sign = (body: string | Buffer, secret = WEBHOOK_SECRET, algorithm = "sha1"): string =>
  createHmac(algorithm, secret).update(body).digest("hex");

function collectLines() {
  const lines: string[] = [];
  let rest = "";
  const log = new Writable({
    write(chunk, _, done) {
      const parts = (rest + String(chunk)).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts);
      done();
    },
  });
  return { log, lines };
}

const entriesOf = (lines: readonly string[]): readonly LogEntry[] =>
  lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
