import { randomUUID } from "node:crypto";
import { createFollowRoomMigration } from "../bot/follow-room-migration.ts";
import { createInboxWorker } from "../bot/inbox-worker.ts";
import { createEventHandler, createProcessEvent } from "../bot/process-event.ts";
import type { Config } from "../config.ts";
import type { Log, Store, Time } from "../domain/ports/messaging.ts";
import { createCallStatus, createHealth, withCallStatus } from "../health.ts";
import { createHttp } from "../http.ts";
import { startLoop } from "../monitor/loops.ts";
import { startPoller } from "../monitor/poller.ts";
import { startServer } from "../server/server.ts";
import { createShutdown, type Shutdown } from "../shutdown.ts";
import { lockDataDir } from "../store/file.ts";
import { createWebexApi } from "../webex/api.ts";
import { exists } from "../webex/failures.ts";
import { createFramework } from "../webex/framework.ts";
import { createEventReader, createIntake } from "../webex/inbound.ts";
import { isSigned } from "../webex/webhook-signature.ts";
import { createWebhooks } from "../webex/webhooks.ts";
import { createWholesale, type WholesaleApi } from "../wholesale/wholesale.ts";
import { openStore } from "./open-store.ts";
import { SYSTEM_TIME } from "./system-time.ts";
import { wireAnswers, wireMessaging } from "./wire-answers.ts";
import { wireDelivery } from "./wire-delivery.ts";

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
  const undo = createShutdown(options.log);
  try {
    return { port: await start(config, options, undo), stop: undo.run };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

/** Store -> Webex -> server -> webhooks -> loops: nobody is told to call before there is somebody to answer. */
async function start(config: Config, options: AppOptions, shutdown: Shutdown): Promise<number> {
  const { log, time = SYSTEM_TIME, webhookCheckMs = 60_000 } = options;
  const { clock, sleep } = time;
  const { databaseUrl, dataDir } = config.database;
  if (databaseUrl === undefined) shutdown.add(lockDataDir(dataDir));
  const store = await openStore({ ...config.database, ...config.alerting, log });
  shutdown.add(() => store.close());

  const { callsPerMinute } = config.monitor;
  const wholesale = createWholesale({
    ...config.wholesale,
    callsPerMinute,
    tokens: store.tokens,
    ...time,
    log,
  });
  shutdown.add(() => wholesale.close());

  const target = `${config.webex.publicUrl}/webhook`;
  const { api, bot, framework } = await connectWebex(config, { target, log, shutdown });

  const pulses = {
    webhooks: createCallStatus(clock),
    wholesale: createCallStatus(clock),
    messages: createCallStatus(clock),
  };
  const health = createHealth({ store, ...pulses, clock });
  const asked = { ...withCallStatus(wholesale, pulses.wholesale), crawl: wholesale.crawl };
  const messaging = wireMessaging({ config, store, api, bot, clock, log });
  const answers = wireAnswers({ config, store, api, bot, messaging, wholesale: asked, health, clock, log });

  const holder = randomUUID();
  const allow = (roomId: string, allowed: boolean) => store.rooms.allow(roomId, allowed, bot.id, clock());
  const readEvent = createEventReader(framework, bot);
  const { outbox } = store;
  const followRoomMigration = createFollowRoomMigration({
    outbox,
    exists: (roomId) => exists(api.room(roomId)),
    log,
  });
  const listen = createEventHandler({ readEvent, answers, allow, outbox, followRoomMigration, clock, log });
  const processEvent = createProcessEvent({ inbox: store.inbox, log, clock, holder, handleEvent: listen });
  const worker = createInboxWorker({ inbox: store.inbox, log, ...time, holder, processEvent });

  const { inbox, rooms } = store;
  const receive = createIntake({ inbox, rooms, clock, botId: bot.id, wake: worker.wake });
  const { secrets } = config.webex;
  const signed = (body: Buffer, signature: string | undefined) => isSigned(body, signature, secrets);
  const server = await startServer(config.port, { isSigned: signed, receive, health, log });
  shutdown.add(() => server.stop());

  const webhooks = createWebhooks({ api, log, targetUrl: target, secret: secrets[0] ?? "" });
  const ensure = watchWebhooks({
    ensure: () => pulses.webhooks.track(() => webhooks.ensure()),
    outbox,
    clock,
  });
  await ensure().catch((error: unknown) => log.error("webhooks.failed", { error }));
  shutdown.add(startLoop({ name: "webhooks", everyMs: webhookCheckMs, run: ensure, sleep, log }).stop);
  startPolling({ config, store, wholesale, holder, time, log, shutdown });
  await wireDelivery({
    config,
    store,
    ...messaging,
    messages: pulses.messages,
    health,
    holder,
    time,
    log,
    shutdown,
  });
  await releaseInboxLeases(store, log);
  worker.start();
  shutdown.add(() => worker.stop(FINISH_MS));
  const database = databaseUrl === undefined ? "file" : "postgres";
  log.info("app.started", { port: server.port, database, holder });
  return server.port;
}

interface ConnectDeps {
  /** Where Webex is to call. */
  readonly target: string;
  readonly log: Log;
  readonly shutdown: Shutdown;
}

async function connectWebex({ webex }: Config, { target, log, shutdown }: ConnectDeps) {
  const onRetry = (retry: object) => log.warn("webex.retry", { ...retry });
  const http = createHttp({ baseUrl: webex.apiUrl, ...WEBEX_HTTP, onRetry });
  shutdown.add(() => http.close());
  const api = createWebexApi(http, webex.botToken);
  const bot = await api.me();
  const framework = createFramework(api, bot, target);
  await framework.start();
  shutdown.add(() => framework.stop());
  return { api, bot, framework };
}

interface PollingDeps {
  readonly config: Config;
  readonly store: Store;
  readonly wholesale: WholesaleApi;
  readonly holder: string;
  readonly time: Time;
  readonly log: Log;
  readonly shutdown: Shutdown;
}

/** What looks at customers unasked, and forgets what has no use any more. */
function startPolling({ config, store, wholesale, holder: own, time, log, shutdown }: PollingDeps): void {
  const tidyUp = async () => log.info("store.tidied", { rows: await store.tidy(time.clock()) });
  shutdown.add(startLoop({ name: "tidy", everyMs: TIDY_MS, run: tidyUp, ...time, log }).stop);
  // A file database has one process at a time, so that the next one may go on at once with what the last one held.
  const holder = config.database.databaseUrl === undefined ? "the process" : own;
  shutdown.add(startPoller({ ...store, ...config.monitor, crawl: wholesale.crawl, holder, ...time, log }).stop);
}

/** A deaf bot says so to the people who run it, once it could not mend that by itself (ALERTS 33). */
function watchWebhooks({
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
      if (failed === 2) await outbox.notifyOps(WEBHOOKS_DOWN, clock());
      throw error;
    }
  };
}

const WEBHOOKS_DOWN = [
  "I cannot hear",
  "My webhooks are switched off, and I could not switch them on again: nobody is answered until that is mended. /readyz says why.",
];

/** What was under way when the last process ended is free to be taken up now, where no other one may be at work on it. */
async function releaseInboxLeases(store: Store, log: Log): Promise<void> {
  const released = await store.inbox.release();
  if (released > 0) log.info("inbox.leases_released", { events: released });
}
