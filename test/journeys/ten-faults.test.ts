import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SYSTEM_PLATFORM } from "../../src/app/platform.ts";
import { judgeFreeSpace } from "../../src/doctor/checks/database.ts";
import { checkSdk } from "../../src/doctor/checks/host.ts";
import { type Outcome, outcomeOfError } from "../../src/doctor/outcome.ts";
import { formatResult } from "../../src/doctor/report.ts";
import { createVirtualTime, type VirtualTime } from "../../src/sandbox/clock/virtual-time.ts";
import { createFaultyDatabase, createStatementFaults } from "../simulator/faulty-dialect.ts";
import { SHORT_INTERVALS } from "../support/alert-journey.ts";
import { spawnBot } from "../support/bot-process.ts";
import { createDataDir, type TemporaryDatabase } from "../support/databases.ts";
import { resultsOf } from "../support/doctor.ts";
import { type Journey, startJourney, webhookTest } from "../support/journey.ts";
import { readTable, type Said, unsaid } from "../support/ten-faults.ts";
import { until } from "../support/until.ts";

const TABLE = readTable();
const tried = new Set<string>();

let journey: Journey;
let database: TemporaryDatabase;
let env: Record<string, string>;

beforeEach(async () => {
  journey = await startJourney({ customers: 20 });
  database = await createDataDir();
  const operator = journey.person("operator");
  const { id: opsRoomId } = await operator.call<{ id: string }>("POST", "/rooms", { title: "Ops" });
  await journey.sandbox("POST", `/rooms/${opsRoomId}/invite`, { role: "bot" });
  const { dataDir } = database.location;
  const files = { DATA_DIR: dataDir, DATABASE_URL: "", OPS_ROOM_ID: opsRoomId };
  env = { ...journey.botEnvironment(), ...SHORT_INTERVALS, ...files };
});
afterEach(async () => {
  await journey.stop();
  await database.remove();
});

/** Collects what each place says now. @param time of the machine on which the doctor looks */
async function listen(time: VirtualTime = journey.time): Promise<Said> {
  const base = `http://127.0.0.1:${env.PORT}`;
  const results = await resultsOf(env, time.clock);
  const complaints = results.filter(({ outcome }) => outcome.state === "failed").map(formatResult);
  const authorization = `Bearer ${env.METRICS_TOKEN}`;
  return {
    doctor: complaints.join("\n"),
    readyz: await (await fetch(`${base}/readyz`)).text(),
    metrics: await (await fetch(`${base}/metrics`, { headers: { authorization } })).text(),
    log: journey.logEntries.map((line) => JSON.stringify(line)).join("\n"),
    ops: (await journey.person("operator").fromBot(env.OPS_ROOM_ID ?? "")).map(({ text = "" }) => text).join("\n"),
  };
}

const NOBODY: Said = { doctor: "", readyz: "", metrics: "", log: "", ops: "" };

/** Waits until everything that the table claims of a fault is said. */
async function expectRow(fault: string, observe: () => Promise<Said>): Promise<void> {
  tried.add(fault);
  const claims = TABLE.get(fault);
  if (claims === undefined) throw new Error(`docs/operate.md has no row "${fault}"`);
  await until(async () => expect(unsaid(claims, await observe())).toEqual([]));
}

async function startBlind(): Promise<void> {
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("31s");
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("10s");
}

/** Webex does that after a hundred failures. */
function changeWebhooks(change: object): void {
  const { webhooks } = journey.world;
  for (const hook of webhooks.all()) webhooks.save({ ...hook, ...change });
}

test("Wholesale token expired", async () => {
  await journey.startBot(env);
  await journey.addFault({ api: "wholesale", status: 401 });
  await startBlind();
  await expectRow("Wholesale token expired", listen);
});

test("scope missing", async () => {
  await journey.startBot(env);
  await journey.addFault({ api: "wholesale", path: "/customers", status: 403 });
  await startBlind();
  await expectRow("scope missing", listen);
});

webhookTest("webhook unreachable", async () => {
  env.PUBLIC_URL = "http://127.0.0.1:9";
  await journey.startBot(env);
  const viewer = journey.person("viewer");
  const asked = { toPersonId: journey.botId, markdown: "hello?" };
  for (let count = 0; count < 110; count += 1) await viewer.call("POST", "/messages", asked);
  await expectRow("webhook unreachable", listen);
});

webhookTest("webhook disabled", async () => {
  await journey.startBot(env);
  await journey.addFault({ api: "webex", path: "/webhooks", method: "PUT", status: 403 });
  changeWebhooks({ status: "inactive" });
  await expectRow("webhook disabled, and it cannot be put back", listen);
});

webhookTest("webhook secret wrong", async () => {
  await journey.startBot(env);
  changeWebhooks({ secret: "a secret of another instance" });
  await journey.person("viewer").call("POST", "/messages", { roomId: journey.groupRoom, markdown: "hello?" });
  await expectRow("webhook secret wrong", listen);
});

test("disk full", async () => {
  const disk = createStatementFaults();
  const { wrapDialect } = createFaultyDatabase(async (sql) => disk.beforeStatement(sql));
  await journey.startBot(env, { platform: { ...SYSTEM_PLATFORM, database: { wrapDialect } } });
  disk.setDiskFull(true);
  await journey.advanceClock("61s");
  const doctor = formatResult({ name: "Disk", outcome: judgeFreeSpace(0) });
  await expectRow("disk full", async () => ({ ...(await listen()), doctor }));
  disk.setDiskFull(false);
});

test("database gone", async () => {
  await journey.startBot(env);
  rmSync(join(database.location.dataDir, "bot.db"));
  await journey.advanceClock("61s");
  await expectRow("database gone", listen);
});

test("clock off", async () => {
  const time = createVirtualTime();
  await journey.startBot(env, { time });
  await journey.advanceClock("30m");
  // Each answer of Webex tells the time.
  await journey.person("operator").ask("help");
  await expectRow("clock off", () => {
    // The bot looks each minute, and reports to the ops space what lasts.
    time.advance(61_000);
    return listen(time);
  });
});

test("port in use", async () => {
  const other = createServer((_request, response) => response.end("something else"));
  await new Promise<void>((resolve) => void other.listen(Number(env.PORT), "127.0.0.1", resolve));
  const bot = spawnBot(env);
  expect(await bot.exitCode()).toBe(1);
  expect(bot.output()).toContain("Set PORT to a free port.");
  await expectRow("port in use", async () => ({ ...(await listen()), log: bot.output() }));
  await new Promise((resolve) => other.close(resolve));
});

test("SDK not ours", async () => {
  const root = mkdtempSync(join(tmpdir(), "bot-sdk-"));
  installWithRealSdk(root);
  const bot = spawnBot(env, { args: [join(root, "dist/main.js")] });
  expect(await bot.exitCode()).toBe(1);
  const doctor = formatResult({ name: "Webex SDK", outcome: outcomeOfSdk(join(root, "dist/doctor/checks.js")) });
  await expectRow("SDK not ours", async () => ({ ...NOBODY, doctor, log: bot.output() }));
  rmSync(root, { recursive: true });
});

function outcomeOfSdk(from: string): Outcome {
  try {
    return checkSdk(from);
  } catch (error) {
    return outcomeOfError(error);
  }
}

/** A copy of the built bot whose framework brings an SDK along, as package managers that ignore the overrides install it. */
function installWithRealSdk(root: string): void {
  const clone = fileURLToPath(new URL("../..", import.meta.url));
  const modules = join(root, "node_modules");
  const framework = "webex-node-bot-framework";
  mkdirSync(modules);
  for (const name of ["dist", "cards", "package.json"])
    cpSync(join(clone, name), join(root, name), { recursive: true });
  for (const name of readdirSync(join(clone, "node_modules")))
    if (name !== framework) symlinkSync(join(clone, "node_modules", name), join(modules, name));
  cpSync(join(clone, "node_modules", framework), join(modules, framework), { recursive: true });
  const sdk = join(modules, framework, "node_modules/webex");
  mkdirSync(sdk, { recursive: true });
  writeFileSync(join(sdk, "package.json"), JSON.stringify({ name: "webex", version: "2.60.4", main: "index.js" }));
  writeFileSync(join(sdk, "index.js"), "module.exports = { init: () => ({}) };");
}

webhookTest("every row of the table was tried, and its ten faults are these", () => {
  expect([...TABLE.keys()].sort()).toEqual([...tried].sort());
  expect(TABLE.size).toBe(10);
});
