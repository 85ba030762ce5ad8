import { setTimeout as sleep } from "node:timers/promises";
import { type BenchDatabase, environmentOf } from "./bench-databases.ts";
import { startBot } from "./bot.ts";
import { watchBotCards } from "./bot-cards.ts";
import { quantile, sorted } from "./quantile.ts";
import { markdownTable } from "./report.ts";
import { openSpaces } from "./spaces.ts";
import type { Twins } from "./twins.ts";

/** From a change in the API to the message about it, in milliseconds, in order of length. */
export type Reactions = readonly number[];

/** The shortest waits that the bot takes: the rest of the time is its own work. */
const LOOK_MS = 1_000;
const GROUP_MS = 1_000;
const CHANGES = 30;

/** Breaks one package after the other, each when the message about the last one is there. */
export async function measureReactions(twins: Twins, home: BenchDatabase): Promise<Reactions> {
  await twins.forbidNames();
  await twins.console("POST", "/scenarios/heal-all");
  const people = await twins.console<{ role: string; personId: string }[]>("GET", "/people");
  const botId = people.find(({ role }) => role === "bot")?.personId ?? "";
  const bot = startBot({
    ...environmentOf(twins, home),
    SWEEP_INTERVAL: "1d",
    WATCH_INTERVAL: `${LOOK_MS}ms`,
    GROUP_WAIT: `${GROUP_MS}ms`,
    GROUP_INTERVAL: `${GROUP_MS}ms`,
  });
  try {
    await bot.waitFor("sweep.complete");
    const { roomIds } = await openSpaces(twins, [""]);
    const cards = await watchBotCards(twins, botId);
    const times: number[] = [];
    for (let nth = 0; nth < CHANGES; nth += 1) {
      // A message comes soon after a look, so without a pause every change would come soon after one too.
      await sleep(Math.random() * LOOK_MS);
      const begun = performance.now();
      const [seen] = await Promise.all([cards.next(roomIds[0] ?? ""), twins.console("POST", "/scenarios/break-one")]);
      if (seen === undefined) throw new Error("A change was not told.");
      times.push(seen.at - begun);
    }
    cards.close();
    return sorted(times);
  } finally {
    await bot.stop();
  }
}

export const writeReactionReport = (times: Reactions): string =>
  markdownTable(
    [`${times.length} changes, a look every ${LOOK_MS / 1_000} s, grouped for ${GROUP_MS / 1_000} s`, "p50", "longest"],
    [["from the change in the API to the message", seconds(quantile(times, 0.5)), seconds(quantile(times, 1))]],
  );

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
