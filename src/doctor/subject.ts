import { SYSTEM_TIME } from "../app/system-time.ts";
import { type Config, secretsOf } from "../config.ts";
import { createFaultLog } from "../domain/fault-log.ts";
import type { Clock, Secrets } from "../domain/ports/runtime.ts";
import type { WebexStatus } from "../domain/webex-status.ts";
import { type Attempt, createHttp, type Http } from "../http.ts";
import { createSecrets } from "../secrets.ts";
import { createWebexApi, type WebexApi } from "../webex/api.ts";
import { readServices, type Services } from "../webex/socket/catalog.ts";
import { createServiceCalls } from "../webex/socket/service-calls.ts";
import { readStatusPage, STATUS_HTTP } from "../webex/status-page.ts";
import { createWholesale, type WholesaleApi } from "../wholesale/wholesale.ts";
import { type FoundBot, findBot } from "./find-bot.ts";
import { type FoundDatabase, findDatabase } from "./find-database.ts";
import { SILENT_LOG } from "./silent-log.ts";
import { wholesaleAccess } from "./wholesale-access.ts";

/** The part of the Webex client that only reads: the doctor sends nothing and changes nothing there. */
export type WebexReader = Pick<WebexApi, "me" | "person" | "personByEmail" | "room" | "memberships" | "webhooks">;

/** A configuration under examination, and all that it leads to. Checks share each part, which is looked up once. */
export interface Subject {
  readonly config: Config;
  readonly clock: Clock;
  readonly webex: WebexReader;
  /** Calls `PUBLIC_URL` as Webex would; absent when it is not set. */
  readonly publicHttp?: Http;
  /** Asks Webex where the bot may listen; absent where `PUBLIC_URL` is set. */
  readonly socketServices?: () => Promise<Services>;
  /** How far this machine's clock is ahead of Webex's; undefined before Webex has answered. */
  readonly clockSkewMs: () => number | undefined;
  /** Reads `STATUS_URL`; absent when it is not set. */
  readonly webexStatus?: () => Promise<WebexStatus>;
  readonly bot: () => Promise<FoundBot>;
  readonly database: () => Promise<FoundDatabase>;
  readonly wholesale: () => Promise<WholesaleApi>;
  close(): Promise<void>;
}

/** One try more than a single one: the first may meet a connection that was just closed. */
const HTTP = { connections: 2, retries: 1, maxWaitMs: 2_000 };

/** The doctor makes a dozen calls in all, so it need not spread them over minutes. */
const ENOUGH_CALLS = 1_000;

/** @param callMs how long it waits for an answer to one call */
export function createSubject(
  config: Config,
  { clock, callMs }: { readonly clock: Clock; readonly callMs: number },
): Subject {
  const http = { ...HTTP, timeoutMs: callMs };
  const secrets = createSecrets(secretsOf(config));
  const closers: (() => Promise<void>)[] = [];
  const closedAtEnd = <T extends { close(): Promise<void> }>(opened: T): T => {
    closers.unshift(() => opened.close());
    return opened;
  };
  let clockSkewMs: number | undefined;
  const onAttempt = (attempt: Attempt) => {
    clockSkewMs = attempt.clockSkewMs ?? clockSkewMs;
  };
  const webexHttp = closedAtEnd(createHttp({ ...http, baseUrl: config.webex.apiUrl, secrets, clock, onAttempt }));
  const database = once(async () => closedAtEnd(await findDatabase(config)));
  return {
    config,
    clock,
    webex: createWebexApi(webexHttp, config.webex.botToken),
    ...(config.webex.webhook === undefined
      ? { socketServices: servicesReader(config, (baseUrl) => createHttp({ ...http, baseUrl, secrets }), closedAtEnd) }
      : { publicHttp: closedAtEnd(createHttp({ ...http, baseUrl: config.webex.webhook.publicUrl, secrets })) }),
    clockSkewMs: () => clockSkewMs,
    ...(config.statusUrl !== undefined && {
      webexStatus: statusReader(config.statusUrl, (baseUrl) =>
        closedAtEnd(createHttp({ ...STATUS_HTTP, ...http, baseUrl, secrets })),
      ),
    }),
    bot: once(async () => closedAtEnd(await findBot(config, callMs))),
    database,
    wholesale: once(async () => closedAtEnd(await openWholesale(config, await database(), { secrets, clock, http }))),
    async close() {
      for (const close of closers) await close();
    },
  };
}

function servicesReader(
  { webex: { apiUrl, botToken: token } }: Config,
  openHttp: (baseUrl: string) => Http,
  closedAtEnd: <T extends { close(): Promise<void> }>(opened: T) => T,
): () => Promise<Services> {
  return once(() => readServices(closedAtEnd(createServiceCalls({ apiUrl, token, openHttp })), apiUrl));
}

function statusReader(url: string, open: (baseUrl: string) => Http): () => Promise<WebexStatus> {
  return once(() => readStatusPage(open(new URL(url).origin), url, { clock: Date.now }));
}

interface WholesaleParts {
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly http: NonNullable<Parameters<typeof createWholesale>[0]["http"]>;
}

async function openWholesale(
  config: Config,
  found: FoundDatabase,
  { secrets, clock, http }: WholesaleParts,
): Promise<WholesaleApi> {
  return createWholesale({
    apiUrl: config.wholesale.apiUrl,
    callsPerMinute: ENOUGH_CALLS,
    ...(await wholesaleAccess(config, found, clock())),
    secrets,
    onCrawl: () => undefined,
    meter: { budgetWait: () => () => undefined },
    clock,
    sleep: SYSTEM_TIME.sleep,
    log: createFaultLog(SILENT_LOG, clock),
    http,
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
