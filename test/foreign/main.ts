import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lint, refusals } from "../../src/cards/lint/lint.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { startForeignBot } from "./bot-run.ts";
import { CLIENTS, type Client, knownReason, STEPS, type Transport } from "./clients.ts";
import { install, isRegistryReachable } from "./installation.ts";
import { meet, type Outcomes } from "./meeting.ts";

const USAGE = `Lets Webex clients of others, as they are published, meet a person in the sandbox, and says what they could do.

  npm run foreign              every client: ${CLIENTS.map(({ name }) => name).join(", ")}
  --only webex                 one of them
  --folder /tmp/clients        installs there and keeps it; what is installed there already is used again
  --verbose                    prints what the bots print

Without npm's registry it says so and does nothing.
`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    folder: { type: "string" },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const clients = CLIENTS.filter(({ name }) => values.only === undefined || name === values.only);
  if (clients.length === 0) process.exitCode = 1;
  if (values.help || clients.length === 0) return void print(USAGE);
  if (!(await isRegistryReachable())) return void print("Skipped foreign clients: npm's registry cannot be reached.");
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), "foreign-clients-"));
  try {
    print("| client | by | greet | hear | card | press | why not |\n| --- | --- | --- | --- | --- | --- | --- |");
    for (const client of clients) await tryClient(client, folder);
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function tryClient(client: Client, parent: string): Promise<void> {
  const folder = await install(client, parent).catch((error: Error) => {
    print(`| ${client.packages.join(", ")} | | | | | | UNEXPECTED: not installed: ${error.message.split("\n")[0]} |`);
  });
  if (folder === undefined) {
    process.exitCode = 1;
    return;
  }
  for (const transport of client.transports) {
    const outcomes = await tryTransport(client, folder, transport);
    print(rowOf(client, transport, outcomes));
    if (STEPS.some((step) => outcomes[step] !== undefined && !knownReason(client, transport, step)))
      process.exitCode = 1;
  }
}

async function tryTransport(client: Client, folder: string, transport: Transport): Promise<Outcomes> {
  const behaviour = { activityTexts: "plain" } as const;
  const sandbox = await createSandbox({ customers: 0, refusals, lint, behaviour });
  const bot = await startForeignBot(client, { folder, sandbox, transport });
  try {
    return await meet(sandbox, bot);
  } finally {
    await bot.stop();
    await sandbox.close();
    if (values.verbose) print(bot.output());
  }
}

function rowOf(client: Client, transport: Transport, outcomes: Outcomes): string {
  const cells = STEPS.map((step) => (outcomes[step] === undefined ? "yes" : "no"));
  const reasons = STEPS.flatMap((step) => {
    const seen = outcomes[step];
    return seen === undefined ? [] : (knownReason(client, transport, step) ?? `UNEXPECTED: ${seen}`);
  });
  return `| ${client.packages.join(", ")} | ${transport} | ${cells.join(" | ")} | ${[...new Set(reasons)].join("; ")} |`;
}

await main();
