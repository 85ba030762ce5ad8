import { performAction } from "./actions.ts";
import { type History, QUIET_MS } from "./history.ts";
import { createClient } from "./people.ts";
import { openSimulation, type Played, type Simulation, START } from "./simulation.ts";

export interface PlayObserver {
  /** Called before the bot starts. */
  onOpen?(simulation: Simulation): void;
  /** Called when one more room watches what it wants. */
  onRoom?(played: Played, room: NewRoom): void;
  /** Called at each step `quiet`. */
  onQuiet?(played: Played): Promise<void>;
}

/** @property place among all rooms */
export interface NewRoom {
  readonly roomId: string;
  readonly place: number;
  readonly watch: string;
}

/** Plays a history to its end and through the quiet time after it. The caller looks at what the people have read, and closes it. */
export async function play(history: History, observer: PlayObserver = {}): Promise<Played> {
  const { seed, customers, acceptsEdits, steps, watches } = history;
  const simulation = openSimulation({ seed, customers, acceptsEdits });
  const { scheduler, bot } = simulation;
  observer.onOpen?.(simulation);
  bot.start();
  await scheduler.runUntil(START + 60_000);
  const rooms: string[] = [];
  const played = { ...simulation, history, rooms };
  const addRoom = async (watch: string): Promise<void> => {
    const roomId = await createClient(simulation, "operator").createSpace(`Room ${rooms.length + 1}`);
    const place = rooms.push(roomId) - 1;
    const begun = await beginWatch(simulation, roomId, watch);
    const isFirst = place < watches.length;
    if (isFirst && begun === "failed") throw new Error(`Room ${place + 1} got no card with the button Watch.`);
    // In a world of faults a later room may hear of its watch late, or never: then nobody can say what it must be told.
    if (isFirst || begun === "heard") observer.onRoom?.(played, { roomId, place, watch });
  };
  for (const watch of watches) await scheduler.runUntilSettled(addRoom(watch));
  for (const step of steps.toSorted((a, b) => a.at - b.at)) {
    await scheduler.runUntil(START + step.at);
    // It takes a minute, and the world does not wait for it.
    if (step.kind === "new room") void addRoom(step.watch);
    else await scheduler.runUntilSettled(performAction(played, step));
    if (step.kind === "quiet") await scheduler.runUntilSettled(observer.onQuiet?.(played) ?? Promise.resolve());
  }
  await scheduler.runUntil(START + history.endsAt + QUIET_MS);
  return played;
}

/** An operator asks for a watch, presses the button of its preview, and looks whether the room has heard what is in error already. */
async function beginWatch(
  simulation: Simulation,
  roomId: string,
  watch: string,
): Promise<"failed" | "asked" | "heard"> {
  const { scheduler } = simulation;
  const operator = createClient(simulation, "operator");
  await scheduler.sleep(5_000);
  await operator.say(roomId, `watch ${watch}`.trim());
  await scheduler.sleep(10_000);
  if (!(await operator.press(roomId, "Watch"))) return "failed";
  await scheduler.sleep(10_000);
  return (await operator.fromBot(roomId)).some(({ text = "" }) => BASELINE.test(text)) ? "heard" : "asked";
}

/** The first message of a watch. */
const BASELINE = /^(?:[✕!…✓] )?Watching [\d,]+ customers?(?:, filtered)?$/m;
