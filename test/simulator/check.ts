import { Failure } from "../../src/errors.ts";
import type { Step } from "./action.ts";
import type { History } from "./history.ts";
import { disagreement } from "./hostile.ts";
import type { Mute } from "./oracle/mutes.ts";
import type { Rejection, Watcher } from "./oracle/observed.ts";
import { readMessage } from "./oracle/read-message.ts";
import { type Stay, staysWithin, type TrueItem } from "./oracle/truth.ts";
import { createOracle } from "./oracle.ts";
import { type NewRoom, play } from "./play.ts";
import { type Played, type Simulation, START } from "./simulation.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** How late the bot may be with its default intervals. */
const LAG = { quick: 105 * SECOND, sweep: 10.5 * MINUTE, tell: 6 * MINUTE, tellLate: 66 * MINUTE };
/** And where every call fails with one in ten, and a Retry-After is 5 min at most. */
const HOSTILE_LAG = { quick: 15 * MINUTE, sweep: 40 * MINUTE, tell: 30 * MINUTE, tellLate: 100 * MINUTE };
const GROUP_INTERVAL_MS = 5 * MINUTE;

/**
 * Plays a history, and compares what its rooms read with the truth. Returns what was wrong, as sentences; empty when nothing was.
 * @param look sees the world at the end of the history
 */
export async function findViolations(
  history: History,
  look: (played: Played) => void = () => undefined,
): Promise<readonly string[]> {
  const observer = createObserver(history);
  const played = await play(history, observer);
  try {
    const wrong = await played.scheduler.runUntilSettled(observer.check());
    look(played);
    return [...bugsIn(played.logs), ...wrong];
  } finally {
    played.close();
  }
}

/** Tells the oracle of the faults that keep the bot from seeing, telling or recording. */
function tellFaults(oracle: ReturnType<typeof createOracle>, steps: readonly Step[]): void {
  const refusals = steps.filter((step) => step.kind === "refuse");
  for (const step of steps) {
    if (isDisturbance(step)) oracle.disturb(START + step.at, disturbedUntil(step, refusals));
    if (step.kind === "lie") oracle.lie(START + step.at, START + step.at + step.forMs);
    // A message that arrives then cannot be recorded as sent.
    if (step.kind === "full disk") for (const at of timesWithin(step)) oracle.mayRepeat(START + at);
  }
}

const BETWEEN_DOUBTS_MS = 2 * SECOND;

function timesWithin({ at, forMs }: { readonly at: number; readonly forMs: number }): readonly number[] {
  return Array.from({ length: Math.ceil(forMs / BETWEEN_DOUBTS_MS) + 1 }, (_, i) => at + i * BETWEEN_DOUBTS_MS);
}

/** The oracle, and all that it must be told of the history while that is played. */
function createObserver({ steps, acceptsEdits, isHostile = false }: History) {
  let oracle: ReturnType<typeof createOracle> | undefined;
  const watchers: Watcher[] = [];
  const wrong: string[] = [];
  const check = async (): Promise<readonly string[]> => (await oracle?.checkQuiet(watchers)) ?? [];
  return {
    onOpen({ server, world, scheduler, bot, network, disk }: Simulation): void {
      const lag = isHostile ? HOSTILE_LAG : LAG;
      const options = { server, world, clock: scheduler.clock, lag, intervalMs: GROUP_INTERVAL_MS };
      const created = createOracle({ ...options, acceptsEdits, isHostile });
      oracle = created;
      bot.onEnd(() => created.mayRepeat(scheduler.clock()));
      network.onLostAnswer(({ body }) => created.mayRepeat(scheduler.clock(), roomOf(body)));
      network.onRejected(({ body }) => created.reject(...rejectedIn(body)));
      disk.onLoss(() => created.lose(scheduler.clock()));
      if (isHostile) return;
      tellFaults(created, steps);
    },
    onRoom({ scheduler }: Played, { roomId, place, watch }: NewRoom): void {
      watchers.push({
        roomId,
        since: scheduler.clock(),
        ...meantBy(watch),
        mutes: mutesIn(steps, place),
        presses: timesOf(steps, (step) => step.kind === "press" && step.room === place),
        acknowledgesAll: timesOf(
          steps,
          (step) => step.kind === "say" && step.room === place && step.text === "ack all",
        ),
      });
    },
    async onQuiet(played: Played): Promise<void> {
      for (const roomId of played.rooms) wrong.push(...(await disagreement(played, roomId)));
      wrong.push(...(await check()));
    },
    check: async (): Promise<readonly string[]> => [...wrong, ...(await check())],
  };
}

/** The room in which a message was to be posted. */
const roomOf = (body: Buffer): string | undefined => /"roomId":"([^"]+)"/.exec(body.toString())?.[1];

/** The room, the text and the thread of a message that Webex rejected; a file is sent in another form. */
function rejectedIn(body: Buffer): readonly Omit<Rejection, "at">[] {
  if (!body.toString().startsWith("{")) return [];
  const { roomId = "", text = "", parentId } = JSON.parse(body.toString());
  return [{ roomId, reading: readMessage(text), isReply: parentId !== undefined }];
}

const timesOf = (steps: readonly Step[], isMeant: (step: Step) => boolean): readonly number[] =>
  steps.filter(isMeant).map(({ at }) => START + at);

/** The items that a space is told of, and those that its answers are about. */
function meantBy(filter = ""): Pick<Watcher, "wants" | "sees"> {
  const wants = WANTS[filter] ?? (() => true);
  return { wants, ...(filter !== "" && { sees: wants }) };
}

/** Which items a watch with this filter is about. */
export const WANTS: Readonly<Record<string, (item: TrueItem) => boolean>> = {
  "": () => true,
  "removed=yes": () => true,
  "package=calling": ({ item }) => item === "webex_calling",
  "country=US": ({ customer: { last } }) => last.address?.country === "US",
};

type Disturbance = Extract<Step, { kind: "fault" | "lie" | "full disk" | "crash" | "bot leaves" | "refuse" }>;

function isDisturbance(step: Step): step is Disturbance {
  return "forMs" in step || step.kind === "crash";
}

/** A crash comes some time after its step, because it counts statements. */
const CRASH_MS = 30 * MINUTE;

function disturbedUntil(step: Disturbance, refusals: readonly Refusal[]): number {
  if (step.kind === "refuse") return START + acceptedBy(step, refusals);
  return START + step.at + (step.kind === "crash" ? CRASH_MS + step.downMs : step.forMs);
}

type Refusal = Extract<Step, { kind: "refuse" }>;

/** A message that is refused is tried again so long after it was refused first (ALERTS 29), and some seconds later each time. */
const TRIES_AFTER = [0, 1, 6, 21, 81, 321].map((minutes) => minutes * MINUTE);
const TRY_MS = MINUTE;

/** By when a message that this refusal refused first is accepted: one of its tries falls into none of the refusals. */
export function acceptedBy({ at, forMs }: Refusal, refusals: readonly Refusal[]): number {
  const isRefused = (tried: number) => refusals.some((one) => tried >= one.at - TRY_MS && tried <= one.at + one.forMs);
  const acceptedAt = (first: number) => TRIES_AFTER.map((after) => first + after).find((tried) => !isRefused(tried));
  const firsts = Array.from({ length: Math.ceil(forMs / TRY_MS) }, (_, i) => at + i * TRY_MS);
  return Math.max(...[...firsts, at + forMs].map((first) => acceptedAt(first) ?? Number.POSITIVE_INFINITY)) + TRY_MS;
}

const MUTE = /^mute code=(\d+) for=(\d+)m /;

/** The mutes that people set in a room. They may end early, so what they cover is muted for a time at most. */
function mutesIn(steps: readonly Step[], room: number): readonly Mute[] {
  const said = steps.flatMap((step) => (step.kind === "say" && step.room === room ? [step] : []));
  const unmutes = said.filter(({ text }) => text.startsWith("unmute")).map(({ at }) => START + at);
  return said.flatMap((step) => {
    const [, code, minutes] = MUTE.exec(step.text) ?? [];
    if (code === undefined) return [];
    const from = START + step.at;
    const to = from + Number(minutes) * MINUTE;
    const surelyTo = Math.min(to, ...unmutes.filter((at) => at > from));
    const hasCode = ({ codes }: Stay) => codes.includes(code);
    const covers = ({ stays }: TrueItem) => stays.some(hasCode);
    const surelyCovers = ({ stays }: TrueItem, from: number, to: number) => {
      const bad = staysWithin(stays, from, to).filter((stay) => stay.class === "bad");
      return bad.length > 0 && bad.every(hasCode);
    };
    return [{ from, to, surelyTo, covers, surelyCovers }];
  });
}

/** Errors that no rule of the bot expects: each is a bug, whatever the world did. */
function bugsIn(logs: Simulation["logs"]): readonly string[] {
  return logs.flatMap(({ at, event, fields: { error } }) =>
    error instanceof Error && !(error instanceof Failure)
      ? [`${new Date(at).toISOString()} ${event}: ${error.stack}`]
      : [],
  );
}

/**
 * Removes steps as long as something is still wrong, first many at once, then fewer: the shorter a history, the sooner its reader
 * sees the cause.
 * @param limit of histories that are played
 */
export async function shorten(history: History, limit: number): Promise<History> {
  let shortest = history;
  let size = Math.ceil(history.steps.length / 2);
  for (let left = limit; size >= 1 && left > 0; ) {
    const shorter: History | undefined = await firstFailing(candidates(shortest, size).slice(0, left));
    left -= Math.ceil(shortest.steps.length / size);
    if (shorter === undefined) size = size === 1 ? 0 : Math.ceil(size / 2);
    else shortest = shorter;
  }
  return shortest;
}

async function firstFailing(histories: readonly History[]): Promise<History | undefined> {
  for (const history of histories) {
    const violations = await findViolations(history);
    if (violations.length > 0) return history;
  }
  return undefined;
}

/** The history without `size` of its steps, for every place where they can be taken out. */
function candidates(history: History, size: number): readonly History[] {
  const starts = Array.from({ length: Math.ceil(history.steps.length / size) }, (_, i) => i * size);
  return starts.map((start) => ({ ...history, steps: history.steps.toSpliced(start, size) }));
}
