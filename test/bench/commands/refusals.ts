import { openAsker } from "../asker.ts";
import { type BenchDatabase, environmentOf } from "../bench-databases.ts";
import type { Bot } from "../bot.ts";
import { formatCount, markdownTable, type Row } from "../report.ts";
import type { Twins } from "../twins.ts";
import { askInFlight, firstAnswer, SPACES } from "./commands.ts";
import type { Opponent } from "./opponents.ts";

/** Questions without an answer, and ends of the process, while Webex answered one call in twenty of the bot with 429. */
export interface RefusalFigures {
  readonly name: string;
  readonly lost: number;
  /** How often the process ended by itself; it is started again each time. */
  readonly ends: number;
}

const ASKED = 400;
const SHARE = 0.05;
const RETRY_AFTER_S = 1;
/** Ten times as long as Webex asks to wait. */
const LOST_MS = 10_000;

export async function measureRefusals(twins: Twins, home: BenchDatabase, opponent: Opponent): Promise<RefusalFigures> {
  await twins.forbidNames();
  const asker = await openAsker(twins, SPACES, LOST_MS);
  const supervised = await keepRunning(() => opponent.start(environmentOf(twins, home)));
  try {
    await firstAnswer(asker, opponent);
    const before = asker.lost();
    const refusal = { api: "webex", status: 429, retryAfter: RETRY_AFTER_S, probability: SHARE };
    await twins.console("POST", "/faults", refusal);
    await askInFlight(asker, ASKED);
    return { name: opponent.name, lost: asker.lost() - before, ends: supervised.ends() };
  } finally {
    await supervised.stop();
    asker.close();
  }
}

interface Supervised {
  ends(): number;
  stop(): Promise<void>;
}

/** As a platform does it: a process that ends is started again. */
async function keepRunning(start: () => Bot): Promise<Supervised> {
  let ends = 0;
  let isStopping = false;
  let bot = start();
  const supervise = async (): Promise<void> => {
    for (;;) {
      await bot.ended;
      if (isStopping) return;
      ends += 1;
      bot = start();
    }
  };
  const done = supervise();
  await bot.waitFor("app.started");
  return {
    ends: () => ends,
    async stop() {
      isStopping = true;
      await bot.stop();
      await done;
    },
  };
}

export function writeRefusalReport(found: readonly RefusalFigures[]): string {
  const rows: readonly Row[] = [
    [`of ${ASKED} questions, ${SPACES} in flight: not answered`, ...found.map(({ lost }) => formatCount(lost))],
    ["the process ended by itself", ...found.map(({ ends }) => formatCount(ends))],
  ];
  const heading = `${SHARE * 100} % of the calls to Webex answered with 429 (Retry-After: ${RETRY_AFTER_S})`;
  return markdownTable([heading, ...found.map(({ name }) => name)], rows);
}
