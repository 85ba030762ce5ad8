import { openAsker } from "./asker.ts";
import { type BenchDatabase, environmentOf } from "./bench-databases.ts";
import { startBot } from "./bot.ts";
import { startProbe } from "./probe.ts";
import { quantile, sorted } from "./quantile.ts";
import { formatCount, formatMegabytes, formatSeconds, markdownTable, type Row } from "./report.ts";
import type { Twins } from "./twins.ts";

/** How the bot serves while its first sweep runs as fast as it can. Times in milliseconds, in order of length. */
export interface FirstSweepFigures {
  readonly database: string;
  readonly customers: number;
  /** Of the sweep. */
  readonly ms: number;
  /** From a question to its card. */
  readonly answers: readonly number[];
  /** Answers of `/healthz`. */
  readonly health: readonly number[];
  /** Bytes. */
  readonly peakMemory: number;
}

const WORDINGS = ["customers status=error", "summary", "customers country=DE", "errors", "status"];

/** One person asks one question after the other, from the start until the sweep is complete. */
export async function measureFirstSweep(twins: Twins, home: BenchDatabase): Promise<FirstSweepFigures> {
  await twins.forbidNames();
  const asker = await openAsker(twins, 1);
  const bot = startBot({
    ...environmentOf(twins, home),
    QUESTIONS_PER_MINUTE: "1000000",
    SWEEP_INTERVAL: "1d",
    WATCH_INTERVAL: "1d",
  });
  try {
    await bot.waitFor("app.started");
    const probe = startProbe(Number(twins.env.PORT));
    const answers: number[] = [];
    for (let nth = 0; bot.last("sweep.complete") === undefined; nth += 1) {
      const answer = await asker.ask(0, WORDINGS[nth % WORDINGS.length] ?? "help");
      if (answer === undefined) throw new Error("An answer is lost.");
      answers.push(answer.ms);
    }
    const health = await probe.stop();
    const { ms, customers } = await bot.waitFor("sweep.complete");
    const sweep = { ms: Number(ms), customers: Number(customers) };
    return { database: home.name, ...sweep, answers: sorted(answers), health, peakMemory: bot.peakMemory() };
  } finally {
    await bot.stop();
    asker.close();
  }
}

/** One column for each database. */
export function writeFirstSweepReport(found: readonly FirstSweepFigures[]): string {
  const row = (title: string, cell: (one: FirstSweepFigures) => string): Row => [title, ...found.map(cell)];
  const ms = (times: readonly number[], share: number): string => `${quantile(times, share).toFixed(0)} ms`;
  return markdownTable(
    ["during the first sweep", ...found.map(({ database }) => database)],
    [
      row("customers; time of the sweep", (one) => `${formatCount(one.customers)}; ${formatSeconds(one.ms)}`),
      row("questions answered", ({ answers }) => formatCount(answers.length)),
      row("from a question to its card: p50; p99", ({ answers }) => `${ms(answers, 0.5)}; ${ms(answers, 0.99)}`),
      row("`/healthz`: p50; p99.9", ({ health }) => `${ms(health, 0.5)}; ${ms(health, 0.999)}`),
      row("peak memory (VmHWM)", ({ peakMemory }) => formatMegabytes(peakMemory)),
    ],
  );
}
