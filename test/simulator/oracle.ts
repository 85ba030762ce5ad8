import type { RequestListener } from "node:http";
import type { World } from "../../src/sandbox/world/world.ts";
import { createResolve, type Observed, type Watcher } from "./oracle/beliefs.ts";
import { checkThreads, compareBeliefs, type IsSettled } from "./oracle/check-beliefs.ts";
import { checkClaims } from "./oracle/check-claims.ts";
import { checkCounts } from "./oracle/check-counts.ts";
import { checkEpisodes } from "./oracle/check-episodes.ts";
import { checkNews } from "./oracle/check-news.ts";
import { checkVerify } from "./oracle/check-verify.ts";
import { checkWindows } from "./oracle/check-windows.ts";
import { createDelays, type Disturbance, type Lag } from "./oracle/lag.ts";
import { createRoomReader } from "./oracle/room-reader.ts";
import { createTruth, staysWithin } from "./oracle/truth.ts";

export interface OracleOptions {
  readonly server: RequestListener;
  readonly world: World;
  readonly clock: () => number;
  readonly lag: Lag;
  /** `GROUP_INTERVAL`. */
  readonly intervalMs: number;
  /** False in a world that refuses every edit: a card is then true of the time that it names, and not of now (law g). */
  readonly acceptsEdits?: boolean;
}

interface NewDisturbance extends Pick<Disturbance, "from" | "isBlind"> {
  readonly to: number | undefined;
}

/**
 * Compares what people read in rooms with the true history of the world. It shares no code with the bot. Create it before the
 * bot starts, and tell it of everything that makes the bot late or makes it repeat itself.
 */
export function createOracle({ server, world, clock, lag, intervalMs, acceptsEdits = true }: OracleOptions) {
  const disturbances: Disturbance[] = [];
  const crashes: number[] = [];
  const truth = createTruth(world);
  const observed: Observed = {
    truth,
    delays: createDelays(lag, disturbances),
    reader: createRoomReader(server, world),
    resolve: createResolve(truth),
  };
  /** Until when the messages of each room are checked. */
  const checkedUntil = new Map<string, number>();

  /** Checks 1, 5, 6 and 7: what can be checked at any time. */
  function checkMessages(watcher: Watcher): readonly string[] {
    const { roomId } = watcher;
    const [from, to] = [checkedUntil.get(roomId) ?? 0, clock()];
    checkedUntil.set(roomId, to);
    return [
      ...checkClaims(observed, watcher, from, to),
      ...checkCounts(observed, watcher, from, to),
      ...checkNews(observed, watcher, from, to),
      ...checkVerify(observed, watcher, from, to),
      ...checkWindows(observed, watcher, { from, to, intervalMs }),
    ];
  }

  /** Checks 2, 3 and 4. */
  function checkState(watcher: Watcher): readonly string[] {
    const at = clock();
    const isSettled: IsSettled = ({ stays }) => staysWithin(stays, at - lag.sweep - lag.tell, at).length <= 1;
    const mayRepeat = (from: number, to: number) => crashes.some((crash) => crash >= from && crash <= to);
    return [
      ...compareBeliefs(observed, watcher, { at, isSettled }).map(({ text }) => `Check 2: ${text}.`),
      ...(acceptsEdits ? checkThreads(observed, watcher, at, isSettled) : []),
      ...checkEpisodes(observed, watcher, { at, mayRepeat }),
    ];
  }

  function add({ from, to = Number.POSITIVE_INFINITY, isBlind }: NewDisturbance): void {
    const known = disturbances.findIndex((one) => one.from === from && one.isBlind === isBlind);
    disturbances.splice(known === -1 ? disturbances.length : known, 1, { from, to, isBlind });
  }

  return {
    truth,
    /** The bot may be late between the two, and for the lag after it. Call it again with the end of what lasts. */
    disturb: (from: number, to?: number): void => add({ from, to, isBlind: false }),
    /** The same for a time in which the Wholesale API answers nothing at all. */
    blind: (from: number, to?: number): void => add({ from, to, isBlind: true }),
    /** A message that was under way may come twice: the process ended, or the answer to a post was lost. */
    mayRepeat: (at: number): void => void crashes.push(at),
    /** At any time. @returns violations as sentences; each message is reported once */
    check: (watchers: readonly Watcher[]): readonly string[] => watchers.flatMap(checkMessages),
    /** When nothing has changed or failed for as long as the bot needs to tell everything. */
    async checkQuiet(watchers: readonly Watcher[]): Promise<readonly string[]> {
      for (const { roomId } of watchers) await observed.reader.check(roomId);
      return watchers.flatMap((watcher) => [...checkMessages(watcher), ...checkState(watcher)]);
    },
  };
}
