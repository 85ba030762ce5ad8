import { type Cost, readBare } from "./bare-read.ts";
import { type BenchDatabase, environmentOf } from "./bench-databases.ts";
import { startBot } from "./bot.ts";
import { type ExportFigures, measureExport } from "./export.ts";
import { type BenchMonitor, openBenchMonitor } from "./monitor.ts";
import { askAll, type QuestionIds, type QuestionTimes } from "./questions.ts";
import { measureQuickPolls, type QuickPollCalls } from "./quick-polls.ts";
import type { Twins } from "./twins.ts";

/** Times in milliseconds, sizes in bytes. */
export interface Figures {
  readonly database: string;
  /** Before the first sweep and after the second one. */
  readonly floor: readonly [Cost, Cost];
  readonly first: SweepFigures;
  readonly same: SweepFigures;
  /** How much the database grew by the sweep that found nothing new. */
  readonly growth: number;
  /** How large it is with all customers in it. */
  readonly size: number;
  readonly storm: { readonly customers: number; readonly ms: number; readonly transitions: number };
  readonly memory: { readonly sweeps: number; readonly afterExport: number };
  readonly exported: ExportFigures;
  readonly questions: readonly QuestionTimes[];
  /** On the file database alone: it is the same calls on any. */
  readonly polls?: QuickPollCalls;
}

export interface SweepFigures extends Cost {
  readonly calls: number;
  readonly changed: number;
  readonly written: number;
}

/** Long enough for the second sweep to end, and the export, before a third one begins. */
const SWEEP_INTERVAL = "40s";
const STORM = 2_000;

/** The real bot reads the world twice and exports it; then its snapshot is asked. Leaves the snapshot in its home. */
export async function measure(twins: Twins, home: BenchDatabase, report: (text: string) => void): Promise<Figures> {
  const before = await readBare(twins);
  report("the bot reads the world, twice, and exports it");
  const seen = await measureBot(twins, home);
  const after = await readBare(twins);
  report("a storm, and a thousand questions");
  const monitor = await openBenchMonitor(twins, home);
  try {
    const storm = await measureStormSweep(twins, monitor);
    const questions = await askAll(monitor.store.snapshot, await questionIds(monitor));
    const found = { database: home.name, floor: [before, after], ...seen, storm, questions } as const;
    if (home.databaseUrl !== undefined) return found;
    report("quick polls");
    return { ...found, polls: await measureQuickPolls(twins, monitor) };
  } finally {
    await monitor.close();
  }
}

async function measureBot(twins: Twins, home: BenchDatabase) {
  await twins.forbidNames();
  const bot = startBot({
    ...environmentOf(twins, home),
    SWEEP_INTERVAL,
    WATCH_INTERVAL: "1d",
  });
  try {
    await bot.waitFor("app.started");
    const mark = async () => ({ written: await home.written(bot), cpuMs: bot.cpuMs() });
    const marks = [await mark()];
    const sizes: number[] = [];
    const lines: Readonly<Record<string, unknown>>[] = [];
    for (const nth of [1, 2]) {
      lines.push(await bot.waitFor("sweep.complete", nth));
      marks.push(await mark());
      sizes.push(await home.size());
    }
    const grown = (nth: number, by: "written" | "cpuMs") => (marks[nth + 1]?.[by] ?? 0) - (marks[nth]?.[by] ?? 0);
    const swept = (nth: number): SweepFigures => ({
      ms: Number(lines[nth]?.ms),
      calls: Number(lines[nth]?.calls),
      changed: Number(lines[nth]?.changed),
      written: grown(nth, "written"),
      cpuMs: grown(nth, "cpuMs"),
    });
    const sweeps = bot.peakMemory();
    const exported = await measureExport(twins);
    const [size = 0, sizeLater = 0] = sizes;
    return {
      first: swept(0),
      same: swept(1),
      growth: sizeLater - size,
      size,
      memory: { sweeps, afterExport: bot.peakMemory() },
      exported,
    };
  } finally {
    await bot.stop();
    await twins.console("DELETE", "/faults");
  }
}

/** Many enter error at once, and the next sweep sees it: what changes must cost, and a history to ask for. */
async function measureStormSweep(twins: Twins, monitor: BenchMonitor): Promise<Figures["storm"]> {
  await twins.console("POST", "/scenarios/storm", { n: STORM });
  const ms = await monitor.sweep();
  const transitions = await monitor.store.snapshot.history("", { max: 1_000_000 });
  return { customers: STORM, ms, transitions: transitions.length };
}

async function questionIds({ store: { snapshot } }: BenchMonitor): Promise<QuestionIds> {
  const { records } = await snapshot.find("", { filter: [], offset: 40_000, max: 50, now: Date.now() });
  const changes = await snapshot.history("", { max: 50 });
  return {
    externalIds: records.map(({ customer }) => customer.externalId ?? customer.id),
    changedIds: changes.map(({ customerId }) => customerId),
  };
}
