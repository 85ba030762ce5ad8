import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { distance } from "fastest-levenshtein";
import { createAnswers } from "./bot/answer.ts";
import { createGuests } from "./bot/guests.ts";
import { createListener } from "./bot/listen.ts";
import { createSettle } from "./bot/settle.ts";
import { createShow } from "./bot/show.ts";
import { createWorker } from "./bot/worker.ts";
import { lint } from "./cards/lint.ts";
import { createRender } from "./cards/render.ts";
import { createDraw } from "./chart/draw.ts";
import type { Config } from "./config.ts";
import type { Policy } from "./domain/access.ts";
import type { Clock, Log, Store } from "./domain/ports.ts";
import { createCsv } from "./export/csv.ts";
import { createHealth, createPulse, watched } from "./health.ts";
import { createHttp } from "./http.ts";
import { startLoop } from "./monitor/loop.ts";
import { startMonitor } from "./monitor/monitor.ts";
import { startServer } from "./server/server.ts";
import { openStore } from "./store/store.ts";
import { createWebexApi, type WebexApi } from "./webex/api.ts";
import { createFramework } from "./webex/framework.ts";
import { createHearing, createLookUp } from "./webex/hearing.ts";
import { createIntake } from "./webex/intake.ts";
import { createMessenger } from "./webex/messenger.ts";
import { createDirectory } from "./webex/people.ts";
import { isSigned } from "./webex/signature.ts";
import { createWebhooks } from "./webex/webhooks.ts";
import type { WebexPerson } from "./webex/wire.ts";
import { createSubpartners } from "./wholesale/subpartners.ts";
import { createWholesale, type WholesaleRoom } from "./wholesale/wholesale.ts";

const CARDS = fileURLToPath(new URL("../cards", import.meta.url));
/** How long running answers may take to finish when the process is asked to stop. */
const FINISH_MS = 10_000;
const WEBEX_HTTP = { connections: 16, timeoutMs: 20_000, retries: 4 };
const TIDY_MS = 60 * 60_000;

export interface AppOptions {
  readonly log: Log;
  readonly clock?: Clock;
  /** How often the webhooks are looked after. */
  readonly webhookCheckMs?: number;
}

export interface App {
  readonly port: number;
  /** Takes nothing new, finishes what is under way, and closes everything in the reverse order of its start. */
  stop(): Promise<void>;
}

type Undo = (() => Promise<void> | void)[];

/** Starts everything in order; what has been started is undone when a later step fails. */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const undo: Undo = [];
  try {
    const port = await start(config, options, undo);
    return { port, stop: () => undoAll(undo, options.log) };
  } catch (error) {
    await undoAll(undo, options.log);
    throw error;
  }
}

/** Store -> Webex -> server -> webhooks -> loops: nobody is told to call before there is somebody to answer. */
async function start(config: Config, options: AppOptions, undo: Undo): Promise<number> {
  const { log, clock = Date.now, webhookCheckMs = 60_000 } = options;
  const store = await openStore({ ...config.database, log });
  undo.push(() => store.close());

  const { callsPerMinute } = config.monitor;
  const wholesale = createWholesale({
    ...config.wholesale,
    callsPerMinute,
    tokens: store.tokens,
    clock,
    log,
  });
  undo.push(() => wholesale.close());

  const http = createHttp({
    baseUrl: config.webex.apiUrl,
    ...WEBEX_HTTP,
    onRetry: (retry) => log.warn("webex.retry", { ...retry }),
  });
  undo.push(() => http.close());
  const api = createWebexApi(http, config.webex.botToken);
  const bot = await api.me();

  const target = `${config.webex.publicUrl}/webhook`;
  const framework = createFramework(api, bot, target);
  await framework.start();
  undo.push(() => framework.stop());

  const pulses = { webhooks: createPulse(clock), wholesale: createPulse(clock) };
  const health = createHealth({ store, ...pulses, clock });
  const answers = wireAnswers({
    config,
    store,
    api,
    bot,
    wholesale: { ...watched(wholesale, pulses.wholesale), walk: wholesale.walk },
    health,
    clock,
    log,
  });
  const listen = createListener({ hear: createHearing(framework, bot), answers, log });
  const settle = createSettle({ inbox: store.inbox, log, clock, answer: listen });
  const worker = createWorker({ inbox: store.inbox, log, clock, holder: randomUUID(), settle });

  const receive = createIntake({
    inbox: store.inbox,
    rooms: store.rooms,
    clock,
    botId: bot.id,
    wake: worker.wake,
  });
  const signed = (body: Buffer, signature: string | undefined) =>
    isSigned(body, signature, config.webex.secrets);
  const server = await startServer(config.port, { isSigned: signed, receive, health, log });
  undo.push(() => server.stop());

  const webhooks = createWebhooks({ api, log, targetUrl: target, secret: config.webex.secrets[0] ?? "" });
  const ensure = () => pulses.webhooks.watch(() => webhooks.ensure());
  await ensure().catch((error: unknown) => log.error("webhooks.failed", { error }));
  undo.push(startLoop({ name: "webhooks", everyMs: webhookCheckMs, run: ensure, log }).stop);
  undo.push(startLoop({ name: "tidy", everyMs: TIDY_MS, run: () => tidy(store, clock, log), log }).stop);

  // A file database has one process at a time, so that the next one may go on at once with what the last one held.
  const holder = config.database.databaseUrl === undefined ? "the process" : randomUUID();
  undo.push(startMonitor({ ...store, ...config.monitor, walk: wholesale.walk, holder, clock, log }).stop);

  await takeOver(store, config, log);
  worker.start();
  undo.push(() => worker.stop(FINISH_MS));
  log.info("app.started", {
    port: server.port,
    database: config.database.databaseUrl === undefined ? "file" : "postgres",
  });
  return server.port;
}

interface AnswerWiring {
  readonly config: Config;
  readonly store: Store;
  readonly api: WebexApi;
  readonly bot: WebexPerson;
  readonly wholesale: Pick<WholesaleRoom, "list" | "get" | "walk">;
  readonly health: ReturnType<typeof createHealth>;
  readonly clock: Clock;
  readonly log: Log;
}

function wireAnswers({ config, store, api, bot, wholesale, health, clock, log }: AnswerWiring) {
  const policy: Policy = { ...config.access, homeOrgId: bot.orgId };
  const directory = createDirectory({ api, people: store.people, rooms: store.rooms, clock });
  const messenger = createMessenger({ api, log, render: createRender(CARDS), lint });
  return createAnswers({
    policy,
    person: directory.person,
    guests: createGuests({ policy, members: directory.members, log }),
    rooms: store.rooms,
    sources: {
      wholesale,
      snapshot: store.snapshot,
      subpartners: createSubpartners(wholesale.walk, clock),
      draw: createDraw(),
      csv: createCsv(),
      health,
    },
    show: createShow({ cards: store.cards, messenger, lookUp: createLookUp(api, bot), log }),
    distance,
    clock,
    log,
  });
}

/** The file database belongs to one process, so whatever was under way when the last one ended is free to be taken up now. */
async function takeOver(store: Store, config: Config, log: Log): Promise<void> {
  if (config.database.databaseUrl !== undefined) return;
  const released = await store.inbox.release();
  if (released > 0) log.info("inbox.taken_over", { events: released });
}

async function tidy(store: Store, clock: Clock, log: Log): Promise<void> {
  log.info("store.tidied", { rows: await store.tidy(clock()) });
}

async function undoAll(undo: Undo, log: Log): Promise<void> {
  for (const step of undo.splice(0).reverse()) {
    try {
      await step();
    } catch (error) {
      log.error("stop.failed", { error });
    }
  }
}
