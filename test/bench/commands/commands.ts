import { setTimeout as sleep } from "node:timers/promises";
import { type Asker, openAsker } from "../asker.ts";
import { type BenchDatabase, environmentOf } from "../bench-databases.ts";
import type { Bot } from "../bot.ts";
import { sorted } from "../quantile.ts";
import type { Twins } from "../twins.ts";
import type { Opponent } from "./opponents.ts";

/** One run of one bot. Times in milliseconds, sizes in bytes. */
export interface CommandFigures {
  /** From the start of the process to its first answer. */
  readonly first: { readonly ms: number; readonly cpuMs: number };
  /** One at a time, in order of length. */
  readonly commands: readonly number[];
  readonly presses: readonly number[];
  readonly inFlight: InFlightFigures;
  /** A while after its start, and after all commands. */
  readonly memory: { readonly idle: number; readonly busy: number };
  /** Of all commands and presses. */
  readonly lost: number;
}

interface InFlightFigures {
  readonly perSecond: number;
  /** For one command. */
  readonly cpuMs: number;
  readonly written: number;
}

export const QUESTION = "customers status=error";
export const SPACES = 50;
export const PAIRS = 100;
export const IN_FLIGHT = 750;
const WARM_UP = 150;
const IDLE_MS = 3_000;

export async function measureCommands(twins: Twins, home: BenchDatabase, opponent: Opponent): Promise<CommandFigures> {
  await twins.forbidNames();
  const asker = await openAsker(twins, SPACES);
  const begun = performance.now();
  const bot = opponent.start({
    ...environmentOf(twins, home),
    SWEEP_INTERVAL: "1d",
    WATCH_INTERVAL: "1d",
  });
  try {
    await bot.waitFor("app.started");
    await firstAnswer(asker, opponent);
    const first = { ms: performance.now() - begun, cpuMs: bot.cpuMs() };
    await bot.waitFor(opponent.lastOfStart);
    await sleep(IDLE_MS);
    const idle = bot.memory();
    await askInFlight(asker, WARM_UP);
    const single = await measureOneByOne(asker);
    const inFlight = await measureInFlight(asker, bot, home);
    return { first, ...single, inFlight, memory: { idle, busy: bot.memory() }, lost: asker.lost() };
  } finally {
    await bot.stop();
    asker.close();
  }
}

/** The first one proves that the bot answers at all. */
export async function firstAnswer(asker: Asker, { name }: Pick<Opponent, "name">): Promise<void> {
  if ((await asker.ask(0, QUESTION)) === undefined) throw new Error(`${name} answers nothing.`);
}

/** A question, and a press on the card that answers it, space after space. */
async function measureOneByOne(asker: Asker): Promise<Pick<CommandFigures, "commands" | "presses">> {
  const commands: number[] = [];
  const presses: number[] = [];
  for (let nth = 0; nth < PAIRS; nth += 1) {
    const space = nth % SPACES;
    const answer = await asker.ask(space, QUESTION);
    if (answer === undefined) continue;
    commands.push(answer.ms);
    const pressed = await asker.press(space, answer.card, "Refresh");
    if (pressed !== undefined) presses.push(pressed.ms);
  }
  return { commands: sorted(commands), presses: sorted(presses) };
}

async function measureInFlight(asker: Asker, bot: Bot, home: BenchDatabase): Promise<InFlightFigures> {
  const begun = performance.now();
  const before = { cpuMs: bot.cpuMs(), written: await home.written(bot), lost: asker.lost() };
  await askInFlight(asker, IN_FLIGHT);
  const seconds = (performance.now() - begun) / 1000;
  return {
    perSecond: (IN_FLIGHT - asker.lost() + before.lost) / seconds,
    cpuMs: (bot.cpuMs() - before.cpuMs) / IN_FLIGHT,
    written: ((await home.written(bot)) - before.written) / IN_FLIGHT,
  };
}

/** Every space asks again as soon as it is answered. */
export async function askInFlight(asker: Asker, count: number): Promise<void> {
  let left = count;
  const askOn = async (space: number): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await asker.ask(space, QUESTION);
    }
  };
  await Promise.all(Array.from({ length: SPACES }, (_, space) => askOn(space)));
}
