import { createRequire } from "node:module";
import { join } from "node:path";
import express, { type RequestHandler } from "express";
import { createSimpleAnswer, logStarted, type SimpleAnswer } from "./simple-answer.ts";

/** A bot on the untouched webex-node-bot-framework with its real SDK, as its README teaches. Its argument is their folder. */
interface Bot {
  sendCard(card: object, fallbackText: string): Promise<unknown>;
}

interface Framework {
  start(): Promise<unknown>;
  on(event: "attachmentAction" | "initialized", handle: (bot: Bot) => unknown): void;
  hears(phrase: string, action: (bot: Bot) => unknown): void;
}

const [, , folder = ""] = process.argv;
const require = createRequire(join(folder, "package.json"));
const FrameworkClass: new (options: object) => Framework = require("webex-node-bot-framework");
const webhook: (framework: Framework) => RequestHandler = require("webex-node-bot-framework/webhook");

const { env } = process;
const makeAnswer: () => Promise<SimpleAnswer> = createSimpleAnswer(env);
async function answer(bot: Bot): Promise<void> {
  const { card, text } = await makeAnswer();
  await bot.sendCard(card, text);
}

const framework = new FrameworkClass({
  token: env.WEBEX_BOT_TOKEN,
  webhookUrl: `${env.PUBLIC_URL}/webhook`,
  port: env.PORT,
});
framework.hears("customers", answer);
framework.on("attachmentAction", answer);
framework.on("initialized", logStarted);
express()
  .use(express.json())
  .post("/webhook", webhook(framework))
  .listen(Number(env.PORT), "127.0.0.1", () => framework.start());
