import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../src/app/open-store.ts";
import { INTEGRATION } from "../../src/sandbox/world/wholesale-tokens.ts";
import { watchIn } from "../support/alert-journey.ts";
import { type BotProcess, environmentFor, startBotProcess } from "../support/bot-process.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let database: TemporaryDatabase;
let bot: BotProcess;

beforeEach(async () => {
  // A token that is refreshed lasts a minute, so that it is refreshed all the time.
  journey = await startJourney({ customers: 10, tokenLifeSeconds: 60 });
  database = await createDatabase();
});
afterEach(async () => {
  await bot.kill("SIGKILL");
  await journey.stop();
  await database.remove();
});

const { accessToken, clientId, clientSecret, refreshToken } = INTEGRATION;
const AUTH = {
  WHOLESALE_CLIENT_ID: clientId,
  WHOLESALE_CLIENT_SECRET: clientSecret,
  WHOLESALE_REFRESH_TOKEN: refreshToken,
};
const STATUSES = [401, 500];
const QUESTIONS = ["customers fresh=yes", "subpartners", "verify"];

/** Everything that people saw of the bot. */
function recordShown(): readonly string[] {
  const shown: string[] = [];
  journey.world.webexEvents.subscribe((event) => {
    if (event.kind === "message" && event.message.personId === journey.botId) shown.push(JSON.stringify(event.message));
  });
  return shown;
}

/** Every token and secret of the bot, also those that it was given while it ran. */
async function readSecrets(): Promise<readonly string[]> {
  const { tokens, close } = await openStore(database.location);
  const stored = await tokens.read();
  await close();
  const { WEBEX_BOT_TOKEN = "", WEBEX_WEBHOOK_SECRET = "" } = journey.env;
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const own = [WEBEX_BOT_TOKEN, WEBEX_WEBHOOK_SECRET, accessToken, clientSecret, basic, refreshToken];
  return [...own, ...(stored === undefined ? [] : [stored.accessToken, stored.refreshToken])];
}

test("PRODUCT 5: errors that repeat the request show no secret in a log, a card or an error", async () => {
  const { WHOLESALE_ACCESS_TOKEN: _, ...env }: Record<string, string> = await environmentFor(
    journey,
    database.location,
  );
  const shown = recordShown();
  bot = await startBotProcess({ ...env, ...AUTH, SWEEP_INTERVAL: "500ms", WATCH_INTERVAL: "200ms" });
  await watchIn(journey);
  const viewer = journey.person("viewer");
  for (const status of STATUSES) {
    await journey.addFault({ api: "wholesale", status, echo: true });
    for (const path of ["/messages/:id", "/memberships", "/people/:id"])
      await journey.addFault({ api: "webex", path, status, echo: true, times: 1 });
    await journey.addFault({ api: "webex", path: "/messages", method: "POST", status, echo: true, times: 1 });
    const before = (await viewer.fromBot(journey.groupRoom)).length;
    for (const text of QUESTIONS) await viewer.send(text, { roomId: journey.groupRoom });
    await until(async () =>
      expect((await viewer.fromBot(journey.groupRoom)).length).toBeGreaterThanOrEqual(before + QUESTIONS.length),
    );
    await journey.clearFaults();
  }
  // A positive control: the errors came with what they repeat.
  await until(() => expect(bot.output()).toMatch(/The request was: .*\[redacted\]/));
  for (const secret of await readSecrets()) {
    expect(secret).not.toBe("");
    expect(shown.filter((message) => message.includes(secret))).toEqual([]);
    expect(bot.output()).not.toContain(secret);
  }
});
