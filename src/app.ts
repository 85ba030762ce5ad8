import { randomUUID } from "node:crypto";
import { wireAnswers, wireSpeech } from "./answering.ts";
import { openStore } from "./app/open-store.ts";
import { createListener } from "./bot/listen.ts";
import { createMoves } from "./bot/moves.ts";
import { createSettle } from "./bot/settle.ts";
import { createWorker } from "./bot/worker.ts";
import type { Config } from "./config.ts";
import type { Log, Store, Time } from "./domain/ports.ts";
import { createHealth, createPulse, watched } from "./health.ts";
import { createHttp } from "./http.ts";
import { startLoop } from "./monitor/loop.ts";
import { startMonitor } from "./monitor/monitor.ts";
import { startServer } from "./server/server.ts";
import { claimFolder } from "./store/file.ts";
import { startTelling } from "./telling.ts";
import { REAL_TIME } from "./time.ts";
import { createUndo, type Undo } from "./undo.ts";
import { createWebexApi } from "./webex/api.ts";
import { createFramework } from "./webex/framework.ts";
import { createHearing } from "./webex/hearing.ts";
import { createIntake } from "./webex/intake.ts";
import { isKnown } from "./webex/refusal.ts";
import { isSigned } from "./webex/signature.ts";
import { createWebhooks } from "./webex/webhooks.ts";
import { createWholesale, type WholesaleRoom } from "./wholesale/wholesale.ts";

/** How long running answers may take to finish when the process is asked to stop. */
const FINISH_MS = 10_000;
const WEBEX_HTTP = { connections: 16, timeoutMs: 20_000, retries: 4 };
const TIDY_MS = 60 * 60_000;

export interface AppOptions {
  readonly log: Log;
  /** What the bot keeps its schedule by; the time on the wall when absent. */
  readonly time?: Time;
  /** How often the webhooks are looked after. */
  readonly webhookCheckMs?: number;
}

export interface App {
  readonly port: number;
  /** Takes nothing new, finishes what is under way, and closes everything in the reverse order of its start. */
  stop(): Promise<void>;
}

/** Starts everything in order; what has been started is undone when a later step fails. */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const undo = createUndo(options.log);
  try {
    return { port: await start(config, options, undo), stop: undo.run };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

/** Store -> Webex -> server -> webhooks -> loops: nobody is told to call before there is somebody to answer. */
async function start(config: Config, options: AppOptions, undo: Undo): Promise<number> {
  const { log, time = REAL_TIME, webhookCheckMs = 60_000 } = options;
  const { clock, sleep } = time;
  const { databaseUrl, dataDir } = config.database;
  if (databaseUrl === undefined) undo.push(claimFolder(dataDir));
  const store = await openStore({ ...config.database, ...config.alerting, log });
  undo.push(() => store.close());

  const { callsPerMinute } = config.monitor;
  const wholesale = createWholesale({
    ...config.wholesale,
    callsPerMinute,
    tokens: store.tokens,
    ...time,
    log,
  });
  undo.push(() => wholesale.close());

  const target = `${config.webex.publicUrl}/webhook`;
  const { api, bot, framework } = await connect(config, { target, log, undo });

  const pulses = {
    webhooks: createPulse(clock),
    wholesale: createPulse(clock),
    messages: createPulse(clock),
  };
  const health = createHealth({ store, ...pulses, clock });
  const asked = { ...watched(wholesale, pulses.wholesale), walk: wholesale.walk };
  const speech = wireSpeech({ config, store, api, bot, clock, log });
  const answers = wireAnswers({ config, store, api, bot, speech, wholesale: asked, health, clock, log });

  const holder = randomUUID();
  const allow = (roomId: string, allowed: boolean) => store.rooms.allow(roomId, allowed, bot.id, clock());
  const hear = createHearing(framework, bot);
  const { outbox } = store;
  const followMove = createMoves({ outbox, exists: (roomId) => isKnown(api.room(roomId)), log });
  const listen = createListener({ hear, answers, allow, outbox, followMove, clock, log });
  const settle = createSettle({ inbox: store.inbox, log, clock, holder, answer: listen });
  const worker = createWorker({ inbox: store.inbox, log, ...time, holder, settle });

  const { inbox, rooms } = store;
  const receive = createIntake({ inbox, rooms, clock, botId: bot.id, wake: worker.wake });
  const { secrets } = config.webex;
  const signed = (body: Buffer, signature: string | undefined) => isSigned(body, signature, secrets);
  const server = await startServer(config.port, { isSigned: signed, receive, health, log });
  undo.push(() => server.stop());

  const webhooks = createWebhooks({ api, log, targetUrl: target, secret: secrets[0] ?? "" });
  const ensure = earOf({ ensure: () => pulses.webhooks.watch(() => webhooks.ensure()), outbox, clock });
  await ensure().catch((error: unknown) => log.error("webhooks.failed", { error }));
  undo.push(startLoop({ name: "webhooks", everyMs: webhookCheckMs, run: ensure, sleep, log }).stop);
  startLooking({ config, store, wholesale, holder, time, log, undo });
  await startTelling({
    config,
    store,
    ...speech,
    messages: pulses.messages,
    health,
    holder,
    time,
    log,
    undo,
  });
  await takeOver(store, log);
  worker.start();
  undo.push(() => worker.stop(FINISH_MS));
  const database = databaseUrl === undefined ? "file" : "postgres";
  log.info("app.started", { port: server.port, database, holder });
  return server.port;
}

interface Connecting {
  /** Where Webex is to call. */
  readonly target: string;
  readonly log: Log;
  readonly undo: Undo;
}

async function connect({ webex }: Config, { target, log, undo }: Connecting) {
  const onRetry = (retry: object) => log.warn("webex.retry", { ...retry });
  const http = createHttp({ baseUrl: webex.apiUrl, ...WEBEX_HTTP, onRetry });
  undo.push(() => http.close());
  const api = createWebexApi(http, webex.botToken);
  const bot = await api.me();
  const framework = createFramework(api, bot, target);
  await framework.start();
  undo.push(() => framework.stop());
  return { api, bot, framework };
}

interface Looking {
  readonly config: Config;
  readonly store: Store;
  readonly wholesale: WholesaleRoom;
  readonly holder: string;
  readonly time: Time;
  readonly log: Log;
  readonly undo: Undo;
}

/** What looks at customers unasked, and forgets what has no use any more. */
function startLooking({ config, store, wholesale, holder: own, time, log, undo }: Looking): void {
  const tidyUp = async () => log.info("store.tidied", { rows: await store.tidy(time.clock()) });
  undo.push(startLoop({ name: "tidy", everyMs: TIDY_MS, run: tidyUp, ...time, log }).stop);
  // A file database has one process at a time, so that the next one may go on at once with what the last one held.
  const holder = config.database.databaseUrl === undefined ? "the process" : own;
  undo.push(startMonitor({ ...store, ...config.monitor, walk: wholesale.walk, holder, ...time, log }).stop);
}

/** A deaf bot says so to the people who run it, once it could not mend that by itself (ALERTS 33). */
function earOf({
  ensure,
  outbox,
  clock,
}: { ensure: () => Promise<void> } & Pick<Store, "outbox"> & Pick<Time, "clock">) {
  let failed = 0;
  return async (): Promise<void> => {
    try {
      await ensure();
      failed = 0;
    } catch (error) {
      failed += 1;
      if (failed === 2) await outbox.report(DEAF, clock());
      throw error;
    }
  };
}

const DEAF = [
  "I cannot hear",
  "My webhooks are switched off, and I could not switch them on again: nobody is answered until that is mended. /readyz says why.",
];

/** What was under way when the last process ended is free to be taken up now, where no other one may be at work on it. */
async function takeOver(store: Store, log: Log): Promise<void> {
  const released = await store.inbox.release();
  if (released > 0) log.info("inbox.taken_over", { events: released });
}
