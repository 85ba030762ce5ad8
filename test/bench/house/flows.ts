import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, startBot, startTwins } from "./processes.ts";
import type { Row } from "./source.ts";
import { openTalk } from "./talk.ts";

/** A typed command and its answer fit between two sweeps, and no quick poll comes in between. */
const TIMES = {
  SWEEP_INTERVAL: "5s",
  WATCH_INTERVAL: "1d",
  GROUP_WAIT: "200ms",
  GROUP_INTERVAL: "200ms",
  API_CALLS_PER_MINUTE: "1000000",
};
/** Steps after the visible result, such as marking the event as done, still belong to the flow. */
const SETTLE_MS = 300;
/** Background loops may run inside a flow, and only ever add files: the smallest of these runs is the flow's figure. */
const RUNS = 3;

/** Runs the real bot through four flows, and counts in how many files of `src` a function runs in each. */
export async function runFlows(root: string): Promise<readonly Row[]> {
  const twins = await startTwins(root);
  const dataDir = mkdtempSync(join(tmpdir(), "bench-house-"));
  try {
    const env = await twins.call<Record<string, string>>("GET", "/sandbox/bot-env");
    const bot = startBot(root, { ...env, ...TIMES, DATA_DIR: dataDir });
    try {
      return await countAll(twins.call, bot.filesRun);
    } finally {
      await bot.stop();
    }
  } finally {
    await twins.stop();
    rmSync(dataDir, { recursive: true });
  }
}

async function countAll(call: Call, filesRun: () => Promise<readonly string[]>): Promise<readonly Row[]> {
  const talk = await openTalk(call);
  const rows: Row[] = [];
  async function count(name: string, flow: () => Promise<unknown>): Promise<void> {
    const counts: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      await talk.nextSweep();
      await filesRun();
      await flow();
      await sleep(SETTLE_MS);
      counts.push((await filesRun()).length);
    }
    rows.push([`files in which code runs: ${name}`, `${Math.min(...counts)} (runs: ${counts.join(", ")})`]);
  }
  await talk.nextSweep();
  await talk.answerTo(talk.invite);
  // The first answer also fills caches, such as the members of the space. The usual case is measured.
  const list = await talk.answerTo(() => talk.send("customers"));
  await count("typed `customers` to its card", () => talk.answerTo(() => talk.send("customers")));
  await count("press on Next page to its card", () => talk.answerTo(() => talk.press(list, /next/i)));
  const preview = await talk.answerTo(() => talk.send("watch"));
  await talk.answerTo(() => talk.press(preview, /^watch/i));
  await count("quiet sweep", talk.nextSweep);
  const breakOne = () => call("POST", "/sandbox/scenarios/break-one");
  await count("one package in error, from its page to the POST", () => talk.answerTo(breakOne));
  await count("nothing happens; these background loops are part of the four", () => sleep(2_000));
  return rows;
}
