import { randomBytes } from "node:crypto";
import { chownSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatResult } from "../../src/doctor/report.ts";
import { INTEGRATION } from "../../src/sandbox/world/wholesale-tokens.ts";
import { openDatabase } from "../../src/store/database.ts";
import { MIGRATION_NAMES } from "../../src/store/migrations.ts";
import { SHORT_INTERVALS } from "../support/alert-journey.ts";
import { BY_SOCKET } from "../support/by-socket.ts";
import { createDataDir, type TemporaryDatabase } from "../support/databases.ts";
import { resultsOf } from "../support/doctor.ts";
import { addressOnFreePort, type Journey, startJourney, webhookTest } from "../support/journey.ts";

type Environment = Readonly<Record<string, string>>;

let journey: Journey;
let database: TemporaryDatabase;
/** Of a bot that does not run. */
let env: Environment;

beforeAll(async () => {
  journey = await startJourney({ customers: 20 });
  database = await createDataDir();
  env = { ...journey.botEnvironment(), DATABASE_URL: "", DATA_DIR: database.location.dataDir };
});
afterAll(async () => {
  await journey.stop();
  await database.remove();
});

const linesOf = async (environment: Environment): Promise<readonly string[]> =>
  (await resultsOf(environment)).map(formatResult);

/** The lines with a failure. */
const complaintsOf = async (environment: Environment) =>
  (await linesOf(environment)).filter((line) => line.startsWith("✕"));

/** Serves in the place of the bot, at a free port. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(resolve)) };
}

test("before the first start nothing is wrong", async () => {
  expect(await complaintsOf(env)).toEqual([]);
});

test.each([
  [
    "the bot token is refused",
    { WEBEX_BOT_TOKEN: "unknown" },
    /^✕ Bot token .*refused the bot token.* → Set WEBEX_BOT_TOKEN/,
  ],
  ["the ops space is unknown", { OPS_ROOM_ID: "nowhere" }, /^✕ Ops space .* → /],
  [
    "the Wholesale token is the bot's",
    { WHOLESALE_ACCESS_TOKEN: "sandbox-bot-token" },
    /^✕ Customers .* → .*wholesale_customers_read/,
  ],
  [
    "the Wholesale API is elsewhere",
    { WHOLESALE_API_URL: "http://127.0.0.1:9/v1" },
    /^✕ Wholesale token .*127\.0\.0\.1:9 cannot be reached/,
  ],
  ["Webex Status is elsewhere", { STATUS_URL: "http://127.0.0.1:9/index.json" }, /^✕ Webex Status .*cannot be reached/],
  ["the folder is a file", { DATA_DIR: process.execPath }, /^✕ Database .*cannot be written.* → .*DATA_DIR/],
  ["PostgreSQL does not answer", { DATABASE_URL: "postgres://bot@127.0.0.1:9/bot" }, /^✕ Database .* → /],
] as const)("%s: one line says so, with a cure", async (_, changed, line) => {
  const complaints = await complaintsOf({ ...env, ...changed });
  expect(complaints).toEqual([expect.stringMatching(line)]);
});

test("a token of a person is not taken for the bot's", async () => {
  const { token } = journey.world.people.admin;
  const complaints = await complaintsOf({ ...env, WEBEX_BOT_TOKEN: token });
  expect(complaints).toEqual([expect.stringMatching(/^✕ Bot token .*of a person, David Mori/)]);
});

test("a space that the bot is not in is no ops space", async () => {
  const { id } = await journey.person("admin").call<{ id: string }>("POST", "/rooms", { title: "Elsewhere" });
  expect(await complaintsOf({ ...env, OPS_ROOM_ID: id })).toEqual([expect.stringMatching(/^✕ Ops space/)]);
});

webhookTest.each([
  ["nothing answers", "http://127.0.0.1:9", /cannot be reached \(ECONNREFUSED\)/],
  ["another server says yes to everything", 200, /something else than this bot answers .*\(200\)/],
  ["a proxy does not find the bot", 502, /something else than this bot answers .*\(502\)/],
  ["a bot with another secret answers", 401, /refuses a call signed with WEBEX_WEBHOOK_SECRET \(401\)/],
] as const)("at the public address %s", async (_, answer, line) => {
  const server = await serve((_request, response) => response.writeHead(Number(answer)).end());
  const PUBLIC_URL = typeof answer === "string" ? answer : server.url;
  expect(await complaintsOf({ ...env, PUBLIC_URL })).toEqual([expect.stringMatching(line)]);
  await server.stop();
});

test("an access token that ends within a day and is not renewed is a failure before it has ended", async () => {
  const twins = await startJourney({ customers: 5, tokenLifeSeconds: 3_600 });
  const { access_token } = twins.world.tokens.refresh(INTEGRATION.refreshToken) ?? {};
  const expiring = { ...env, ...twins.botEnvironment(), WHOLESALE_ACCESS_TOKEN: access_token ?? "" };
  expect(await complaintsOf({ ...expiring, DATABASE_URL: "", DATA_DIR: env.DATA_DIR ?? "" })).toEqual([
    expect.stringMatching(/^✕ Wholesale token .*ends in .*, and is not renewed by itself → .*doctor -- token/),
  ]);
  await twins.stop();
});

test("a right without which the bot works is no failure, but has a cure", async () => {
  await journey.addFault({ api: "wholesale", path: "/organizations", status: 403 });
  await journey.addFault({ api: "wholesale", path: "/subPartners", status: 403 });
  const lines = await linesOf(env);
  expect(lines).toContainEqual(expect.stringMatching(/^✓ Names .*external ids.* → .*organizations_read/));
  expect(lines).toContainEqual(expect.stringMatching(/^✓ Sub-partners .* → .*wholesale_sub_partners_read/));
  await journey.clearFaults();
});

test("a call that is answered slowly, late, or with an error ends its check, not the doctor", async () => {
  await journey.addFault({ api: "webex", path: "/webhooks", status: 500 });
  await journey.addFault({ api: "wholesale", path: "/customers", status: 429, retryAfter: 3_000 });
  await journey.addFault({ api: "wholesale", path: "/people/me", drop: true, times: 1 });
  expect(await complaintsOf(env)).toEqual([
    ...(BY_SOCKET ? [] : [expect.stringMatching(/^✕ Webhooks .*Webex has a problem/)]),
    expect.stringMatching(/^✕ Customers .*busy/),
  ]);
  await journey.clearFaults();
});

test("without a public address the websocket is looked at, and its faults have a cure", async () => {
  const { PUBLIC_URL: _, WEBEX_WEBHOOK_SECRET: __, ...bySocket } = env;
  const stateOf = async (name: string) => (await resultsOf(bySocket)).find((result) => result.name === name)?.outcome;
  expect(await stateOf("Websocket")).toMatchObject({ state: "ok" });
  expect(await stateOf("Public address")).toMatchObject({ state: "skipped" });
  await journey.addFault({ api: "webex", path: "/u2c", status: 403 });
  expect(await complaintsOf(bySocket)).toEqual([expect.stringMatching(/^✕ Websocket .*\(GET catalog: 403\).* → /)]);
  await journey.clearFaults();
});

test("a token that another key encrypts is named; an older schema is left as it is; a newer one is refused", async () => {
  const key = () => randomBytes(32).toString("base64");
  const { WHOLESALE_ACCESS_TOKEN: _, ...rest } = env;
  const refreshing = { ...(await journey.sandbox<Environment>("GET", "/bot-env?wholesale=refresh")), ...rest };
  const keyed = { ...refreshing, DATA_KEY: key() };
  expect(await complaintsOf(keyed)).toEqual([]);
  expect(await complaintsOf({ ...refreshing, DATA_KEY: key() })).toEqual([
    expect.stringMatching(/^✕ Wholesale token .*DATA_KEY/),
  ]);
  const { db, close } = await openDatabase({ dataDir: env.DATA_DIR ?? "" });
  await sql`update kysely_migration set name = '9999_future' where name = ${MIGRATION_NAMES.at(-1)}`.execute(db);
  expect(await complaintsOf(keyed)).toEqual([expect.stringMatching(/^✕ Database .*9999_future/)]);
  await sql`delete from kysely_migration where name = '9999_future'`.execute(db);
  await close();
  const lines = await linesOf(keyed);
  expect(lines).toContainEqual(expect.stringMatching(/^✓ Database .*older version.* → .*backup/));
  expect(lines).toContainEqual(expect.stringMatching(/^✓ Wholesale token/));
});

/** Only root may give a file away. */
test.skipIf(process.getuid?.() !== 0)("a file of another user's bot is left alone", async () => {
  const file = join(env.DATA_DIR ?? "", "bot.db");
  chownSync(file, 12_345, 12_345);
  expect(await complaintsOf(env)).toEqual([
    expect.stringMatching(/^✕ Database .*uid 12345.* → Run the doctor as the user/),
  ]);
  chownSync(file, 0, 0);
});

webhookTest("a running bot with another secret than the doctor's is found out", async () => {
  const address = await addressOnFreePort();
  await journey.startBot({ ...SHORT_INTERVALS, ...address });
  const running = { ...journey.botEnvironment(), ...address };
  expect(await complaintsOf(running)).toEqual([]);
  const complaints = await complaintsOf({ ...running, WEBEX_WEBHOOK_SECRET: "a-secret-of-another-instance" });
  expect(complaints.map((line) => line.slice(2, 18).trim())).toEqual(["Public address", "Webhooks"]);
  await journey.stopBot();
});

webhookTest(
  "a bot of the same configuration on another host, or in another container, answers at the public address",
  async () => {
    const elsewhere = await addressOnFreePort();
    await journey.startBot({ ...SHORT_INTERVALS, ...elsewhere });
    const lines = await linesOf({ ...env, PUBLIC_URL: elsewhere.PUBLIC_URL });
    expect(lines).toContainEqual(expect.stringMatching(/^✓ Public address .*an instance elsewhere answered → /));
    await journey.stopBot();
  },
);
