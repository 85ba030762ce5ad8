import { setTimeout as timer } from "node:timers/promises";
import { type Arena, type ArenaOptions, startArena } from "./arena.ts";

/** One thing that somebody tries. */
export interface Attack {
  /** The trick, in a few words. */
  readonly name: string;
  /** Tries it and judges what an outsider can see. Throws when the bot has fallen. */
  readonly run: (arena: Arena) => Promise<void>;
}

/** Attacks of one kind, with a sandbox and a bot of their own. */
export interface Area {
  readonly name: string;
  /** How an attack is judged. */
  readonly judged: string;
  readonly arena?: ArenaOptions;
  /** Prepares the arena and returns the attacks, which follow each other. */
  readonly attacks: (arena: Arena) => Promise<readonly Attack[]>;
}

export interface AreaResult {
  readonly name: string;
  readonly judged: string;
  readonly held: readonly string[];
  readonly fallen: readonly { readonly attack: string; readonly why: string }[];
}

/** Ends an attack that hangs. No outcome depends on the speed of the machine. */
const LIMIT_MS = 180_000;

export async function runArea({ name, judged, arena: options, attacks }: Area): Promise<AreaResult> {
  const arena = await startArena(options);
  const held: string[] = [];
  const fallen: { attack: string; why: string }[] = [];
  try {
    for (const attack of await attacks(arena)) {
      const why = await outcomeOf(attack, arena);
      arena.proxy.clear();
      arena.world.faults.clear();
      if (why === undefined) held.push(attack.name);
      else fallen.push({ attack: attack.name, why });
    }
  } finally {
    await arena.stop();
  }
  return { name, judged, held, fallen };
}

/** Why the bot has fallen; undefined if it held. */
async function outcomeOf({ run }: Attack, arena: Arena): Promise<string | undefined> {
  const over = new AbortController();
  try {
    const limit = timer(LIMIT_MS, "There was no end to it.", { signal: over.signal });
    return await Promise.race([run(arena).then(() => undefined), limit]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    over.abort();
  }
}

/** One attack for each entry of a table of things to try. */
export function forEach<T>(
  table: Readonly<Record<string, T>>,
  run: (tried: T, arena: Arena) => Promise<void>,
): readonly Attack[] {
  return Object.entries(table).map(([name, tried]) => ({ name, run: (arena) => run(tried, arena) }));
}
