import { DAY, HOUR, MINUTE } from "../../support/time.ts";
import { openSpaces, type Spaces } from "../spaces.ts";
import { faultsOfDay, type ScheduledFault } from "./fault-schedule.ts";
import {
  messagesOf,
  noticesOutOfThread,
  noticesWithoutAlert,
  notifiedTwice,
  SENT,
  type SentNotice,
  tooSoonMessages,
} from "./laws.ts";
import { openSoakEnvironment, type SoakEnvironment, START } from "./soak-environment.ts";

export interface SoakOptions {
  readonly days: number;
  /** How much faster than on the wall. */
  readonly speed: number;
  readonly customers: number;
  readonly changesPerHour: number;
  readonly script: string;
  /** The faults of both APIs; those of a usual day when absent. */
  readonly faultSchedule?: readonly (readonly ScheduledFault[])[];
  /** How long a day is, and for how long at its end it is quiet; hours. */
  readonly dayHours?: number;
  readonly quietHours?: number;
  /** True to put the clock behind every retention at the end, and count what is left. */
  readonly pastRetention?: boolean;
  readonly report?: (text: string) => void;
}

/** The results of a day. */
export interface SoakDay {
  readonly day: number;
  /** Messages that each space got unasked; how many of all were sent again because they might have been lost. */
  readonly messages: readonly number[];
  readonly repeated: number;
  /** The bot's `verify` of each space once it is quiet. */
  readonly verdicts: readonly string[];
  readonly sweeps: number;
  readonly tidied: number;
  /** After garbage collection, in bytes. */
  readonly heap: number;
  readonly rows: Readonly<Record<string, number>>;
}

export interface SoakResult {
  readonly days: readonly SoakDay[];
  /** The violations of the laws. */
  readonly brokenLaws: readonly string[];
  /** Rows after the clock was put behind every retention. */
  readonly afterRetention?: Readonly<Record<string, number>>;
}

/** Sweeps and quick polls are further apart than usual: at a great speed a sweep takes minutes of the bot's own time. */
const WINDOW_MS = 5 * MINUTE;
export const INTERVALS = {
  SWEEP_INTERVAL: "10m",
  WATCH_INTERVAL: "3m",
  API_CALLS_PER_MINUTE: "100000",
  GROUP_WAIT: "30s",
  GROUP_INTERVAL: "5m",
  REOPEN_WINDOW: "30m",
  REMIND_AFTER: "4h",
};
const FILTERS = ["", "package=webex_calling", "code=2560,10022"];
/** At which people set up watches and ask, so that a question is not hours old when it is received. */
const SLOW_SPEED = 20;

/** Lets customers and their packages live for days, with faults each day, and checks each evening that all is in order. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { days, customers, script, report = () => undefined } = options;
  const environment = await openSoakEnvironment({ customers, env: INTERVALS, script });
  try {
    await environment.console("POST", "/scenarios/heal-all");
    await environment.start();
    await environment.speed(SLOW_SPEED);
    const spaces = await openSpaces({ url: environment.url, console: environment.console }, FILTERS);
    const lived: SoakDay[] = [];
    const faults: string[] = [];
    for (let day = 0; day < days; day += 1) {
      const one = await runDay({ environment, spaces }, day, options);
      lived.push(one);
      faults.push(...(await brokenLaws(environment)).map((fault) => `day ${day + 1}: ${fault}`));
      report(JSON.stringify(one));
    }
    const afterRetention = options.pastRetention ? await advancePastRetention(environment, options.speed) : undefined;
    return { days: lived, brokenLaws: [...new Set(faults)], ...(afterRetention && { afterRetention }) };
  } finally {
    await environment.close();
  }
}

/** Longer than any row is kept that has a use no more; the history of 400 days is not meant. */
const PAST_RETENTION_MS = 95 * DAY;

async function advancePastRetention(
  environment: SoakEnvironment,
  speed: number,
): Promise<Readonly<Record<string, number>>> {
  await environment.forward(PAST_RETENTION_MS);
  const tidied = environment.count("store.tidied");
  await environment.speed(speed);
  while (environment.count("store.tidied") < tidied + 2) await environment.until(environment.clock() + HOUR);
  return countRows(environment);
}

interface SoakScene {
  readonly environment: SoakEnvironment;
  readonly spaces: Spaces;
}

async function runDay({ environment, spaces }: SoakScene, day: number, options: SoakOptions): Promise<SoakDay> {
  const { speed, changesPerHour, dayHours = 24, quietHours = 4, faultSchedule } = options;
  const began = day === 0 ? environment.clock() : START + day * dayHours * HOUR;
  const before = { sweeps: environment.count("sweep.complete"), tidied: environment.count("store.tidied") };
  const busyHours = dayHours - quietHours;
  await environment.speed(speed);
  await environment.console("POST", "/scenarios/churn", {
    perMinute: changesPerHour / 60,
    minutes: busyHours * 60,
  });
  for (const scheduled of [...((faultSchedule ?? [])[day] ?? faultsOfDay(day))].sort((a, b) => a.hour - b.hour)) {
    await environment.until(began + scheduled.hour * HOUR);
    await applyFault(environment, scheduled, began);
  }
  await environment.until(began + busyHours * HOUR);
  await environment.console("POST", "/scenarios/all-clear");
  await environment.until(START + (day + 1) * dayHours * HOUR);
  await environment.speed(SLOW_SPEED);
  const verdicts: string[] = [];
  for (const roomId of spaces.roomIds) verdicts.push(await finalVerdict({ environment, spaces }, roomId, speed));
  const sent = environment.read<SentNotice>(SENT).filter(({ sentAt }) => sentAt >= began);
  const heap = await environment.heap();
  return {
    day: day + 1,
    messages: spaces.roomIds.map((roomId) => messagesOf(sent).filter(({ recipient }) => recipient === roomId).length),
    repeated: messagesOf(sent).filter(({ notices }) => notices.some(({ possiblySent }) => possiblySent === 1)).length,
    verdicts,
    sweeps: environment.count("sweep.complete") - before.sweeps,
    tidied: environment.count("store.tidied") - before.tidied,
    heap,
    rows: countRows(environment),
  };
}

/** A bot on a busy machine may still have changes on the way after the quiet hours. */
const MORE_HOURS = 12;

/** The first line of `verify`, once nothing is on the way to the space any more. */
async function finalVerdict({ environment, spaces }: SoakScene, roomId: string, speed: number): Promise<string> {
  for (let hours = 0; ; hours += 1) {
    const answer = await spaces.ask(roomId, "verify", /agreement|Cannot verify|No difference/);
    const [verdict = ""] = answer.split("\n");
    if (!verdict.includes("on the way") || hours === MORE_HOURS) return verdict;
    await environment.speed(speed);
    await environment.until(environment.clock() + HOUR);
    await environment.speed(SLOW_SPEED);
  }
}

async function applyFault(
  environment: SoakEnvironment,
  { hour, hours, faults = [], scenario }: ScheduledFault,
  began: number,
) {
  if (scenario !== undefined) await environment.console("POST", `/scenarios/${scenario[0]}`, scenario[1]);
  const ids: string[] = [];
  for (const fault of faults) ids.push((await environment.console<{ id: string }>("POST", "/faults", fault)).id);
  if (ids.length === 0) return;
  await environment.until(began + (hour + hours) * HOUR);
  for (const id of ids) await environment.console("DELETE", `/faults/${id}`);
}

/** Every law, over all sent messages. */
async function brokenLaws(environment: SoakEnvironment): Promise<readonly string[]> {
  const sent = environment.read<SentNotice>(SENT);
  const parentOf = (id: string) => environment.world.messages.message(id)?.parentId;
  return [
    ...tooSoonMessages(sent, WINDOW_MS).map((fault) => `too soon: ${fault}`),
    ...noticesWithoutAlert(sent).map((fault) => `without an alert: ${fault}`),
    ...noticesOutOfThread(sent, parentOf).map((fault) => `out of its thread: ${fault}`),
    ...notifiedTwice(sent).map((fault) => `notified twice: ${fault}`),
    ...environment
      .errors()
      // That Webex cannot be asked for its webhooks is no fault of the bot's.
      .filter(({ event }) => event !== "webhooks.failed")
      .map(({ event, error }) => `error: ${String(event)} ${JSON.stringify(error)}`),
  ];
}

function countRows(environment: SoakEnvironment): Readonly<Record<string, number>> {
  const tables = environment.read<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'kysely%' order by name",
  );
  return Object.fromEntries(
    tables.map(({ name }) => [
      name,
      Number(environment.read<{ count: number }>(`select count(*) as count from "${name}"`)[0]?.count),
    ]),
  );
}
