import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { createSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import type { Call } from "../../../src/sandbox/world/call-log.ts";
import { freePort } from "../../support/free-port.ts";
import { createHttpClient } from "../../support/http-client.ts";
import { createPerson } from "../../support/person.ts";
import { startPgBouncer } from "../../support/pgbouncer.ts";
import { createSchema, dropSchema } from "../../support/postgres-schemas.ts";
import { skewedClock } from "../../support/skewed-clock.ts";
import { MINUTE } from "../../support/time.ts";
import { type Bot, startBot } from "../bot.ts";
import { openSpaces, type Spaces } from "../spaces.ts";
import { type Balancer, startBalancer } from "./balancer.ts";
import { type AnswerCounts, countAnswers, mostCallsInAMinute, overlappingPages } from "./instance-laws.ts";
import { messagesOf, noticesWithoutAlert, notifiedTwice, SENT, type SentNotice } from "./laws.ts";
import { type Relay, startRelay } from "./relay.ts";
import { isInAgreement } from "./soak-report.ts";

export interface InstancesOptions {
  /** A PostgreSQL in which it makes a schema of its own. */
  readonly url: string;
  readonly instances: number;
  readonly minutes: number;
  readonly report: (text: string) => void;
}

export interface InstancesResult extends AnswerCounts {
  readonly instances: number;
  readonly minutes: number;
  readonly kills: number;
  readonly partitions: number;
  /** Events of Webex that no instance took: those questions nobody knows of. */
  readonly refusedEvents: number;
  /** Messages that nobody asked for, and those of them that were sent again because they might have been lost. */
  readonly messages: number;
  readonly repeatedMessages: number;
  readonly verdicts: readonly string[];
  readonly brokenLaws: readonly string[];
  readonly overlappingPages: number;
  readonly sweeps: number;
  readonly mostCallsInAMinute: number;
  /** By instance. */
  readonly cpuSeconds: readonly number[];
  readonly peakMegabytes: readonly number[];
}

const CALLS_PER_MINUTE = 120;
const ENVIRONMENT = {
  SWEEP_INTERVAL: "15s",
  WATCH_INTERVAL: "5s",
  API_CALLS_PER_MINUTE: `${CALLS_PER_MINUTE}`,
  GROUP_WAIT: "2s",
  GROUP_INTERVAL: "10s",
};
/** The last instance is on a machine with such a clock. */
const SKEW_MS = 7 * MINUTE;

interface Instance {
  readonly start: () => Bot;
  readonly database: Relay;
  bot: Bot;
  cpuMs: number;
  peak: number;
}

/** Several real bots behind PgBouncer and a balancer, on the wall's time; they are killed and cut off one after the other. */
export async function soakInstances(options: InstancesOptions): Promise<InstancesResult> {
  const schema = await createSchema(options.url);
  const pooler = await startPgBouncer(options.url, schema.name, "transaction");
  const sandbox = await createSandbox({ customers: 250 });
  const ports = await Promise.all(Array.from({ length: options.instances }, freePort));
  const balancer = await startBalancer(ports);
  const instances: Instance[] = [];
  try {
    const control = createHttpClient(`${sandbox.url.replace(/\/$/, "")}/sandbox`);
    await control("POST", "/scenarios/heal-all");
    const env = { ...sandbox.botEnv(), ...ENVIRONMENT, PUBLIC_URL: `http://127.0.0.1:${balancer.port}` };
    for (const [index, port] of ports.entries()) {
      const isSkewed = options.instances > 1 && index === options.instances - 1;
      instances.push(await startInstance({ ...env, PORT: `${port}` }, pooler.databaseUrl, isSkewed));
    }
    await Promise.all(instances.map(({ bot }) => bot.waitFor("app.started")));
    return await live({ sandbox, balancer, control, instances, schema: schema.name, options });
  } finally {
    await Promise.all(instances.map(({ bot }) => bot.kill()));
    for (const { database } of instances) await database.close();
    await balancer.close();
    await sandbox.close();
    await pooler.stop();
    await dropSchema(options.url, schema);
  }
}

async function startInstance(env: Record<string, string>, databaseUrl: string, isSkewed: boolean): Promise<Instance> {
  const target = new URL(databaseUrl);
  const database = await startRelay(Number(target.port));
  target.port = `${database.port}`;
  const skew = isSkewed ? { NODE_OPTIONS: skewedClock(SKEW_MS) } : {};
  const start = (): Bot => startBot({ ...env, ...skew, DATABASE_URL: target.href });
  return { start, database, bot: start(), cpuMs: 0, peak: 0 };
}

interface Scene {
  readonly sandbox: Sandbox;
  readonly balancer: Balancer;
  readonly control: ReturnType<typeof createHttpClient>;
  readonly instances: readonly Instance[];
  readonly schema: string;
  readonly options: InstancesOptions;
}

async function live(scene: Scene): Promise<InstancesResult> {
  const { sandbox, control, options } = scene;
  const calls: Call[] = [];
  sandbox.world.events.subscribe((event) => {
    if (event.type === "call" && event.data.api === "wholesale" && event.data.by === "wholesale")
      calls.push(event.data);
  });
  const spaces = await openSpaces({ url: sandbox.url.replace(/\/$/, ""), console: control }, [
    "",
    "package=webex_calling",
  ]);
  await control("POST", "/scenarios/churn", { perMinute: 12, minutes: options.minutes });
  const questions = askUntil(scene, performance.now() + options.minutes * MINUTE);
  const faults = await breakInTurns(scene);
  await control("POST", "/scenarios/all-clear");
  const answers = await questions;
  const verdicts = await verdictsOf(spaces);
  const sent = await readSent(scene);
  const sweeps = await readRows<{ count: number }>(
    scene,
    "select count(*)::int as count from sweeps where state = 'complete'",
  );
  for (const instance of scene.instances) measure(instance);
  return {
    instances: options.instances,
    minutes: options.minutes,
    ...faults,
    ...answers,
    refusedEvents: scene.balancer.refused(),
    messages: messagesOf(sent).length,
    repeatedMessages: messagesOf(sent).filter(({ notices }) => notices.some((one) => one.possiblySent === 1)).length,
    verdicts,
    brokenLaws: [...noticesWithoutAlert(sent), ...notifiedTwice(sent)],
    overlappingPages: overlappingPages(calls),
    sweeps: sweeps[0]?.count ?? 0,
    mostCallsInAMinute: mostCallsInAMinute(calls),
    cpuSeconds: scene.instances.map(({ cpuMs }) => cpuMs / 1000),
    peakMegabytes: scene.instances.map(({ peak }) => Math.round(peak / 1e6)),
  };
}

/** Adds what the process of an instance has taken; called once for each process. */
function measure(instance: Instance): void {
  instance.cpuMs += instance.bot.cpuMs();
  instance.peak = Math.max(instance.peak, instance.bot.peakMemory());
}

const STEP_MS = 10_000;

/** About every 40 s an instance is killed and comes back, and the next one is cut off from the database and comes back. */
async function breakInTurns({ instances, options }: Scene): Promise<{ kills: number; partitions: number }> {
  const end = performance.now() + options.minutes * MINUTE;
  let [kills, partitions] = [0, 0];
  for (let turn = 0; performance.now() + 4 * STEP_MS < end; turn += 1) {
    const killed = instances[turn % instances.length];
    const apart = instances[(turn + 1) % instances.length];
    if (killed === undefined || apart === undefined) break;
    await sleep(STEP_MS);
    measure(killed);
    await killed.bot.kill();
    killed.bot = killed.start();
    kills += 1;
    options.report(`killed instance ${(turn % instances.length) + 1}`);
    await Promise.all([sleep(STEP_MS), killed.bot.waitFor("app.started")]);
    apart.database.cut();
    await sleep(STEP_MS);
    apart.database.heal();
    partitions += 1;
    options.report(`cut off instance ${((turn + 1) % instances.length) + 1}`);
    await sleep(STEP_MS);
  }
  return { kills, partitions };
}

const QUESTION_MS = 1_500;
/** In which every question is answered, or lost. */
const PATIENCE_MS = MINUTE;

async function askUntil({ sandbox }: Scene, end: number): Promise<AnswerCounts> {
  const viewer = createPerson({ ...sandbox, url: sandbox.url.replace(/\/$/, "") }, "viewer");
  const words: string[] = [];
  let roomId = "";
  while (performance.now() < end) {
    const word = `nobody${1_000 + words.length}`;
    words.push(word);
    roomId = (await viewer.send(`customer ${word}`, "direct")).roomId;
    await sleep(QUESTION_MS);
  }
  for (const last = performance.now() + PATIENCE_MS; ; await sleep(1_000)) {
    const counts = countAnswers(
      words,
      (await viewer.fromBot(roomId)).map(({ text = "" }) => text),
    );
    if (counts.lost === 0 || performance.now() > last) return counts;
  }
}

/** The first line of `verify` in each space, once nothing is on the way to it. */
async function verdictsOf(spaces: Spaces): Promise<readonly string[]> {
  const verdicts: string[] = [];
  for (const roomId of spaces.roomIds) {
    for (const last = performance.now() + PATIENCE_MS; ; await sleep(5_000)) {
      const [verdict = ""] = (
        await spaces.ask(roomId, "verify", /agreement|Cannot verify|No difference|on the way/)
      ).split("\n");
      if (!isInAgreement(verdict) && performance.now() < last) continue;
      verdicts.push(verdict);
      break;
    }
  }
  return verdicts;
}

const readSent = (scene: Scene) => readRows<SentNotice>(scene, SENT.replace(/ as (\w+)/g, ' as "$1"'));

async function readRows<Row extends object>({ schema, options }: Scene, statement: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: options.url });
  await client.connect();
  try {
    await client.query(`set search_path to ${schema}`);
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** True if no question was lost that an instance took, and no law was broken. */
export const isSound = (result: InstancesResult): boolean =>
  result.lost <= result.refusedEvents &&
  result.brokenLaws.length === 0 &&
  result.overlappingPages === 0 &&
  result.mostCallsInAMinute <= CALLS_PER_MINUTE &&
  result.verdicts.every(isInAgreement);
