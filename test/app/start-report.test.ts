import { expect, test } from "vitest";
import { startEntry, startFields, startWarnings } from "../../src/app/start-report.ts";
import { volatileHost } from "../../src/app/volatile-disk.ts";
import { readConfig } from "../../src/config.ts";

const SECRETS = {
  WEBEX_BOT_TOKEN: "bot-token-secret",
  WEBEX_WEBHOOK_SECRET: "webhook-secret-secret",
  WHOLESALE_ACCESS_TOKEN: "admin-token-secret",
  DATABASE_URL: "postgres://user:password-secret@db.example/bot",
  PUBLIC_URL: "https://bot.example.com",
};

function configOf(environment: Record<string, string>) {
  const read = readConfig({ ...SECRETS, ...environment });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.config;
}

const textOf = (environment: Record<string, string>) => startEntry(configOf(environment), "1.2.3").text;

test("a start says what the configuration allows, without secrets and addresses", () => {
  const lists = { OPERATORS: "bob@home.example,eve@home.example", ADMINS: "ada@home.example" };
  const text = textOf({ ...lists, ALLOW_EMAIL_DOMAINS: "home.example", ALLOW_EMAILS: "guest@x.example" });
  expect(text.replace(/lists \w{8}/, "lists …")).toBe(
    "version 1.2.3; PostgreSQL; may ask: home.example, listed addresses: 1; 2 operators, 1 admin; lists …; " +
      "reads all customers every 5m, those in error every 30s; 120 calls and 30 questions a minute; tokens not encrypted; no space for reports",
  );
  expect(text).not.toMatch(/secret|@|ada|bob/);
  expect(textOf({})).toContain("may ask: people of the bot’s organisation; 0 operators, 0 admins");
});

test("a change of the lists is seen, although nobody is named", () => {
  const checksum = (operators: string) => /lists (\w+)/.exec(textOf({ OPERATORS: operators }))?.[1];
  expect(checksum("ada@x.example,bob@x.example")).toBe(checksum("bob@x.example,ada@x.example"));
  expect(checksum("ada@x.example")).not.toBe(checksum("eve@x.example"));
});

test("the log says who may ask, where the database is and how often all is read, without secrets and addresses", () => {
  const fields = startFields(configOf({ OPERATORS: "bob@home.example", ALLOW_EMAIL_DOMAINS: "home.example" }));
  expect(fields).toEqual({
    database: "postgres",
    at: "db.example",
    mayAsk: "home.example",
    operators: 1,
    admins: 0,
    sweepEvery: "5m",
    quickPollEvery: "30s",
  });
  const file = startFields(configOf({ DATABASE_URL: "", DATA_DIR: "/srv/bot" }));
  expect(file).toMatchObject({ database: "file", at: "/srv/bot/bot.db" });
});

const eventsOf = (environment: Record<string, string>) =>
  startWarnings(configOf(environment), volatileHost(environment)).map(({ event }) => event);

test("a bot in which nobody can set a watch warns of it", () => {
  expect(eventsOf({})).toEqual(["access.no_operators"]);
  expect(eventsOf({ OPERATORS: "bob@home.example" })).toEqual([]);
  expect(eventsOf({ ADMINS: "ada@home.example" })).toEqual([]);
});

test("a file database on a disk that is lost with the process warns of it", () => {
  const file = { OPERATORS: "bob@home.example", DATABASE_URL: "", DATA_DIR: "/" };
  expect(eventsOf(file)).toEqual([]);
  for (const variable of [
    "DYNO",
    "K_SERVICE",
    "FLY_APP_NAME",
    "RENDER",
    "RAILWAY_PROJECT_ID",
    "KUBERNETES_SERVICE_HOST",
  ])
    expect([variable, ...eventsOf({ ...file, [variable]: "x" })]).toEqual([variable, "store.volatile"]);
  const { DATABASE_URL } = SECRETS;
  expect(eventsOf({ ...file, DYNO: "web.1", DATABASE_URL })).toEqual([]);
});

test("a volume stays, where the host has volumes", () => {
  // A file system of its own on Linux and macOS alike.
  const onVolume = { OPERATORS: "bob@home.example", DATABASE_URL: "", DATA_DIR: "/dev" };
  expect(eventsOf({ ...onVolume, FLY_APP_NAME: "x" })).toEqual([]);
  expect(eventsOf({ ...onVolume, DYNO: "web.1" })).toEqual(["store.volatile"]);
});
