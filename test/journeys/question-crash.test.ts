import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom, type Random } from "../../src/sandbox/world/random.ts";
import { innerId } from "../../src/webex/webex-id.ts";
import { addBotToNewRoom, SHORT_INTERVALS } from "../support/alert-journey.ts";
import { type BotProcess, environmentFor, spawnBot } from "../support/bot-process.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { startOddProxy } from "../support/odd-answers.ts";
import { isUnderWay, type Message, type Person } from "../support/person.ts";
import { relaySockets } from "../support/socket-relay.ts";
import { until } from "../support/until.ts";
import { type Visited, visit } from "../support/visit.ts";

const SEED = 12;
const KILLS = Number(process.env.KILLS ?? 2);
const QUESTIONS_PER_KILL = 5;
/** A process is killed at one of so many calls after it acknowledged a question of its round. */
const MAX_CALLS = 25;
const ODD_EVERY = 10;

/** Several spaces, with their members. */
interface Space {
  readonly roomId: string;
  readonly person: Person;
}

interface Question {
  /** A word that no other text has. */
  readonly word: string;
  /** The id of the message or of the press. */
  readonly id: string;
  readonly roomId: string;
  /** The thread of a typed question; nothing else is asked there. */
  readonly threadId?: string;
  readonly kind: "typed" | "pressed";
}

let journey: Journey;
let database: TemporaryDatabase;
let random: Random;
let relay: Awaited<ReturnType<typeof startRelay>>;
let proxy: Awaited<ReturnType<typeof startOddProxy>>;
let env: Readonly<Record<string, string>>;
let bot: BotProcess | undefined;
/** The call of the bot at which it is killed, counted down from the first acknowledged question of the round. */
let callsLeft = Number.POSITIVE_INFINITY;
/** The bare ids of the questions that the bot acknowledged: as webhooks, or as events of its socket. */
let acknowledged: Set<string>;
let acknowledgedBefore = 0;
let shown: ReturnType<typeof recordShown>;
let starts = 0;

beforeEach(async () => {
  journey = await startJourney({ customers: 30, seed: SEED });
  database = await createDatabase();
  random = createRandom(SEED, 4);
  acknowledged = new Set();
  const onCall = () => {
    if (acknowledged.size > acknowledgedBefore) callsLeft -= 1;
    if (callsLeft <= 0 && bot?.isRunning()) void bot.kill("SIGKILL");
  };
  proxy = await startOddProxy({ url: journey.url, random, every: ODD_EVERY, onCall });
  relaySockets(proxy.server, { ...journey, onAcknowledged: (id) => void acknowledged.add(id) });
  relay = await startRelay();
  env = await environmentFor(journey, database.location, {
    ...SHORT_INTERVALS,
    QUESTIONS_PER_MINUTE: "10000",
    WEBEX_API_URL: `${proxy.url}/v1`,
    WHOLESALE_API_URL: `${proxy.url}/v1`,
    PUBLIC_URL: relay.url,
  });
  relay.passTo(`http://127.0.0.1:${env.PORT}/webhook`);
  shown = recordShown();
});
afterEach(async () => {
  shown.unsubscribe();
  if (bot?.isRunning()) await bot.kill("SIGKILL");
  relay.server.close();
  proxy.stop();
  await journey.stop();
  await database.remove();
});

/** Hands each webhook of the twins to the bot once, and notes the questions that it acknowledged: events of its own are none. */
async function startRelay() {
  let target = "";
  const passTo = (to: string): void => {
    target = to;
  };
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const event: { resource: string; actorId: string; data: { id: string } } = JSON.parse(body.toString());
    const isQuestion = event.resource !== "memberships" && event.actorId !== journey.botId;
    if ((await isTaken(target, body, request.headers)) && isQuestion) acknowledged.add(innerId(event.data.id));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, server, passTo };
}

async function isTaken(url: string, body: Buffer, received: IncomingHttpHeaders): Promise<boolean> {
  const headers = {
    "content-type": "application/json",
    "x-spark-signature": String(received["x-spark-signature"]),
  };
  try {
    return (await fetch(url, { method: "POST", headers, body: new Uint8Array(body) })).ok;
  } catch {
    return false;
  }
}

type ShownMessage = Pick<Message, "id" | "roomId" | "parentId" | "text">;

/** Everything that people saw of the bot but that an answer is under way, also what an edit or a deletion took away later. */
function recordShown() {
  const messages: ShownMessage[] = [];
  const unsubscribe = journey.world.webexEvents.subscribe((event) => {
    if (event.kind === "message" && event.message.personId === journey.botId && !isUnderWay(event.message))
      messages.push(structuredClone(event.message));
  });
  return { messages, unsubscribe };
}

/** A process that cannot start, or ends, is started again, as a platform does. */
async function ensureRunning(): Promise<BotProcess> {
  for (;;) {
    if (bot?.isRunning()) return bot;
    bot = spawnBot(env);
    starts += 1;
    const started = bot;
    const hasStarted = () => started.output().includes('"app.started"');
    await until(() => expect(!started.isRunning() || hasStarted()).toBe(true));
    if (started.isRunning()) return started;
    await started.exitCode();
    await visit("expireLeases", database.location);
  }
}

/** A process that Webex knows where to tell of events. */
const ensureListening = (): Promise<BotProcess> =>
  until(async () => {
    const running = await ensureRunning();
    await journey.sandbox("GET", "/ready");
    return running;
  });

async function openSpaces(): Promise<readonly Space[]> {
  const people = (["viewer", "operator", "admin", "viewer", "operator", "admin"] as const).map((role) =>
    journey.person(role),
  );
  const spaces: Space[] = [];
  for (const person of people) {
    const { roomId } = await addBotToNewRoom(journey, person);
    spaces.push({ roomId, person });
  }
  return spaces;
}

const COMMANDS = ["help", "customers", "customers externalId="];

/** In each space typed and pressed questions take turns, once there is a card. */
async function ask(nth: number, spaces: readonly Space[]): Promise<Question> {
  const word = `q${nth}q`;
  const space = spaces[nth % spaces.length] as Space;
  const isPress = Math.floor(nth / spaces.length) % 2 === 1;
  return (isPress ? await press(word, space) : undefined) ?? type(word, space);
}

/** Undefined where there is no card, or none any more: an answer may just have taken its place. */
async function press(word: string, { roomId, person }: Space): Promise<Question | undefined> {
  const card = await findCard(roomId, person);
  if (card === undefined) return undefined;
  const action = { type: "submit", messageId: card.id, inputs: { command: `help ${word}` } };
  const pressed = await person.call<{ id: string }>("POST", "/attachment/actions", action).catch(() => undefined);
  return pressed && { word, id: pressed.id, roomId, kind: "pressed" };
}

async function type(word: string, { roomId, person }: Space): Promise<Question> {
  const command = COMMANDS[Math.floor(random() * COMMANDS.length)] ?? "help";
  const text = command.endsWith("=") ? `${command}${word}` : `${command} ${word}`;
  const root = await person.call<{ id: string }>("POST", "/messages", { roomId, text: "A new thread." });
  const { id } = await person.send(text, { roomId, parentId: root.id });
  return { word, id, roomId, threadId: root.id, kind: "typed" };
}

async function findCard(roomId: string, person: Person): Promise<Message | undefined> {
  const cards = (await person.fromBot(roomId)).filter(({ attachments }) => attachments !== undefined);
  return cards[Math.floor(random() * cards.length)];
}

/** People ask again after this time, if the bot has acknowledged none of their questions. */
const PATIENCE_MS = 5_000;
const MAX_WAITS = 60;

/** A bot that connects anew may be told nothing of what was asked before: nobody has promised that. */
async function askUntilKilled(running: BotProcess, askOne: () => Promise<void>): Promise<void> {
  for (let waits = 0; running.isRunning(); waits += 1) {
    expect(waits, "the bot acknowledges nothing, or makes no calls").toBeLessThan(MAX_WAITS);
    const isTaken = acknowledged.size > acknowledgedBefore;
    for (let n = 0; n < QUESTIONS_PER_KILL && !isTaken; n += 1) await askOne();
    await Promise.race([running.exitCode(), sleep(PATIENCE_MS)]);
  }
}

type GivenUp = Visited<"readGivenUp">[number];

/** By the id of the message or of the press. */
async function readGivenUp(): Promise<ReadonlyMap<string, GivenUp>> {
  const rows = await visit("readGivenUp", database.location);
  return new Map(rows.map((row) => [row.idempotencyKey.split(":").at(-1) ?? "", row]));
}

/** Until nothing is under way: each question is answered or given up, and each note about that is posted. */
async function waitUntilSettled(): Promise<void> {
  await until(async () => {
    await ensureRunning();
    expect(await visit("countWaiting", database.location)).toMatchObject({ questions: 0, messages: 0 });
  });
}

const ASK_AGAIN = /^\S* ?(?:No customer data for the moment|The bot made an error)/;
const NOTE = /questions? in this space (?:was|were) not answered/;

/** The fate of a question. */
function fateOf(question: Question, givenUp: ReadonlyMap<string, GivenUp>): "answered" | "told" | "lost" {
  const inRoom = shown.messages.filter(({ roomId }) => roomId === question.roomId);
  if (inRoom.some((message) => JSON.stringify(message).includes(question.word))) return "answered";
  const inThread = inRoom.filter(({ parentId }) => parentId === question.threadId);
  if (question.threadId !== undefined && inThread.some(({ text = "" }) => ASK_AGAIN.test(text))) return "told";
  const row = givenUp.get(question.id);
  if (row === undefined) return "lost";
  const minute = new Date(row.receivedAt).toISOString().slice(11, 16);
  return inRoom.some(({ text = "" }) => NOTE.test(text) && text.includes(minute)) ? "told" : "lost";
}

test(`${KILLS} times kill -9 while people ask, with an odd answer to every tenth call: no acknowledged question is lost`, async () => {
  await ensureRunning();
  const spaces = await openSpaces();
  const questions: Question[] = [];
  let killedDuring = 0;
  const isAcknowledged = ({ id }: Question) => acknowledged.has(innerId(id));
  const isOpen = (question: Question) =>
    isAcknowledged(question) && !shown.messages.some((message) => JSON.stringify(message).includes(question.word));
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const running = await ensureListening();
    acknowledgedBefore = acknowledged.size;
    callsLeft = 1 + Math.floor(random() * MAX_CALLS);
    await askUntilKilled(running, async () => void questions.push(await ask(questions.length, spaces)));
    callsLeft = Number.POSITIVE_INFINITY;
    if (questions.some(isOpen)) killedDuring += 1;
    await visit("expireLeases", database.location);
  }
  await waitUntilSettled();

  const taken = questions.filter(isAcknowledged);
  const givenUp = await readGivenUp();
  const fates = taken.map((question) => ({
    ...question,
    fate: fateOf(question, givenUp),
    cause: givenUp.get(question.id)?.cause,
  }));
  const count = (fate: string) => fates.filter((one) => one.fate === fate).length;
  const { calls, odd } = proxy.counts();
  process.stdout.write(
    `${KILLS} kills (${starts} starts), ${killedDuring} of them with a question open; ${calls} calls, ${odd} with an odd answer; ` +
      `questions asked ${questions.length}, pressed ${questions.filter(({ kind }) => kind === "pressed").length}; ` +
      `acknowledged ${taken.length}, answered ${count("answered")}, said to be undeliverable ${count("told")}, ` +
      `lost ${count("lost")}\n`,
  );
  expect(fates.filter(({ fate }) => fate === "lost")).toEqual([]);
  expect(await visit("countWaiting", database.location)).toMatchObject({ dead: 0 });
  expect(taken.length).toBeGreaterThanOrEqual(KILLS);
  expect(taken.filter(({ kind }) => kind === "pressed").length).toBeGreaterThanOrEqual(Math.floor(KILLS / 4));
  expect(killedDuring).toBeGreaterThanOrEqual(Math.floor(KILLS / 4));
});
