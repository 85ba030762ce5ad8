import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { environmentFor } from "../support/bot-process.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { until } from "../support/until.ts";

const BOT = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const SANDBOX = fileURLToPath(new URL("../../dist-sandbox/sandbox/main.js", import.meta.url));
/** Longer than a pipe and its buffers hold. */
const LINES = 1_500;

let journey: Journey;
let database: TemporaryDatabase;

beforeEach(async () => {
  journey = await startJourney({ customers: 10 });
  database = await createDatabase();
});
afterEach(async () => {
  await journey.stop();
  await database.remove();
});

const READERS = ["never reads", "has closed its end"] as const;

/** A process whose stdout and stderr go to such a reader. */
function start(main: string, args: readonly string[], env: Record<string, string>, reader: (typeof READERS)[number]) {
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env.PATH, ...env } });
  for (const stream of [child.stdout, child.stderr]) {
    if (reader === "never reads") stream.pause();
    else stream.destroy();
  }
  const exit = once(child, "exit").then(([code]) => code as number | null);
  return { child, exit };
}

const answers = (url: string) => async () => expect((await fetch(url)).ok).toBe(true);

test.each(READERS)("the bot answers and ends on SIGTERM when the reader of its log %s", async (reader) => {
  const env = await environmentFor(journey, database.location);
  const url = `http://127.0.0.1:${env.PORT}`;
  const { child, exit } = start(BOT, [], env, reader);
  await until(answers(`${url}/readyz`));
  // Each of them is a line of the log.
  for (let sent = 0; sent < LINES; sent += 50) {
    const calls = Array.from({ length: 50 }, () => fetch(`${url}/webhook`, { method: "POST", body: "x" }));
    for (const { status } of await Promise.all(calls)) expect(status).toBe(401);
  }
  await answers(`${url}/readyz`)();
  child.kill("SIGTERM");
  expect(await exit).toBe(0);
});

test.each(READERS)(
  "the sandbox ends on SIGTERM, and its bot with it, when the reader of its log %s",
  async (reader) => {
    const { PORT = "" } = await environmentFor(journey, database.location);
    const { child, exit } = start(SANDBOX, ["--port", PORT, "--customers", "10"], {}, reader);
    await until(answers(`http://127.0.0.1:${PORT}/sandbox/ready`));
    const bot = new URL("/readyz", (await sandboxBotEnv(PORT)).PUBLIC_URL);
    await answers(bot.href)();
    child.kill("SIGTERM");
    expect(await exit).toBe(0);
    await until(async () => expect(await fetch(bot).catch(() => "refused")).toBe("refused"));
  },
);

async function sandboxBotEnv(port: string): Promise<{ readonly PUBLIC_URL: string }> {
  const response = await fetch(`http://127.0.0.1:${port}/sandbox/bot-env`);
  return (await response.json()) as { PUBLIC_URL: string };
}
