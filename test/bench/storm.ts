import { type BenchDatabase, environmentOf } from "./bench-databases.ts";
import { type Bot, type LogEntry, startBot } from "./bot.ts";
import { startProbe } from "./probe.ts";
import { quantile } from "./quantile.ts";
import { type BotMessage, openSpaces, type Spaces } from "./spaces.ts";
import type { Twins } from "./twins.ts";

/** The cost of notifying some spaces of very many packages in error at once. Times in milliseconds. */
export interface StormResult {
  readonly broken: number;
  readonly spaces: number;
  /** A sweep without news, of the same process. */
  readonly quietMs: number;
  readonly broke: StormPhase;
  readonly healed: StormPhase;
  /** The longest that the bot's own server was silent while all this happened: how long its event loop was held at most. */
  readonly longestBlockMs: number;
  /** Bytes. */
  readonly peakMemory: number;
}

export interface StormPhase {
  /** The sweep that brought it: of a recovery the second one that saw it (ALERTS 11). */
  readonly sweepMs: number;
  /** From the end of that sweep to the message about all of it, in the first space that was notified and in the last one. */
  readonly deliveryMs: readonly [number, number];
  /** In the space that got most: until it was notified of all, or of the end. */
  readonly messages: number;
}

/** A space waits as long as usual for what comes together, and less between two messages, so that the bench does not wait for long. */
const WINDOWS = { GROUP_WAIT: "30s", GROUP_INTERVAL: "30s" };
const SWEEP_INTERVAL = "20s";

/** Breaks so many packages of healthy customers, and heals them all when every space was notified. */
export async function measureStorm(
  twins: Twins,
  home: BenchDatabase,
  { broken, spaces: count }: Pick<StormResult, "broken" | "spaces">,
): Promise<StormResult> {
  await twins.forbidNames();
  await twins.console("POST", "/scenarios/heal-all");
  const bot = startBot({
    ...environmentOf(twins, home),
    ...WINDOWS,
    SWEEP_INTERVAL,
    WATCH_INTERVAL: "1d",
  });
  try {
    const first = await bot.waitFor("sweep.complete");
    const spaces = await openSpaces(twins, Array<string>(count).fill(""));
    const quiet = await bot.waitForAfter(first, "sweep.complete");
    const probe = startProbe(Number(twins.env.PORT));
    const story = { twins, bot, spaces };
    const broke = await runPhase(story, quiet, {
      scenario: "storm",
      n: broken,
      is: hasAll(broken),
      last: hasAll(broken),
    });
    const healed = await runPhase(story, broke.last, {
      scenario: "heal-all",
      n: broken,
      is: isHealed,
      last: isOver,
    });
    const longestBlockMs = quantile(await probe.stop(), 1);
    const figures = { quietMs: Number(quiet.ms), broke: broke.phase, healed: healed.phase, longestBlockMs };
    return { broken, spaces: count, ...figures, peakMemory: bot.peakMemory() };
  } finally {
    await bot.stop();
    await twins.console("DELETE", "/faults");
  }
}

/** The first line of a storm summary: `Storm: 10,000 packages of 9,876 customers in error since …`. */
const firstLineOf = ({ text }: BotMessage): string => text.split("\n")[0] ?? "";
const hasAll = (count: number) => (message: BotMessage) =>
  firstLineOf(message).includes(` ${count.toLocaleString("en")} packages`);
const isHealed = (message: BotMessage): boolean => firstLineOf(message).includes("none in error any more");
const isOver = (message: BotMessage): boolean => firstLineOf(message).includes("Storm over");

interface StormRun {
  readonly twins: Twins;
  readonly bot: Bot;
  readonly spaces: Spaces;
}

interface StormEvent {
  readonly scenario: "storm" | "heal-all";
  readonly n: number;
  /** `is` finds the message about all of it, `last` the last one. */
  readonly is: (message: BotMessage) => boolean;
  readonly last: (message: BotMessage) => boolean;
}

/** Lets something happen right behind a sweep, so that the next one sees all of it. */
async function runPhase({ twins, bot, spaces }: StormRun, last: LogEntry, event: StormEvent) {
  const { scenario, n } = event;
  const since = Date.now();
  await twins.console("POST", `/scenarios/${scenario}`, scenario === "storm" ? { n } : {});
  let sweep = last;
  do sweep = await bot.waitForAfter(sweep, "sweep.complete");
  while (Number(sweep.changed) < n);
  // Two observations make a recovery (ALERTS 11).
  const seen = scenario === "storm" ? sweep : await bot.waitForAfter(sweep, "sweep.complete");
  const perSpace = await spaces.until(since, event.last);
  const waits = perSpace.map((messages) => (messages.find(event.is)?.at ?? Number.NaN) - timeOf(seen));
  const phase: StormPhase = {
    sweepMs: Number(seen.ms),
    deliveryMs: [Math.min(...waits), Math.max(...waits)],
    messages: Math.max(...perSpace.map(({ length }) => length)),
  };
  return { phase, last: bot.last("sweep.complete") ?? sweep };
}

const timeOf = ({ time }: LogEntry): number => (typeof time === "number" ? time : Date.parse(String(time)));
