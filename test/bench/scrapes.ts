import { setTimeout as sleep } from "node:timers/promises";
import { type Asker, openAsker } from "./asker.ts";
import { type BenchDatabase, environmentOf } from "./bench-databases.ts";
import { startBot } from "./bot.ts";
import { quantile, sorted } from "./quantile.ts";
import { formatCount, markdownTable } from "./report.ts";
import type { Twins } from "./twins.ts";

/** The cost of scrapes of `/metrics`. Times in milliseconds. */
export interface ScrapeFigures {
  readonly customers: number;
  /** Under load, in order of length. */
  readonly scrapes: readonly number[];
  readonly bytes: number;
  /** From the message of a person to the card that answers it, in order of length: without scrapes, and with. */
  readonly quiet: readonly number[];
  readonly scraped: readonly number[];
  /** The median over pairs of neighbouring blocks: mean latency with scrapes, by that without. */
  readonly ratio: number;
}

const METRICS_TOKEN = "the token of the bench";
/** Much more often than Prometheus does, so that the cost rises above the noise. */
const PAUSE_MS = 100;
/** The usual interval of Prometheus. */
const USUAL_MS = 15_000;
const PAIRS = 12;
const QUESTIONS = 40;
const WORDINGS = ["customers status=error", "summary", "customers country=DE", "help", "status"];

/** The real bot answers one question after the other, in blocks: without scrapes, with them, without, and so on. */
export async function measureScrapes(twins: Twins, home: BenchDatabase, customers: number): Promise<ScrapeFigures> {
  // Before the bot starts, or its greeting would be taken for an answer.
  const asker = await openAsker(twins, 1);
  const bot = startBot({
    ...environmentOf(twins, home),
    QUESTIONS_PER_MINUTE: "1000000",
    SWEEP_INTERVAL: "1d",
    WATCH_INTERVAL: "1d",
    METRICS_TOKEN,
  });
  try {
    await bot.waitFor("sweep.complete");
    await askBlock(asker);
    const pairs: { readonly quiet: readonly number[]; readonly scraped: readonly number[] }[] = [];
    const scraper = createScraper(Number(twins.env.PORT));
    for (let nth = 0; nth < PAIRS; nth += 1) {
      const quiet = await askBlock(asker);
      pairs.push({ quiet, scraped: await scraper.during(() => askBlock(asker)) });
    }
    return {
      customers,
      ...scraper.found(),
      quiet: sorted(pairs.flatMap(({ quiet }) => quiet)),
      scraped: sorted(pairs.flatMap(({ scraped }) => scraped)),
      ratio: quantile(sorted(pairs.map(({ quiet, scraped }) => mean(scraped) / mean(quiet))), 0.5),
    };
  } finally {
    await bot.stop();
    asker.close();
  }
}

async function askBlock(asker: Asker): Promise<readonly number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < QUESTIONS; nth += 1) {
    const answer = await asker.ask(0, WORDINGS[nth % WORDINGS.length] ?? "help");
    if (answer === undefined) throw new Error("An answer is lost.");
    times.push(answer.ms);
  }
  return times;
}

function createScraper(port: number) {
  const times: number[] = [];
  let bytes = 0;
  const scrape = async (): Promise<void> => {
    const from = performance.now();
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
    bytes = (await answer.text()).length;
    if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`);
    times.push(performance.now() - from);
  };
  return {
    async during<T>(work: () => Promise<T>): Promise<T> {
      let isOver = false;
      const scraping = (async () => {
        while (!isOver) {
          await scrape();
          await sleep(PAUSE_MS);
        }
      })();
      try {
        return await work();
      } finally {
        isOver = true;
        await scraping;
      }
    },
    found: () => ({ scrapes: sorted(times), bytes }),
  };
}

export function writeScrapeReport(found: ScrapeFigures): string {
  const { customers, scrapes, bytes, quiet, scraped, ratio } = found;
  const both = (times: readonly number[]) => `${ms(quantile(times, 0.5))} / ${ms(quantile(times, 0.99))}`;
  const usual = ((ratio - 1) * PAUSE_MS) / USUAL_MS;
  return markdownTable(
    [`${formatCount(customers)} customers, milliseconds: p50 / p99`, "file"],
    [
      [`\`/metrics\` while questions are answered, ${formatCount(scrapes.length)} scrapes`, both(scrapes)],
      ["size of a scrape", `${Math.round(bytes / 1000)} kB`],
      [`${formatCount(quiet.length)} questions without scrapes`, both(quiet)],
      [`${formatCount(scraped.length)} questions, a scrape every ${PAUSE_MS / 1000} s`, both(scraped)],
      ["ratio of mean latencies, block by block, median", `${ratio.toFixed(3)} ×`],
      [`the same, with a scrape every ${USUAL_MS / 1000} s`, `${(1 + usual).toFixed(5)} ×`],
    ],
  ).concat("\n");
}

const ms = (value: number): string => value.toFixed(1);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
