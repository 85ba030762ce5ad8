import { expect, test } from "vitest";
import { startEntry } from "../../src/app/start-entry.ts";
import { readConfig } from "../../src/config.ts";

const SECRETS = {
  WEBEX_BOT_TOKEN: "bot-token-secret",
  WEBEX_WEBHOOK_SECRET: "webhook-secret-secret",
  WHOLESALE_ACCESS_TOKEN: "admin-token-secret",
  DATABASE_URL: "postgres://user:password-secret@db.example/bot",
  PUBLIC_URL: "https://bot.example.com",
};

function textOf(environment: Record<string, string>): string {
  const read = readConfig({ ...SECRETS, ...environment });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return startEntry(read.config, "1.2.3").text;
}

test("a start says what the configuration allows, without secrets and addresses", () => {
  const lists = { OPERATORS: "bob@home.example,eve@home.example", ADMINS: "ada@home.example" };
  const text = textOf({ ...lists, ALLOW_EMAIL_DOMAINS: "home.example", ALLOW_EMAILS: "guest@x.example" });
  expect(text.replace(/lists \w{8}/, "lists …")).toBe(
    "version 1.2.3; PostgreSQL; may ask: home.example, listed addresses: 1; 2 operators, 1 admin; lists …; " +
      "sweep 5m, quick poll 30s; 120 calls and 30 questions a minute; tokens not encrypted; no ops room",
  );
  expect(text).not.toMatch(/secret|@|ada|bob/);
  expect(textOf({})).toContain("may ask: people of the bot’s organisation; 0 operators, 0 admins");
});

test("a change of the lists is seen, although nobody is named", () => {
  const checksum = (operators: string) => /lists (\w+)/.exec(textOf({ OPERATORS: operators }))?.[1];
  expect(checksum("ada@x.example,bob@x.example")).toBe(checksum("bob@x.example,ada@x.example"));
  expect(checksum("ada@x.example")).not.toBe(checksum("eve@x.example"));
});
