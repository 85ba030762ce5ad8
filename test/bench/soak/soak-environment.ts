import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import Libsql from "libsql";
import { createBotProcess } from "../../../src/sandbox/bot/bot-process.ts";
import { notHearingReason } from "../../../src/sandbox/bot/bot-status.ts";
import { pausedAt } from "../../../src/sandbox/clock/clock-mode.ts";
import { createVirtualTime } from "../../../src/sandbox/clock/virtual-time.ts";
import { createSandbox } from "../../../src/sandbox/sandbox.ts";
import { ADDRESS_OF_ALL } from "../../support/by-socket.ts";
import { createHttpClient } from "../../support/http-client.ts";

export const START = Date.parse("2026-05-01T00:00:00.000Z");

/** Asks V8 for all garbage at a signal, and logs what is left: the heap in `heapUsed`, and all that is resident. */
const HEAP_PROBE = `
import v8 from "node:v8"; import vm from "node:vm";
v8.setFlagsFromString("--expose-gc"); const gc = vm.runInNewContext("gc");
console.log(JSON.stringify({ event: "born", pid: process.pid }));
process.on("SIGUSR2", () => { gc(); gc(); console.log(JSON.stringify({ event: "heap", ...process.memoryUsage() })); });`;

export interface SoakEnvironmentOptions {
  readonly customers: number;
  readonly env: Readonly<Record<string, string>>;
  /** The compiled bot that goes by the sandbox's time. */
  readonly script: string;
}

type Line = Readonly<Record<string, unknown>>;
export type SoakEnvironment = Awaited<ReturnType<typeof openSoakEnvironment>>;

/** The sandbox's two APIs here and the bot in a process of its own, as in `npm run sandbox`, on a clock that stands at first. */
export async function openSoakEnvironment({ customers, env, script }: SoakEnvironmentOptions) {
  const time = createVirtualTime(pausedAt(START));
  const sandbox = await createSandbox({ customers, time, expectsBot: true });
  const dataDir = mkdtempSync(join(tmpdir(), "bot-soak-"));
  const events = new Map<string, number>();
  const errors: Line[] = [];
  let heap: ((line: Line) => void) | undefined;
  let pid = 0;

  const hear = (line: Line): void => {
    const event = String(line.event);
    events.set(event, (events.get(event) ?? 0) + 1);
    if (line.level === "error") errors.push(line);
    if (event === "heap") heap?.(line);
    if (event === "born") pid = Number(line.pid);
  };
  const bot = createBotProcess({
    script,
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(HEAP_PROBE)}`,
      ...sandbox.botEnv(),
      DATA_DIR: dataDir,
      ...env,
      ...ADDRESS_OF_ALL,
    },
    isHearing: () => notHearingReason(sandbox.world) === undefined,
    onChange: () => undefined,
    clockMode: time.mode,
    log: linesOf(hear),
  });
  sandbox.attachBot(bot);

  const call = createHttpClient(`${sandbox.url}/sandbox`);

  return {
    url: sandbox.url,
    world: sandbox.world,
    clock: time.clock,
    console: call,
    count: (event: string) => events.get(event) ?? 0,
    /** Lines of level error since somebody asked last. */
    errors: () => errors.splice(0),
    speed: (speed: number) => call("POST", "/clock", { speed }),
    forward: (ms: number) => call("POST", "/clock", { forward: ms }),
    /** Waits until the world's clock shows this. */
    async until(at: number): Promise<void> {
      while (time.clock() < at) await sleep(5);
    },
    async start(): Promise<void> {
      bot.start();
      while (bot.state().state !== "ready") await sleep(20);
    },
    /** The bot's heap in use after a garbage collection, in bytes. */
    async heap(): Promise<number> {
      const measured = new Promise<Line>((resolve) => {
        heap = resolve;
      });
      process.kill(pid, "SIGUSR2");
      return Number((await measured).heapUsed);
    },
    /** Rows of its database, past the bot. */
    read<T>(statement: string): readonly T[] {
      const file = new Libsql(join(dataDir, "bot.db"), { readonly: true });
      try {
        return file.prepare(statement).all() as T[];
      } finally {
        file.close();
      }
    },
    async close(): Promise<void> {
      await bot.stop();
      await sandbox.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** A stream that hands over each line of JSON that is written to it; what else the bot prints is shown. */
function linesOf(hear: (line: Line) => void): PassThrough {
  const stream = new PassThrough();
  let rest = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("{")) hear(JSON.parse(line));
      else process.stderr.write(`bot: ${line}\n`);
    }
  });
  return stream;
}
