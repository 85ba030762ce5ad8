import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lint, refusals } from "../cards/lint/lint.ts";
import { createBotProcess } from "./bot/bot-process.ts";
import { type BotControl, notHearingReason } from "./bot/bot-status.ts";
import { type CommandLine, readCommandLine, usage } from "./options.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";
import type { BotState } from "./world/world.ts";

const BOT_SCRIPT = join(import.meta.dirname, "bot/bot-main.js");
/** The package of the sandbox alone has no bot. */
const HAS_BOT = existsSync(BOT_SCRIPT);
const COMMAND = HAS_BOT ? "npm run sandbox --" : "webex-wholesale-sandbox";

/** The process behind `npm run sandbox`: the two APIs, the real bot as a child, and the page. */
async function main(): Promise<void> {
  // The reader of the output may go away; the sandbox stays.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const options = parseCommandLine();
  if (options.help) {
    process.stdout.write(usage(COMMAND));
    return;
  }
  const sandbox = await start(options);
  const onBotState = { news: printBotState };
  const bot = options.bot ? startBot(sandbox, (news) => onBotState.news(news)) : undefined;
  const stop = stopOnce(async () => {
    onBotState.news = () => {};
    await bot?.stop();
    await sandbox.close();
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  process.stdout.write(greeting(sandbox.url, options));
}

function parseCommandLine(): CommandLine {
  try {
    const options = readCommandLine(process.argv.slice(2));
    return { ...options, bot: options.bot && HAS_BOT };
  } catch (error) {
    const [reason = ""] = messageOf(error).split(/(?<=\.) /);
    return fail(`${reason} See: ${COMMAND} --help`, 2);
  }
}

async function start({ port, customers, seed, bot }: CommandLine): Promise<Sandbox> {
  try {
    return await createSandbox({ port, customers, seed, refusals, lint, expectsBot: bot, ...callBudget() });
  } catch (error) {
    const busy = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!busy) return fail(`The sandbox could not start: ${messageOf(error)}`, 1);
    const cure = `Stop what listens there, or take another port: ${COMMAND} --port ${port + 1}`;
    return fail(`Port ${port} is in use, perhaps by another sandbox. ${cure}`, 1);
  }
}

function startBot(sandbox: Sandbox, onBotState: (news: BotState) => void): BotControl {
  const keepsData = process.env.DATA_DIR || process.env.DATABASE_URL;
  const folder = keepsData ? undefined : mkdtempSync(join(tmpdir(), "wholesale-bot-"));
  if (folder) process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const bot = createBotProcess({
    script: BOT_SCRIPT,
    env: {
      ...sandbox.botEnv(),
      ...inheritedEnv(),
      ...(folder && { DATA_DIR: folder }),
      ...botAddressEnv(sandbox),
    },
    isHearing: () => notHearingReason(sandbox.world) === undefined,
    onChange: (news) => {
      sandbox.world.events.emit({ type: "bot", data: news });
      onBotState(news);
    },
    clockMode: sandbox.time.mode,
    log: process.stderr,
  });
  sandbox.attachBot(bot, folder);
  bot.start();
  return bot;
}

/** The bot's budget from the environment, which the bot inherits. */
function callBudget(): { readonly callsPerMinute?: number } {
  const callsPerMinute = Number(process.env.API_CALLS_PER_MINUTE);
  return callsPerMinute > 0 ? { callsPerMinute } : {};
}

function printBotState({ state, reason }: BotState): void {
  if (state === "ready") printStatus("The bot is ready.");
  if (state === "stopped") printStatus(`${reason} Start it again on the page.`);
}

/** The environment for the bot, without the credentials of a real Webex that may be set here. */
function inheritedEnv(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:WEBEX|WHOLESALE)_/.test(name)));
}

/** Variables that the environment must not override, because the APIs call the bot there. */
function botAddressEnv(sandbox: Sandbox): Readonly<Record<string, string>> {
  const { PORT, PUBLIC_URL } = sandbox.botEnv();
  return { ...(PORT && { PORT }), ...(PUBLIC_URL && { PUBLIC_URL }) };
}

function greeting(url: string, { bot, customers }: CommandLine): string {
  const tries = bot
    ? `  Try this:
    1. In the space "Wholesale NOC", write: errors
    2. Break a customer under "World", and press Refresh on the card
    3. Start "webex-down" or "blind-503", ask again, and read the answer
`
    : `  Without a bot. Point one at it with: curl "${url}/sandbox/bot-env?format=env"
`;
  return `\n  The sandbox is open, with ${customers.toLocaleString("en")} customers:\n\n    ${url}\n\n${tries}\n  Ctrl-C ends it.\n\n`;
}

/** A second signal ends the process at once. */
function stopOnce(stop: () => Promise<void>): () => void {
  let stopping = false;
  return () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(messageOf(error), 1),
    );
  };
}

const printStatus = (text: string): boolean => process.stderr.write(`sandbox: ${text}\n`);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function fail(message: string, code: number): never {
  printStatus(message);
  process.exit(code);
}

await main();
