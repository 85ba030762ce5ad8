import type { RequestListener } from "node:http";
import type { World } from "../../src/sandbox/world/world.ts";
import { checkAcknowledged } from "./oracle/check-acknowledged.ts";
import { checkThreads, compareBeliefs, type IsSettled } from "./oracle/check-beliefs.ts";
import { checkClaims } from "./oracle/check-claims.ts";
import { checkCounts } from "./oracle/check-counts.ts";
import { checkEpisodes } from "./oracle/check-episodes.ts";
import { checkFlapping } from "./oracle/check-flapping.ts";
import { checkMarks } from "./oracle/check-marks.ts";
import { checkNews } from "./oracle/check-news.ts";
import { checkOutages } from "./oracle/check-outages.ts";
import { checkVerify } from "./oracle/check-verify.ts";
import { checkWindows } from "./oracle/check-windows.ts";
import { createDelays, type Delays, type Disturbance, type Lag } from "./oracle/lag.ts";
import { createResolve, type Doubt, type Lie, type Observed, type Rejection, type Watcher } from "./oracle/observed.ts";
import { readMessage } from "./oracle/read-message.ts";
import { createRoomReader } from "./oracle/room-reader.ts";
import { createTruth, staysWithin, type Truth } from "./oracle/truth.ts";

export interface OracleOptions {
  readonly server: RequestListener;
  readonly world: World;
  readonly clock: () => number;
  readonly lag: Lag;
  /** `GROUP_INTERVAL`. */
  readonly intervalMs: number;
  /** False in a world that refuses every edit: a card is then true of the time that it names, and not of now (law g). */
  readonly acceptsEdits?: boolean;
  /** Faults never end, so they are no disturbances: `lag` is how late the bot may be in spite of them. */
  readonly isHostile?: boolean;
}

interface NewDisturbance extends Pick<Disturbance, "from" | "isBlind" | "isCrowd"> {
  readonly to: number | undefined;
}

/** How long a call may be under way before the message that it posts is there. */
const UNDER_WAY_MS = 60_000;

/** A quick poll may look up so many customers in time: half of the bot's calls of a minute. */
const CROWD = 30;

/** How long a list that leaves out over half of the customers is not believed (ALERTS 6). */
const DOUBT_MS = 60 * 60_000;

/** Until when the bot may doubt an absence of that time. Each list that leaves out customers that exist begins the hour anew. */
function doubtedUntil(at: number, lies: readonly Lie[], lag: Lag): number {
  const doubtMs = DOUBT_MS + 3 * lag.sweep;
  let until = at + doubtMs;
  for (const { from, to } of lies.toSorted((a, b) => a.from - b.from))
    if (from < until && to > at) until = Math.max(until, to + doubtMs);
  return until;
}

/**
 * True if over half of the customers that the bot may know were removed: the bot cannot tell that from a list that lies. It knows
 * those of its last complete sweep, which may be older than a time in which no sweep could be complete.
 */
function isListDoubted(truth: Truth, at: number, { earliest, lag }: Delays): boolean {
  const sweptAt = [earliest(at, 2 * lag.sweep), at - 2 * lag.sweep, at - lag.sweep, at - 1];
  return sweptAt.some((since) => truth.goneSince(since, at) > truth.countAt(since) / 2);
}

/** Calls this with the time of each question `verify` when it is answered. */
function onVerified({ webexEvents, people, clock }: World, listener: (askedAt: number) => void): void {
  const asked = new Map<string, number[]>();
  webexEvents.subscribe((event) => {
    if (event.kind !== "message" || event.action !== "created") return;
    const { roomId, personId, text = "" } = event.message;
    const times = asked.get(roomId) ?? [];
    const isAnswer = personId === people.bot.id;
    if (isAnswer && readMessage(text).form === "verify") times.splice(0, 1).forEach(listener);
    if (!isAnswer && text.endsWith(" verify")) asked.set(roomId, [...times, clock()]);
  });
}

/**
 * Compares what people read in rooms with the true history of the world. It shares no code with the bot. Create it before the
 * bot starts, and tell it of everything that makes the bot late or makes it repeat itself.
 */
export function createOracle(options: OracleOptions) {
  const { server, world, clock, lag, intervalMs, acceptsEdits = true, isHostile = false } = options;
  const disturbances: Disturbance[] = [];
  const delays = createDelays(lag, disturbances, isHostile);
  const doubts: Doubt[] = [];
  const lies: Lie[] = [];
  const losses: number[] = [];
  const rejections: Rejection[] = [];
  const truth = createTruth(world, {
    onChanged: () => noteChange(),
    onRemoved: () => {
      const at = clock();
      if (isListDoubted(truth, at, delays)) add({ from: at, to: doubtedUntil(at, lies, lag), isBlind: false });
    },
  });
  const observed: Observed = {
    truth,
    delays,
    reader: createRoomReader(server, world),
    resolve: createResolve(truth),
    lies,
    losses,
    doubts,
    rejections,
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
      ...checkAcknowledged(observed, watcher, from, to),
      ...checkMarks(observed, watcher, from, to),
      ...checkWindows(observed, watcher, { from, to, intervalMs }),
    ];
  }

  /** Checks 2, 3 and 4. */
  function checkState(watcher: Watcher): readonly string[] {
    const at = clock();
    const since = delays.earliest(at, lag.sweep + lag.tell);
    const isSettled: IsSettled = ({ stays }) => staysWithin(stays, since, at).length <= 1;
    const mayRepeat = (from: number, to: number) =>
      doubts.some((doubt) => doubt.at >= from - UNDER_WAY_MS && doubt.at <= to);
    return [
      ...compareBeliefs(observed, watcher, { at, isSettled }).map(({ text }) => `Check 2: ${text}.`),
      ...(acceptsEdits ? checkThreads(observed, watcher, at, isSettled) : []),
      ...checkEpisodes(observed, watcher, { at, mayRepeat }),
      ...checkFlapping(observed, watcher, at),
      ...checkOutages(observed, watcher, at),
    ];
  }

  function add({ to = Number.POSITIVE_INFINITY, ...one }: NewDisturbance): void {
    const known = disturbances.findIndex(({ from, isBlind }) => from === one.from && isBlind === one.isBlind);
    disturbances.splice(known === -1 ? disturbances.length : known, 1, { ...one, to });
  }

  // While `verify` reads the API, quick polls wait: the calls of people go first (ALERTS 4).
  onVerified(world, (from) => add({ from, to: clock(), isBlind: false, isCrowd: true }));

  const changedAt: number[] = [];
  /** Many customers that change together are read by the next sweeps, and not at once by quick polls. */
  function noteChange(): void {
    const at = clock();
    changedAt.push(at);
    const [first = at] = changedAt.slice(-CROWD);
    if (changedAt.length >= CROWD && at - first < 60_000)
      add({ from: first, to: at + lag.sweep, isBlind: false, isCrowd: true });
  }

  return {
    truth,
    /** The bot may be late between the two, and for the lag after it. Call it again with the end of what lasts. */
    disturb: (from: number, to?: number): void => add({ from, to, isBlind: false }),
    /** The same for a time in which the Wholesale API answers nothing at all. */
    blind: (from: number, to?: number): void => add({ from, to, isBlind: true }),
    /** A message that was under way may come twice: the process ended, or the answer to a post in a room was lost. */
    mayRepeat: (at: number, roomId?: string): void => void doubts.push({ at, roomId }),
    /** Webex rejected these forms of a message. */
    reject(...rejected: readonly Omit<Rejection, "at">[]): void {
      for (const one of rejected) rejections.push({ ...one, at: clock() });
    },
    /** The list of customers leaves some out between the two. It is a disturbance as well. */
    lie: (from: number, to: number): void => void lies.push({ from, to }),
    /** The notices that wait are lost from the database. */
    lose(at: number): void {
      losses.push(at);
      add({ from: at, to: at + lag.sweep, isBlind: false });
    },
    /** At any time. @returns violations as sentences; each message is reported once */
    check: (watchers: readonly Watcher[]): readonly string[] => watchers.flatMap(checkMessages),
    /** When nothing has changed or failed for as long as the bot needs to tell everything. */
    async checkQuiet(watchers: readonly Watcher[]): Promise<readonly string[]> {
      for (const { roomId } of watchers) await observed.reader.check(roomId);
      return watchers.flatMap((watcher) => [...checkMessages(watcher), ...checkState(watcher)]);
    },
  };
}
