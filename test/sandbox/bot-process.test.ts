import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { createBotProcess } from "../../src/sandbox/bot/bot-process.ts";
import type { BotState } from "../../src/sandbox/world/world.ts";
import { startTwins } from "./twins.ts";

/** A bot of a few lines, under the console of the twins. */
async function adopt(script: string) {
  const twins = await startTwins();
  const folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  const path = join(folder, "bot.mjs");
  writeFileSync(path, script);
  const news: BotState[] = [];
  let listens = false;
  const log = new PassThrough();
  const bot = createBotProcess({
    script: path,
    env: { PATH: process.env.PATH, GREETING: "hello from the bot" },
    isHearing: () => listens,
    onChange: (state) => news.push(state),
    clockMode: twins.sandbox.time.mode,
    log,
  });
  twins.sandbox.attachBot(bot);
  onTestFinished(async () => {
    await bot.kill();
    rmSync(folder, { recursive: true });
  });
  const listen = async () => {
    listens = true;
    await twins.bot("GET", "/webhooks");
  };
  return { ...twins, bot, news, log, listen };
}

const PATIENT = "console.log(process.env.GREETING); setInterval(() => {}, 1000);";

test("a bot is started, becomes ready, is stopped and started again from the console", async () => {
  const { control, news, log, listen } = await adopt(PATIENT);
  expect((await control("POST", "/bot", { action: "start" })).body).toEqual({ state: "starting" });
  await expect.poll(() => String(log.read() ?? "")).toContain("hello from the bot");
  expect((await control("GET", "/ready")).body).toEqual({ ready: false, reason: "The bot is starting." });
  await listen();
  expect(news.map(({ state }) => state)).toEqual(["starting", "ready"]);
  expect((await control("POST", "/bot", { action: "stop" })).body).toMatchObject({ state: "stopped" });
  expect((await control("GET", "/ready")).status).toBe(503);
  expect((await control("POST", "/bot", { action: "start" })).body).toEqual({ state: "starting" });
});

test("a kill ends a bot that ignores signals", async () => {
  const { bot, control, log } = await adopt(`process.on("SIGTERM", () => {}); ${PATIENT}`);
  bot.start();
  await expect.poll(() => String(log.read() ?? "")).toContain("hello");
  const { body } = await control("POST", "/bot", { action: "kill" });
  expect(body).toEqual({ state: "stopped", reason: "The bot was ended by SIGKILL." });
});

test("the end of a bot's process is reported, and it is not started again", async () => {
  const { bot, news, log } = await adopt('console.error("no token"); process.exitCode = 3;');
  bot.start();
  await expect.poll(() => news.at(-1)?.state).toBe("stopped");
  expect(news.at(-1)?.reason).toContain("exit code 3");
  expect(String(log.read())).toContain("no token");
  expect(bot.state().state).toBe("stopped");
});

test("a bot gets the clock mode at its start, and follows a change before it is answered", async () => {
  const { bot, control, log, sandbox } = await adopt(`
    process.on("message", (course) => {
      console.log("course " + JSON.stringify(course));
      process.send(course);
    });
  `);
  let output = "";
  log.on("data", (piece) => (output += piece));
  sandbox.time.advance(60_000);
  const atStart = JSON.stringify(sandbox.time.mode());
  bot.start();
  await expect.poll(() => output).toContain(`course ${atStart}`);
  await control("POST", "/clock", { speed: 60, forward: "4h" });
  await expect.poll(() => output).toContain(`course ${JSON.stringify(sandbox.time.mode())}`);
});
