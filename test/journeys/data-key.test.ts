import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { INTEGRATION } from "../../src/sandbox/world/wholesale-tokens.ts";
import { type Journey, startJourney } from "../support/journey.ts";

const [KEY, NEW_KEY] = [randomBytes(32), randomBytes(32)].map((key) => key.toString("base64"));

const REFRESHED = {
  WHOLESALE_ACCESS_TOKEN: "",
  WHOLESALE_CLIENT_ID: INTEGRATION.clientId,
  WHOLESALE_CLIENT_SECRET: INTEGRATION.clientSecret,
  WHOLESALE_REFRESH_TOKEN: INTEGRATION.refreshToken,
};

let journey: Journey;
beforeAll(async () => {
  journey = await startJourney({ customers: 10 });
});
afterAll(() => journey.stop());

/** Starts the bot, which encrypts its token pair by `key`, and lets it answer by that pair. */
async function startWith(key = ""): Promise<void> {
  await journey.startBot({ ...REFRESHED, DATA_KEY: key });
  const answer = await journey.person("viewer").ask("customers country=DE", { roomId: journey.groupRoom });
  expect(answer.text).toMatch(/customer/i);
}

test("the token pair is encrypted at the first start with a key, moved to a new one, and not read without", async () => {
  await startWith();
  await journey.stopBot();
  await startWith(KEY);
  expect(journey.logged("store.tokens_encrypted")).toHaveLength(1);
  await journey.stopBot();
  await startWith(`${NEW_KEY},${KEY}`);
  expect(journey.logged("store.tokens_encrypted")).toHaveLength(2);
  await journey.stopBot();
  for (const key of [KEY, ""]) await expect(startWith(key)).rejects.toMatchObject({ code: "store.key" });
  await startWith(NEW_KEY);
  expect(journey.logged("store.tokens_encrypted")).toHaveLength(2);
});
