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
  /** What befalls the twins; of a usual day when absent. */
  readonly faultSchedule?: readonly (readonly ScheduledFault[])[];
  /** How long a day is, and for how long at its end it is quiet; hours. */
  readonly dayHours?: number;
  readonly quietHours?: number;
  /** Whether to leap behind every retention at the end, and see what is left. */
  readonly leap?: boolean;
  readonly say?: (text: string) => void;
}

/** What a day came to. */
export interface SoakDay {
  readonly day: number;
  /** Messages that each space got unasked; how many of all were sent again because they might have been lost. */
  readonly messages: readonly number[];
  readonly repeated: number;
  /** What the bot says of each space once it is quiet. */
  readonly verdicts: readonly string[];
  readonly sweeps: number;
  readonly tidied: number;
  /** After garbage collection, in bytes. */
  readonly heap: number;
  readonly rows: Readonly<Record<string, number>>;
}

export interface SoakResult {
  readonly days: readonly SoakDay[];
  /** What broke a law. */
  readonly brokenLaws: readonly string[];
  /** Rows after a leap behind every retention. */
  readonly afterLeap?: Readonly<Record<string, number>>;
}

/** Sweeps and looks are further apart than usual: at a great speed a sweep takes minutes of the bot's own time. */
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
/** At which people set up watches and ask, so that a question is not hours old when it is heard. */
const SLOW_SPEED = 20;

/** Lets customers and their packages live for days, with trouble each day, and looks each evening whether all is in order. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { days, customers, script, say = () => undefined } = options;
  const stage = await openSoakEnvironment({ customers, env: INTERVALS, script });
  try {
    await stage.console("POST", "/scenarios/heal-all");
    await stage.start();
    await stage.speed(SLOW_SPEED);
    const spaces = await openSpaces({ url: stage.url, console: stage.console }, FILTERS);
    const lived: SoakDay[] = [];
    const faults: string[] = [];
    for (let day = 0; day < days; day += 1) {
      const one = await runDay({ stage, spaces }, day, options);
      lived.push(one);
      faults.push(...(await brokenLaws(stage)).map((fault) => `day ${day + 1}: ${fault}`));
      say(JSON.stringify(one));
    }
    const afterLeap = options.leap ? await advancePastRetention(stage, options.speed) : undefined;
    return { days: lived, brokenLaws: [...new Set(faults)], ...(afterLeap && { afterLeap }) };
  } finally {
    await stage.close();
  }
}

/** Longer than any row is kept that has a use no more; the history of 400 days is not meant. */
const LEAP_MS = 95 * DAY;

async function advancePastRetention(stage: SoakEnvironment, speed: number): Promise<Readonly<Record<string, number>>> {
  await stage.forward(LEAP_MS);
  const tidied = stage.count("store.tidied");
  await stage.speed(speed);
  while (stage.count("store.tidied") < tidied + 2) await stage.until(stage.clock() + HOUR);
  return countRows(stage);
}

interface SoakScene {
  readonly stage: SoakEnvironment;
  readonly spaces: Spaces;
}

async function runDay({ stage, spaces }: SoakScene, day: number, options: SoakOptions): Promise<SoakDay> {
  const { speed, changesPerHour, dayHours = 24, quietHours = 4, faultSchedule } = options;
  const began = day === 0 ? stage.clock() : START + day * dayHours * HOUR;
  const before = { sweeps: stage.count("sweep.complete"), tidied: stage.count("store.tidied") };
  const busyHours = dayHours - quietHours;
  await stage.speed(speed);
  await stage.console("POST", "/scenarios/churn", {
    perMinute: changesPerHour / 60,
    minutes: busyHours * 60,
  });
  for (const trouble of [...((faultSchedule ?? [])[day] ?? faultsOfDay(day))].sort((a, b) => a.hour - b.hour)) {
    await stage.until(began + trouble.hour * HOUR);
    await applyFault(stage, trouble, began);
  }
  await stage.until(began + busyHours * HOUR);
  await stage.console("POST", "/scenarios/all-clear");
  await stage.until(START + (day + 1) * dayHours * HOUR);
  await stage.speed(SLOW_SPEED);
  const verdicts: string[] = [];
  for (const roomId of spaces.roomIds)
    verdicts.push((await spaces.ask(roomId, "verify", / agreement: /)).split("\n")[0] ?? "");
  const sent = stage.read<SentNotice>(SENT).filter(({ sentAt }) => sentAt >= began);
  const heap = await stage.heap();
  return {
    day: day + 1,
    messages: spaces.roomIds.map((roomId) => messagesOf(sent).filter(({ recipient }) => recipient === roomId).length),
    repeated: messagesOf(sent).filter(({ notices }) => notices.some(({ possiblySent }) => possiblySent === 1)).length,
    verdicts,
    sweeps: stage.count("sweep.complete") - before.sweeps,
    tidied: stage.count("store.tidied") - before.tidied,
    heap,
    rows: countRows(stage),
  };
}

async function applyFault(
  stage: SoakEnvironment,
  { hour, hours, faults = [], scenario }: ScheduledFault,
  began: number,
) {
  if (scenario !== undefined) await stage.console("POST", `/scenarios/${scenario[0]}`, scenario[1]);
  const ids: string[] = [];
  for (const fault of faults) ids.push((await stage.console<{ id: string }>("POST", "/faults", fault)).id);
  if (ids.length === 0) return;
  await stage.until(began + (hour + hours) * HOUR);
  for (const id of ids) await stage.console("DELETE", `/faults/${id}`);
}

/** Every law, over all that was ever told. */
async function brokenLaws(stage: SoakEnvironment): Promise<readonly string[]> {
  const sent = stage.read<SentNotice>(SENT);
  const parentOf = (id: string) => stage.world.messages.message(id)?.parentId;
  return [
    ...tooSoonMessages(sent, WINDOW_MS).map((fault) => `too soon: ${fault}`),
    ...noticesWithoutAlert(sent).map((fault) => `without an alert: ${fault}`),
    ...noticesOutOfThread(sent, parentOf).map((fault) => `out of its thread: ${fault}`),
    ...notifiedTwice(sent).map((fault) => `told twice: ${fault}`),
    ...stage
      .errors()
      // That Webex cannot be asked for its webhooks is no fault of the bot's.
      .filter(({ event }) => event !== "webhooks.failed")
      .map(({ event, error }) => `error: ${String(event)} ${JSON.stringify(error)}`),
  ];
}

function countRows(stage: SoakEnvironment): Readonly<Record<string, number>> {
  const tables = stage.read<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'kysely%' order by name",
  );
  return Object.fromEntries(
    tables.map(({ name }) => [
      name,
      Number(stage.read<{ count: number }>(`select count(*) as count from "${name}"`)[0]?.count),
    ]),
  );
}
