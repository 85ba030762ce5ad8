import { randomUUID } from "node:crypto";
import type { Answers } from "../bot/answer.ts";
import { createRoomMigrationHandler } from "../bot/handle-room-migration.ts";
import { createInboxWorker, type InboxWorker } from "../bot/inbox-worker.ts";
import { createEventHandler, createProcessEvent } from "../bot/process-event.ts";
import { createTurns } from "../bot/turns.ts";
import { createUnderWay, type UnderWay } from "../bot/under-way.ts";
import { type Config, secretsOf } from "../config.ts";
import { createFaultLog } from "../domain/fault-log.ts";
import type { HealthCheck } from "../domain/health-report.ts";
import type { LogEvent } from "../domain/log-events.ts";
import type { Clock, FaultLog, Log, Secrets, Time } from "../domain/ports/runtime.ts";
import type { Store } from "../domain/ports/store.ts";
import type { WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { type CallStatus, createCallStatus, createHealth, withCallStatus } from "../health.ts";
import { createHttp, type Http } from "../http.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { startLoop } from "../monitor/loops.ts";
import { startPoller } from "../monitor/poller.ts";
import { readVersion } from "../package-root.ts";
import { createSecrets } from "../secrets.ts";
import { createRequestListener } from "../server/server.ts";
import { createShutdown, type Shutdown } from "../shutdown.ts";
import { createWebexApi, type WebexApi } from "../webex/api.ts";
import { exists } from "../webex/failures.ts";
import { createFramework } from "../webex/framework.ts";
import { createEventReader, createIntake, receivingBodies } from "../webex/inbound.ts";
import { createPresence } from "../webex/presence.ts";
import { verifySignature } from "../webex/webhook-signature.ts";
import { createWebhooks } from "../webex/webhooks.ts";
import { originOf } from "../wholesale/token.ts";
import { createWholesale } from "../wholesale/wholesale.ts";
import { type CommonTime, createCommonTime } from "./common-time.ts";
import { openStore } from "./open-store.ts";
import { type Platform, SYSTEM_PLATFORM } from "./platform.ts";
import { startSelfChecks } from "./self-checks.ts";
import { startEntry, startFields, startWarnings } from "./start-report.ts";
import { startSocket } from "./start-socket.ts";
import { SYSTEM_TIME } from "./system-time.ts";
import type { VolatileHost } from "./volatile-disk.ts";
import { wireAnswers, wireMessaging } from "./wire-answers.ts";
import { wireDelivery } from "./wire-delivery.ts";
import { wireWebexStatus } from "./wire-webex-status.ts";

export interface AppOptions {
  readonly log: Log<LogEvent>;
  /** The clock of all schedules; the system's when absent. */
  readonly time?: Time;
  readonly webhookCheckMs?: number;
  readonly platform?: Platform;
  /** The database is a restored backup (ALERTS 19). */
  readonly isRestored?: boolean;
  /** The host that drops the disk of this process, if it does. */
  readonly host?: VolatileHost | undefined;
}

export interface App {
  readonly port: number;
  /** Takes nothing new, finishes what is under way, and closes everything in the reverse order of its start. */
  stop(): Promise<void>;
}

/** Starts everything in order. When a step fails, the steps before it are undone and its error is thrown. */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const shutdown = createShutdown(options.log);
  try {
    return { port: await start(config, options, shutdown), stop: shutdown.run };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

/** Passed to every step of the start. */
interface Base {
  readonly config: Config;
  readonly time: CommonTime;
  /** The clock of this machine, or of the sandbox. */
  readonly ownClock: Clock;
  readonly platform: Platform;
  readonly secrets: Secrets;
  readonly log: FaultLog;
  readonly metrics: Metrics;
  readonly shutdown: Shutdown;
  readonly webexClock: WebexClock;
  /** Names this process in leases. */
  readonly holder: string;
}

/** The clock of Webex, as its last answer told it. */
interface WebexClock {
  /** How far this clock is ahead of it; undefined before Webex has answered. */
  skewMs: number | undefined;
}

function createBase(config: Config, options: AppOptions, shutdown: Shutdown): Base {
  const { time: ownTime = SYSTEM_TIME, platform = SYSTEM_PLATFORM } = options;
  const time = createCommonTime(ownTime);
  const metrics = createMetrics({ version: readVersion(), ofProcess: config.metricsToken !== undefined });
  const log = metrics.countEvents(createFaultLog(options.log, time.clock));
  const secrets = createSecrets(secretsOf(config));
  const webexClock: WebexClock = { skewMs: undefined };
  const ownClock = ownTime.clock;
  return { config, time, ownClock, platform, secrets, log, metrics, shutdown, webexClock, holder: randomUUID() };
}

/** Store -> Webex -> server -> webhooks -> loops: Webex learns the address when the server already answers there. */
async function start(config: Config, options: AppOptions, shutdown: Shutdown): Promise<number> {
  const base = createBase(config, options, shutdown);
  const { metrics, log, platform } = base;
  const { clock } = base.time;
  const store = await startStore(base);
  await base.time.followDatabase(store);
  metrics.addStored({ store, sweepMs: config.monitor.sweepMs, clock });
  for (const { event, fields } of startWarnings(config, options.host)) log.warn(event, fields);
  if (options.isRestored) {
    await store.outbox.dropRestored(clock());
    log.warn("app.backup_restored");
  }
  await store.audit.add(startEntry(config, readVersion()), clock());
  const { meter } = metrics;
  const status = wireWebexStatus({ ...base, meter });
  const { wholesale, callStatus, health } = startWholesale(base, store, status.check);
  const webex = await connectWebex(base);

  const messaging = wireMessaging({ config, store, api: webex.api, bot: webex.bot, clock, log });
  const underWay = createUnderWay({ ...base.time, gate: messaging.gate, inbox: store.inbox, log });
  const shared = { ...base, store, health, webexStatus: status.current };
  const answers = wireAnswers({ ...shared, ...webex, messaging, wholesale, meter, clock, underWay });
  const worker = createWorker(base, { store, webex, answers, underWay });

  const { inbox, rooms } = store;
  const receive = createIntake({ inbox, rooms, clock, botId: webex.bot.id, wake: worker.wake });
  // Without webhooks no signature is right.
  const secrets = config.webex.webhook?.secrets ?? [];
  const verify = (body: Buffer, signature: string | undefined) => verifySignature(body, signature, secrets);
  const routes = createRequestListener({ verify, receive: receivingBodies(receive), health, log, ...endpointOf(base) });
  const server = await platform.serve(config.port, routes);
  shutdown.add(() => server.stop());

  const { presence } = webex;
  const { webhookCheckMs = 60_000 } = options;
  const ensureWebhooks = wireWebhooks(base, webex.api, callStatus.events);
  await startSelfChecks({ ...base, store, presence, ensureWebhooks, webhookCheckMs });
  if (config.webex.webhook === undefined)
    startSocket({ ...base, ...webex, store, receive, holder: leaseHolder(base), events: callStatus.events });

  startPolling(base, store, wholesale.crawl);
  await wireDelivery({ ...shared, ...messaging, presence, messages: callStatus.messages });
  await startWorker(base, store, worker);
  const { displayName } = webex.bot;
  log.info("app.started", { port: server.port, bot: displayName, holder: base.holder, ...startFields(config) });
  return server.port;
}

/** Undefined where the bot has no webhooks, because it listens by a socket. */
function wireWebhooks({ config, log }: Base, api: WebexApi, events: CallStatus): (() => Promise<boolean>) | undefined {
  const { webhook } = config.webex;
  if (webhook === undefined) return undefined;
  const [secret = ""] = webhook.secrets;
  const webhooks = createWebhooks({ api, log, targetUrl: `${webhook.publicUrl}/webhook`, secret });
  return () => events.track(() => webhooks.ensure());
}

function endpointOf({ config: { metricsToken: token }, metrics }: Base) {
  return { meter: metrics.meter, metrics: token === undefined ? undefined : { ...metrics, token } };
}

/** A file database has one process at a time, so a new process may take over the leases of the last one at once. */
function leaseHolder({ config, holder }: Base): string {
  return config.database.databaseUrl === undefined ? "the process" : holder;
}

async function startStore({ config, platform, log, shutdown }: Base): Promise<Store> {
  const { databaseUrl, dataDir } = config.database;
  if (databaseUrl === undefined) shutdown.add(await platform.lockDataDir(dataDir));
  const store = await openStore({
    ...config.database,
    ...config.alerting,
    ...platform.database,
    ownsFile: true,
    log,
  });
  shutdown.add(() => store.close());
  const { auth } = config.wholesale;
  const origin = auth.kind === "refresh" ? originOf(auth.refreshToken) : undefined;
  if (await store.tokens.applyKey(origin)) log.info("store.tokens_encrypted");
  return store;
}

function startWholesale(base: Base, store: Store, webexStatus: (() => HealthCheck) | undefined) {
  const { config, time, platform, secrets, log, metrics, shutdown, webexClock } = base;
  const { callsPerMinute } = config.monitor;
  const callStatus = {
    /** Set by the webhooks, or by the socket: it fails when the bot may not hear what people write. */
    events: createCallStatus(time.clock),
    wholesale: createCallStatus(time.clock),
    messages: createCallStatus(time.clock),
  };
  const api = createWholesale({
    ...config.wholesale,
    callsPerMinute,
    sharedCalls: store.sharedCalls,
    tokens: store.tokens,
    leases: store.leases,
    holder: leaseHolder(base),
    secrets,
    onCrawl: callStatus.wholesale.record,
    ...time,
    log,
    meter: metrics.meter,
    http: { ...platform.network, ...metrics.watchCalls("wholesale", log), random: platform.random },
  });
  shutdown.add(() => api.close());
  const wholesale = { ...withCallStatus(api, callStatus.wholesale), crawl: api.crawl };
  return {
    wholesale,
    callStatus,
    health: createHealth({
      store,
      ...callStatus,
      hearsBy: config.webex.webhook === undefined ? "Webex socket" : "Webex webhooks",
      webexStatus,
      webexSkewMs: () => webexClock.skewMs,
      clock: time.clock,
    }),
  };
}

const WEBEX_HTTP = { connections: 16, timeoutMs: 20_000, retries: 4 };

type Webex = Awaited<ReturnType<typeof connectWebex>>;

async function connectWebex({ config, ownClock, platform, secrets, log, metrics, shutdown, webexClock }: Base) {
  const { network, random } = platform;
  const { onAttempt, onRetry } = metrics.watchCalls("webex", log);
  const http = createHttp({
    baseUrl: config.webex.apiUrl,
    ...WEBEX_HTTP,
    ...network,
    comparedClock: ownClock,
    onAttempt(attempt) {
      webexClock.skewMs = attempt.clockSkewMs ?? webexClock.skewMs;
      onAttempt(attempt);
    },
    onRetry,
    random,
    secrets,
  });
  shutdown.add(() => http.close());
  const api = createWebexApi(http, config.webex.botToken);
  const bot = await api.me();
  const framework = createFramework(api, bot);
  await framework.start();
  shutdown.add(() => framework.stop());
  // Without retries: a message waits for the answer, and its lease is short.
  const once: Http = { ...http, request: (call) => http.request({ ...call, noRetry: true }) };
  const presence = createPresence(createWebexApi(once, config.webex.botToken), bot);
  return { api, bot, framework, presence };
}

interface WorkerParts {
  readonly store: Store;
  readonly webex: Webex;
  readonly answers: Answers;
  readonly underWay: UnderWay;
}

function createWorker(
  { config, time, log, holder }: Base,
  { store, webex, answers, underWay }: WorkerParts,
): InboxWorker {
  const { inbox, outbox, rooms } = store;
  const { api, bot, framework, presence } = webex;
  const { clock } = time;
  const handleEvent = createEventHandler({
    readEvent: createEventReader(framework, bot),
    answers,
    allow: (roomId, allowed, audit) => rooms.allow(roomId, allowed, bot.id, clock(), audit),
    outbox,
    isMember: presence.isMember,
    handleRoomMigration: createRoomMigrationHandler({
      outbox,
      exists: (roomId) => exists(api.room(roomId)),
      clock,
      log,
    }),
    clock,
    log,
  });
  const { tellToWait } = answers;
  const perMinute = config.questionsPerMinute;
  const waitForTurn = createTurns({ inbox, rooms, perMinute, tellToWait, clock, log });
  const processEvent = createProcessEvent({ inbox, outbox, log, clock, holder, waitForTurn, handleEvent, underWay });
  return createInboxWorker({ inbox, log, ...time, holder, processEvent });
}

const TIDY_MS = 60 * 60_000;

/** Starts the loops that delete old rows and read the Wholesale API. */
function startPolling(base: Base, store: Store, crawl: WholesaleCrawler): void {
  const { config, time, platform, log, metrics, shutdown } = base;
  const { meter } = metrics;
  const tidy = async () => log.info("store.tidied", { rows: await store.tidy(time.clock()) });
  shutdown.add(startLoop({ name: "tidy", pauseMs: TIDY_MS, run: tidy, ...time, log }).stop);
  const holder = leaseHolder(base);
  const { random } = platform;
  shutdown.add(startPoller({ ...store, ...config.monitor, crawl, holder, random, ...time, meter, log }).stop);
}

/** How long running answers may take to finish when the process is asked to stop. */
const FINISH_MS = 5_000;

async function startWorker({ log, shutdown }: Base, { inbox }: Store, worker: InboxWorker): Promise<void> {
  // Only on a file database: no other process can be working on these events.
  const released = await inbox.release();
  if (released > 0) log.info("inbox.leases_released", { events: released });
  worker.start();
  shutdown.add(() => worker.stop(FINISH_MS));
}
