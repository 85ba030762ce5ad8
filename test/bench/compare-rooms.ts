import { monitorEventLoopDelay } from "node:perf_hooks";
import { NO_WATCH_OPTIONS } from "../../src/domain/alerts/watch.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import type { BenchDatabase } from "./bench-databases.ts";
import { type BenchMonitor, openBenchMonitor } from "./monitor.ts";
import { formatCount, formatMegabytes, formatSeconds, markdownTable } from "./report.ts";
import type { Twins } from "./twins.ts";

/** A sweep without news, after which each room is compared with all open alerts (ALERTS 19). Times in milliseconds. */
export interface ComparisonFigures {
  readonly alerts: number;
  readonly rooms: number;
  readonly sweepMs: number;
  /** The longest time in which nothing else could run, such as the answer to a webhook. */
  readonly longestStepMs: number;
  /** Of the bench's process, which holds what the bot's monitor holds. */
  readonly peakMemory: number;
}

export interface ComparisonSize {
  readonly broken: number;
  readonly rooms: number;
}

/** Many alerts are open, and every room was told of each; then nothing changes. */
export async function measureComparison(twins: Twins, home: BenchDatabase, { broken, rooms }: ComparisonSize) {
  const monitor = await openBenchMonitor(twins, home);
  try {
    await twins.console("POST", "/scenarios/storm", { n: broken });
    await monitor.sweep();
    await watchAll(monitor.store, rooms);
    await monitor.sweep();
    return { rooms, alerts: (await monitor.store.alerts.active("")).length, ...(await measureQuietSweep(monitor)) };
  } finally {
    await monitor.close();
  }
}

async function watchAll({ alerts, outbox }: Store, rooms: number): Promise<void> {
  for (let room = 0; room < rooms; room += 1) {
    const watch = { kind: "watch", filter: [], options: NO_WATCH_OPTIONS, ownerId: "operator" } as const;
    await alerts.change(`room ${room}`, watch, Date.now());
  }
  for (let number = 1; ; number += 1) {
    const message = await outbox.claim("bench", Date.now(), 60_000);
    if (message === undefined) return;
    await outbox.delivered(message, { messageId: `message ${number}` }, Date.now());
  }
}

async function measureQuietSweep({ sweep }: BenchMonitor): Promise<Omit<ComparisonFigures, "alerts" | "rooms">> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const sweepMs = await sweep();
  delay.disable();
  return { sweepMs, longestStepMs: delay.max / 1e6, peakMemory: process.resourceUsage().maxRSS * 1024 };
}

export function writeComparisonReport(compared: readonly ComparisonFigures[]): string {
  const rows = compared.map(({ alerts, rooms, sweepMs, longestStepMs, peakMemory }) => [
    formatCount(alerts),
    formatCount(rooms),
    formatSeconds(sweepMs),
    `${longestStepMs.toFixed(0)} ms`,
    formatMegabytes(peakMemory),
  ]);
  return markdownTable(["open alerts", "rooms", "no-change sweep", "longest step", "peak memory"], rows);
}
