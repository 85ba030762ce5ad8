import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { createProbe, findBot } from "../../src/doctor/find-bot.ts";
import { signatureOf } from "../../src/webex/webhook-signature.ts";
import { SHORT_INTERVALS, startHealthyJourney } from "../support/alert-journey.ts";
import { BY_SOCKET } from "../support/by-socket.ts";
import { resultsOf } from "../support/doctor.ts";
import { addressOnFreePort, type Journey, webhookTest } from "../support/journey.ts";
import { until } from "../support/until.ts";

const DOCTOR = fileURLToPath(new URL("../../dist/doctor.js", import.meta.url));
const SANDBOX = fileURLToPath(new URL("../../dist-sandbox/sandbox/main.js", import.meta.url));

let journey: Journey;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS);
});
afterAll(() => journey.stop());

type Environment = Readonly<Record<string, string>>;

async function statesOf(env: Environment): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await resultsOf(env)).map(({ name, outcome }) => [name, outcome.state]));
}

const [OF_WEBHOOKS, OF_SOCKET] = BY_SOCKET ? ["skipped", "ok"] : ["ok", "skipped"];

const ALL_WELL = {
  "Node.js": "ok",
  "Webex SDK": "ok",
  Configuration: "ok",
  Port: "ok",
  Bot: "ok",
  "Public address": OF_WEBHOOKS,
  Database: "ok",
  Clock: "ok",
  "Bot token": "ok",
  People: "ok",
  Webhooks: OF_WEBHOOKS,
  Websocket: OF_SOCKET,
  "Ops space": "ok",
  "Webex Status": "ok",
  "Wholesale token": "ok",
  Customers: "ok",
  "One customer": "ok",
  "Sub-partners": "ok",
  Names: "ok",
};

async function runDoctor(env: Environment, ...args: readonly string[]) {
  const child = spawn(process.execPath, [DOCTOR, ...args], { env: { PATH: process.env.PATH ?? "", ...env } });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += String(chunk)));
  const [code] = await once(child, "close");
  return { code, printed };
}

test("while a bot runs all is well, for a program and by the exit code; nothing is sent, and no secret is shown", async () => {
  const env: Environment = { ...journey.botEnvironment(), OPS_ROOM_ID: journey.groupRoom };
  await journey.takeCalls();
  const { code, printed } = await runDoctor(env, "--json");
  const { ok, checks } = JSON.parse(printed);
  expect(Object.fromEntries(checks.map(({ name, state }: Record<string, string>) => [name, state]))).toMatchObject(
    ALL_WELL,
  );
  expect({ ok, code }).toEqual({ ok: true, code: 0 });
  const written = (await journey.takeCalls()).filter(
    ({ method, path }) => method !== "GET" && !path.includes("/webhooks"),
  );
  expect(written).toEqual([]);
  for (const secret of [env.WEBEX_BOT_TOKEN, journey.env.WEBEX_WEBHOOK_SECRET, env.WHOLESALE_ACCESS_TOKEN])
    expect(printed).not.toContain(secret);
});

test("before the first start it listens in the place of the bot, makes the database, and renews the token as the bot would", async () => {
  const fresh = await startHealthyJourney(SHORT_INTERVALS);
  try {
    await fresh.stopBot();
    const { WHOLESALE_ACCESS_TOKEN: _, ...rest } = fresh.botEnvironment();
    const refreshing = await fresh.sandbox<Record<string, string>>("GET", "/bot-env?wholesale=refresh");
    const { WHOLESALE_CLIENT_ID = "", WHOLESALE_CLIENT_SECRET = "", WHOLESALE_REFRESH_TOKEN = "" } = refreshing;
    const env = { ...rest, WHOLESALE_CLIENT_ID, WHOLESALE_CLIENT_SECRET, WHOLESALE_REFRESH_TOKEN };
    const states = await statesOf({ ...env, OPS_ROOM_ID: fresh.groupRoom });
    expect(states).toMatchObject({ ...ALL_WELL, Bot: "skipped" });
    // The pair was saved: with the first refresh token alone neither could go on.
    expect(await statesOf(env)).toMatchObject({ "Wholesale token": "ok", Customers: "ok" });
    await fresh.startBot({ ...env, WHOLESALE_ACCESS_TOKEN: "" });
    expect(await statesOf(env)).toMatchObject({ ...ALL_WELL, "Ops space": "skipped" });
  } finally {
    await fresh.stop();
  }
});

test("with the sandbox as it starts all is well, by the file that it gives", async () => {
  const { PORT = "" } = await addressOnFreePort();
  const sandbox = spawn(process.execPath, [SANDBOX, "--port", PORT, "--customers", "20"]);
  const folder = mkdtempSync(join(tmpdir(), "bot-doctor-"));
  try {
    await until(async () => expect((await fetch(`http://127.0.0.1:${PORT}/sandbox/ready`)).ok).toBe(true));
    const file = join(folder, "sandbox.env");
    const settings = await fetch(`http://127.0.0.1:${PORT}/sandbox/bot-env?format=env`);
    writeFileSync(file, await settings.text());
    const { code, printed } = await runDoctor({ PUBLIC_URL: "http://of.another.bot" }, "--env", file);
    expect(printed).toMatch(/All is well: 19 checks, 2 not checked/);
    expect(code).toBe(0);
  } finally {
    sandbox.kill("SIGTERM");
    await once(sandbox, "exit");
    rmSync(folder, { recursive: true });
  }
});

webhookTest(
  "an event of Webex that comes to the doctor in the place of the bot is not answered as if it were kept",
  async () => {
    const address = await addressOnFreePort();
    const read = readConfig({ ...journey.botEnvironment(), ...address });
    if (!read.ok) throw new Error(read.problems.join("\n"));
    const found = await findBot(read.config, 600_000);
    const post = (body: string) => {
      const signature = signatureOf(Buffer.from(body), read.config.webex.webhook?.secrets[0] ?? "");
      const headers = { "x-spark-signature": signature };
      return fetch(`${address.PUBLIC_URL}/webhook`, { method: "POST", headers, body });
    };
    expect((await post(createProbe())).status).toBe(200);
    expect((await post(JSON.stringify({ resource: "messages", event: "created", data: { id: "1" } }))).status).toBe(
      500,
    );
    expect((await fetch(`${address.PUBLIC_URL}/readyz`)).status).toBe(503);
    await found.close();
  },
);

test("without a configuration each missing variable has a line, and the exit code is 1; a wrong command line is 2", async () => {
  const { code, printed } = await runDoctor({});
  expect(code).toBe(1);
  expect(printed.match(/^✕ Configuration.* → .+$/gm)).toHaveLength(2);
  expect((await runDoctor({}, "--nonsense")).code).toBe(2);
});
