import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom } from "../../src/sandbox/world/random.ts";
import { addBotToNewRoom } from "../support/alert-journey.ts";
import { type BotProcess, environmentFor, spawnBot, startBotProcess } from "../support/bot-process.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { type Journey, socketTest, startJourney, webhookTest } from "../support/journey.ts";
import { startOddProxy } from "../support/odd-answers.ts";
import type { Person } from "../support/person.ts";
import { relaySockets } from "../support/socket-relay.ts";
import { until } from "../support/until.ts";
import { visit } from "../support/visit.ts";

interface Delivery {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}

/** Receives the webhooks of the twins, so that the test can deliver them when and as often as it wants. */
interface Relay {
  readonly url: string;
  readonly deliveries: Delivery[];
  readonly server: Server;
}

let journey: Journey;
let relay: Relay;
let database: TemporaryDatabase;

beforeEach(async () => {
  journey = await startJourney({ customers: 20 });
  database = await createDatabase();
  relay = await startRelay();
});
afterEach(async () => {
  relay.server.close();
  await journey.stop();
  await database.remove();
});

async function startRelay(): Promise<Relay> {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    deliveries.push({ body: Buffer.concat(chunks), headers: request.headers });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, deliveries, server };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const ROOMS = 20;
const QUESTIONS = 200;

const openRooms = (viewer: Person) =>
  Promise.all(Array.from({ length: ROOMS }, () => addBotToNewRoom(journey, viewer)));

type Rooms = Awaited<ReturnType<typeof openRooms>>;

async function askAll(viewer: Person, rooms: Rooms): Promise<void> {
  for (let question = 0; question < QUESTIONS; question += 1) {
    await viewer.send(`help q${question}q`, { roomId: rooms[question % ROOMS]?.roomId ?? "" });
  }
}

/** How often each question was answered. */
async function countAnswers(viewer: Person, rooms: Rooms): Promise<ReadonlyMap<string, number>> {
  const answers = new Map<string, number>();
  for (const { roomId } of rooms) {
    for (const { text = "" } of await viewer.fromBot(roomId)) {
      const question = /“(q\d+q)”/.exec(text)?.[1];
      if (question !== undefined) answers.set(question, (answers.get(question) ?? 0) + 1);
    }
  }
  return answers;
}

/** All questions are answered, none twice but those under way at the kill, and each is one row of the audit. */
async function expectAllAnswered(viewer: Person, rooms: Rooms, bot: BotProcess): Promise<void> {
  await until(async () => expect((await countAnswers(viewer, rooms)).size).toBe(QUESTIONS));
  await bot.kill("SIGTERM");
  const twice = [...(await countAnswers(viewer, rooms)).values()].filter((count) => count > 1).length;
  process.stdout.write(
    `answered ${QUESTIONS} of ${QUESTIONS}; ${twice} of them twice, as they were under way at the kill\n`,
  );
  expect(twice).toBeLessThanOrEqual(8);
  expect(await readAudit()).toEqual({ rows: QUESTIONS, events: QUESTIONS });
}

webhookTest(
  `${QUESTIONS} signed deliveries, each sent twice, in random order, with a kill -9 in the middle: all answered, none twice but those under way, and each one row of the audit`,
  async () => {
    const viewer = journey.person("viewer");
    const env = await environmentFor(journey, database.location, { PUBLIC_URL: relay.url });
    let bot = await startBotProcess(env);
    const rooms = await openRooms(viewer);
    await askAll(viewer, rooms);
    const isQuestion = ({ body }: Delivery) =>
      body.includes('"messages"') && body.includes('"created"') && !body.includes('"attachmentActions"');
    await until(() => expect(relay.deliveries.filter(isQuestion).length).toBeGreaterThanOrEqual(QUESTIONS));

    const deliveries = relay.deliveries.filter(isQuestion);
    const queue = shuffled([...deliveries, ...deliveries], createRandom(7));
    const unacknowledged: Delivery[] = [];
    let acknowledged = 0;
    const killAt = Math.floor(queue.length * 0.4);

    async function deliver(delivery: Delivery): Promise<void> {
      const signature = String(delivery.headers["x-spark-signature"]);
      const headers = { "content-type": "application/json", "x-spark-signature": signature };
      const body = new Uint8Array(delivery.body);
      try {
        const response = await fetch(`http://127.0.0.1:${env.PORT}/webhook`, { method: "POST", headers, body });
        if (response.status !== 200) throw new Error(String(response.status));
        acknowledged += 1;
      } catch {
        unacknowledged.push(delivery);
      }
    }

    for (let index = 0; index < queue.length; index += 8) {
      if (index >= killAt && bot.isRunning()) void bot.kill("SIGKILL");
      await Promise.all(queue.slice(index, index + 8).map(deliver));
    }
    await bot.exitCode();
    expect(acknowledged).toBeGreaterThan(0);
    expect(unacknowledged.length).toBeGreaterThan(0);

    bot = await startBotProcess(env);
    for (const delivery of unacknowledged.splice(0)) await deliver(delivery);
    expect(unacknowledged).toEqual([]);
    await expectAllAnswered(viewer, rooms, bot);
  },
);

socketTest(
  `${QUESTIONS} events of a socket, each sent twice, with a kill -9 in the middle: all answered, none twice but those under way, and each one row of the audit`,
  async () => {
    const viewer = journey.person("viewer");
    const proxy = await startOddProxy({ url: journey.url, random: createRandom(7), every: Number.POSITIVE_INFINITY });
    const env = await environmentFor(journey, database.location, { WEBEX_API_URL: `${proxy.url}/v1` });
    const acknowledged = new Set<string>();
    const onAcknowledged = (id: string): void => {
      acknowledged.add(id);
      if (acknowledged.size >= QUESTIONS * 0.4 && killed.isRunning()) void killed.kill("SIGKILL");
    };
    relaySockets(proxy.server, { ...journey, onAcknowledged, copies: 2 });
    const killed = await startBotProcess(env);
    await until(() => journey.sandbox("GET", "/ready"));
    const rooms = await openRooms(viewer);
    await askAll(viewer, rooms);
    await killed.exitCode();
    expect(acknowledged.size).toBeLessThan(QUESTIONS);
    await visit("expireLeases", database.location);

    await expectAllAnswered(viewer, rooms, await startBotProcess(env));
    proxy.stop();
  },
);

/** The rows of the audit on these questions, and the events of the inbox that they are about. */
async function readAudit() {
  const events = await visit("readAuditedEvents", database.location, "help");
  return { rows: events.length, events: new Set(events).size };
}

test("SIGTERM finishes the answer under way, and exits 0", async () => {
  const bot = await startBotProcess(await environmentFor(journey, database.location));
  await until(() => journey.sandbox("GET", "/ready"));
  await journey.holdNextPost();
  const answer = journey.person("viewer").ask("customers");
  await until(async () => expect(await journey.sandbox("GET", "/faults")).toEqual([]));
  const exit = bot.kill("SIGTERM");
  await until(() => expect(bot.output()).toContain("app.stopping"));
  await journey.clearFaults();
  expect(await exit).toBe(0);
  expect((await answer).text).toContain("Customers");
});

test("without its environment the bot lists everything that is missing, with a hint for each, and exits 1", async () => {
  const bot = spawnBot({});
  expect(await bot.exitCode()).toBe(1);
  for (const name of ["WEBEX_BOT_TOKEN", "WHOLESALE_ACCESS_TOKEN", "npm run sandbox"])
    expect(bot.output()).toContain(name);
});
