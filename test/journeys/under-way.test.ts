import { afterAll, beforeAll, expect, test } from "vitest";
import { type BotProcess, environmentFor, startBotProcess } from "../support/bot-process.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { type Message, type Person, titlesOf } from "../support/person.ts";
import { until } from "../support/until.ts";

const SLOW = { api: "wholesale", path: "/customers", delayMs: 600_000 } as const;
const ANSWER = /^(?!Working on )/;

let journey: Journey;
let database: TemporaryDatabase;
let env: Readonly<Record<string, string>>;
let bot: BotProcess;
let viewer: Person;
let roomId: string;

beforeAll(async () => {
  journey = await startJourney({ customers: 60, seed: 3 });
  database = await createDatabase();
  env = await environmentFor(journey, database.location, { SWEEP_INTERVAL: "1h", WATCH_INTERVAL: "1h" });
  bot = await startBotProcess(env);
  viewer = journey.person("viewer");
  ({ roomId } = await viewer.ask("help"));
  await until(() => expect(bot.output()).toContain('"sweep.complete"'));
});
afterAll(async () => {
  await bot.kill("SIGKILL");
  await journey.stop();
  await database.remove();
});

/** The messages of the bot that were not there before. */
async function newMessages(before: readonly Message[]): Promise<readonly Message[]> {
  const known = new Set(before.map(({ id }) => id));
  return (await viewer.fromBot(roomId)).filter(({ id }) => !known.has(id));
}

const timesShown = (): number => bot.output().split('"under_way.shown"').length - 1;

/** Makes the API slow, asks what is in no cache, and waits until the answer is shown to be under way, and that is recorded. */
async function askSlowly(text: string, ask = (): Promise<unknown> => viewer.send(text, "direct")) {
  const before = await viewer.fromBot(roomId);
  const times = timesShown();
  await journey.addFault(SLOW);
  await ask();
  const shown = await viewer.waitForMessage(roomId, new RegExp(`^Working on “${text}”`));
  await until(() => expect(timesShown()).toBe(times + 1));
  return { before, shown };
}

test("a question whose answer is slow is shown to be under way, and the answer takes that place, typed and pressed", async () => {
  const text = "customers status=error";
  const typed = await askSlowly(text);
  await journey.clearFaults();
  const list = await viewer.waitForEdit(typed.shown, ANSWER);
  await until(async () => expect(await newMessages(typed.before)).toHaveLength(1));

  expect(titlesOf(list)).toContain("Refresh");
  const pressed = await askSlowly(text, () => viewer.press(list, "Refresh"));
  await journey.clearFaults();
  const { id } = await viewer.waitForEdit(pressed.shown, ANSWER);
  await until(async () => expect((await newMessages(pressed.before)).map((message) => message.id)).toEqual([id]));
});

test("a process that is killed meanwhile leaves no message that waits for ever, and no second answer", async () => {
  const { before, shown } = await askSlowly("customers status=provisioned");
  await bot.kill("SIGKILL");
  await journey.clearFaults();
  bot = await startBotProcess(env);
  await viewer.waitForEdit(shown, ANSWER);
  await until(async () => expect(await newMessages(before)).toHaveLength(1));
});

test("where Webex refuses the edit, the answer is a message of its own, and the other one goes", async () => {
  const { before, shown } = await askSlowly("customers status=provisioning");
  const { faults } = journey.world;
  faults.clear();
  // Before the call goes on, which the clearing lets go.
  faults.add({ api: "webex", method: "PUT", path: "/messages", status: 400 });
  await until(async () => expect((await newMessages(before)).map(({ id }) => id)).not.toContain(shown.id));
  const after = await newMessages(before);
  expect(after.map(({ text }) => text)).toEqual([expect.stringMatching(ANSWER)]);
});
