import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spawnBot, waitUntilReady } from "../support/bot-process.ts";
import { createDatabase } from "../support/databases.ts";
import { environmentOf, freePort, type Journey, startJourney } from "../support/journey.ts";
import { until } from "../support/until.ts";

/** Webex's network, in the hands of the test: what the twins send is held here, and delivered when and as often as we like. */
interface Relay {
  readonly url: string;
  readonly held: { readonly body: Buffer; readonly headers: IncomingHttpHeaders }[];
  readonly server: Server;
}

let journey: Journey;
let relay: Relay;

beforeEach(async () => {
  journey = await startJourney({ customers: 20 });
  relay = await startRelay();
});
afterEach(async () => {
  relay.server.close();
  await journey.stop();
});

async function startRelay(): Promise<Relay> {
  const held: Relay["held"] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    held.push({ body: Buffer.concat(chunks), headers: request.headers });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, held, server };
}

/** Numbers from 0 to 1 that are the same at every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function shuffled<T>(items: readonly T[], roll: () => number): T[] {
  return items
    .map((item) => ({ item, at: roll() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const ROOMS = 20;
const QUESTIONS = 200;

test(`${QUESTIONS} signed deliveries, each sent twice, in random order, with a kill -9 in the middle: all answered, none twice but those under way`, async () => {
  const viewer = journey.person("viewer");
  const people = await journey.sandbox<{ role: string; personId: string }[]>("GET", "/people");
  const botId = people.find(({ role }) => role === "bot")?.personId;
  const home = await createDatabase();
  const port = await freePort();
  const env = { ...journey.env, ...environmentOf(home.location), PORT: String(port), PUBLIC_URL: relay.url };

  let bot = spawnBot(env);
  await waitUntilReady(port);
  const rooms = await Promise.all(
    Array.from({ length: ROOMS }, async (_, index) => {
      const { id } = await viewer.call<{ id: string }>("POST", "/rooms", { title: `Room ${index}` });
      await viewer.call("POST", "/memberships", { roomId: id, personId: botId });
      return id;
    }),
  );
  for (let question = 0; question < QUESTIONS; question += 1) {
    await viewer.say(`help q${question}q`, { roomId: rooms[question % ROOMS] ?? "" });
  }
  const isQuestion = ({ body }: Relay["held"][number]) =>
    body.includes('"messages"') && body.includes('"created"') && !body.includes('"attachmentActions"');
  await until(() => expect(relay.held.filter(isQuestion).length).toBeGreaterThanOrEqual(QUESTIONS));

  const roll = dice(7);
  const deliveries = relay.held.filter(isQuestion);
  const queue = shuffled([...deliveries, ...deliveries], roll);
  const unacknowledged: typeof queue = [];
  let acknowledged = 0;
  const killAt = Math.floor(queue.length * 0.4);

  async function deliver(delivery: Relay["held"][number]): Promise<void> {
    const headers = {
      "content-type": "application/json",
      "x-spark-signature": String(delivery.headers["x-spark-signature"]),
    };
    try {
      const response = await fetch(`http://127.0.0.1:${port}/webhook`, {
        method: "POST",
        headers,
        body: new Uint8Array(delivery.body),
      });
      if (response.status !== 200) throw new Error(String(response.status));
      acknowledged += 1;
    } catch {
      unacknowledged.push(delivery);
    }
  }

  for (let index = 0; index < queue.length; index += 8) {
    if (index >= killAt && bot.child.exitCode === null && bot.child.signalCode === null) void bot.kill("SIGKILL");
    await Promise.all(queue.slice(index, index + 8).map(deliver));
  }
  await bot.exitCode();
  expect(acknowledged).toBeGreaterThan(0);
  expect(unacknowledged.length).toBeGreaterThan(0);

  bot = spawnBot(env);
  await waitUntilReady(port);
  for (const delivery of unacknowledged.splice(0)) await deliver(delivery);
  expect(unacknowledged).toEqual([]);

  const counts = async () => {
    const answered = new Map<string, number>();
    for (const room of rooms) {
      for (const { text = "" } of await viewer.fromBot(room)) {
        const question = /“(q\d+q)”/.exec(text)?.[1];
        if (question !== undefined) answered.set(question, (answered.get(question) ?? 0) + 1);
      }
    }
    return answered;
  };
  await until(async () => expect((await counts()).size).toBe(QUESTIONS));
  await bot.kill("SIGTERM");
  const twice = [...(await counts()).values()].filter((count) => count > 1).length;
  process.stdout.write(`answered ${QUESTIONS} of ${QUESTIONS}; ${twice} of them twice, being under way at the kill\n`);
  expect(twice).toBeLessThanOrEqual(8);
  await home.remove();
});

test("SIGTERM finishes the answer under way, and exits 0", async () => {
  const home = await createDatabase();
  const port = await freePort();
  const bot = spawnBot({
    ...journey.env,
    ...environmentOf(home.location),
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  });
  await waitUntilReady(port);
  await until(() => journey.sandbox("GET", "/ready"));
  await journey.sandbox("POST", "/faults", { api: "wholesale", delayMs: 1500, times: 1 });
  const answer = journey.person("viewer").ask("customers");
  await until(async () => {
    const { calls } = await journey.sandbox<{ calls: { method: string; path: string; by: string }[] }>("GET", "/calls");
    expect(calls.some(({ by, method, path }) => by === "bot" && method === "GET" && path.includes("/messages/"))).toBe(
      true,
    );
  });
  expect(await bot.kill("SIGTERM")).toBe(0);
  expect((await answer).text).toContain("Customers");
  await home.remove();
});

test("without its environment the bot says everything that is missing, each with a cure, and exits 1", async () => {
  const bot = spawnBot({});
  expect(await bot.exitCode()).toBe(1);
  for (const name of [
    "WEBEX_BOT_TOKEN",
    "WEBEX_WEBHOOK_SECRET",
    "PUBLIC_URL",
    "WHOLESALE_ACCESS_TOKEN",
    "npm run sandbox",
  ]) {
    expect(bot.output()).toContain(name);
  }
});
