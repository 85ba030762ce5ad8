import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { freePort } from "../../support/free-port.ts";
import { type Asker, openAsker } from "../asker.ts";
import { type BenchDatabase, environmentOf } from "../bench-databases.ts";
import { type Bot, procfileArguments, startBot } from "../bot.ts";
import { askInFlight } from "../commands/commands.ts";
import { ROOT } from "../paths.ts";
import { markdownTable } from "../report.ts";
import type { Twins } from "../twins.ts";
import { type PartShare, sharesOf } from "./parts-of-code.ts";
import { attachProfiler, type Profiler } from "./profiler.ts";

/** Where the time of each path goes, by the name of the path. */
export type Profiles = ReadonlyMap<string, readonly PartShare[]>;

const QUESTION = "customers status=error";
const SPACES = 50;
const WARM_UP = 300;
const COMMANDS = 1_500;
const PRESSES = 300;
const LISTED = 10;

/** Profiles of the start, of commands and of presses. */
export async function profileCommands(twins: Twins, home: BenchDatabase): Promise<Profiles> {
  await twins.forbidNames();
  const asker = await openAsker(twins, SPACES);
  const { bot, profiler } = await startProfiled(twins, home, { SWEEP_INTERVAL: "1d" });
  try {
    await bot.waitFor("app.started");
    await asker.ask(0, QUESTION);
    const start = sharesOf(await profiler.stop());
    await bot.waitFor("sweep.complete");
    await askInFlight(asker, WARM_UP);
    const commands = await profile(profiler, () => askInFlight(asker, COMMANDS));
    const presses = await profile(profiler, () => pressOn(asker));
    return new Map([
      ["start", start],
      ["a command, 50 in flight", commands],
      ["a press, one at a time", presses],
    ]);
  } finally {
    profiler.detach();
    await bot.stop();
    asker.close();
  }
}

/** Profiles of the first sweep of a world, and of the next one, which finds it unchanged. */
export async function profileSweeps(twins: Twins, home: BenchDatabase): Promise<Profiles> {
  await twins.forbidNames();
  const { bot, profiler } = await startProfiled(twins, home, { SWEEP_INTERVAL: "1m" });
  try {
    await bot.waitFor("app.started");
    await profiler.stop();
    const first = await profile(profiler, () => bot.waitFor("sweep.complete"));
    const unchanged = await profile(profiler, () => bot.waitFor("sweep.complete", 2));
    return new Map([
      ["first sweep", first],
      ["no-change sweep", unchanged],
    ]);
  } finally {
    profiler.detach();
    await bot.stop();
  }
}

/** One column for each path, with the parts of the code that take most of its time. */
export function writeProfileReport(profiles: Profiles): string {
  const paths = [...profiles];
  const cell = ({ part, share }: PartShare): string => `${part}: ${(100 * share).toFixed(1)} %`;
  const rows = Array.from({ length: LISTED }, (_, at) => [
    `${at + 1}.`,
    ...paths.map(([, shares]) => (shares[at] === undefined ? "" : cell(shares[at]))),
  ]);
  return markdownTable(["", ...paths.map(([path]) => path)], rows);
}

async function profile(profiler: Profiler, work: () => Promise<unknown>): Promise<readonly PartShare[]> {
  await profiler.start();
  await work();
  return sharesOf(await profiler.stop());
}

async function pressOn(asker: Asker): Promise<void> {
  let shown = await asker.ask(0, QUESTION);
  for (let nth = 0; nth < PRESSES && shown !== undefined; nth += 1) shown = await asker.press(0, shown.card, "Refresh");
}

/** The real bot, but for its build, which has the source maps of packages too. */
async function startProfiled(
  twins: Twins,
  home: BenchDatabase,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly bot: Bot; readonly profiler: Profiler }> {
  const port = await freePort();
  const args = [`--inspect-brk=127.0.0.1:${port}`, ...procfileArguments(await buildWithMaps())];
  const bot = startBot({ ...environmentOf(twins, home), WATCH_INTERVAL: "1d", ...env }, args);
  return { bot, profiler: await attachProfiler(port) };
}

interface BuildOptions {
  readonly output: object;
  readonly plugins: readonly { readonly name: string }[];
}

/** @returns the path of the program */
async function buildWithMaps(): Promise<string> {
  const { build } = await import("rolldown");
  const { default: config } = await import(pathToFileURL(join(ROOT, "rolldown.config.js")).href);
  const { plugins, output, ...options }: BuildOptions = config;
  const dir = join(ROOT, "dist/profiled");
  const kept = plugins.filter(({ name }) => name !== "own-maps");
  await build({ ...options, cwd: ROOT, plugins: kept, output: { ...output, dir } });
  return join(dir, "main.js");
}
