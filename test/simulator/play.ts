import { performAction } from "./actions.ts";
import { type History, QUIET_MS } from "./history.ts";
import { createClient } from "./people.ts";
import { openSimulation, type Played, type Simulation, START } from "./simulation.ts";

export interface PlayObserver {
  /** Called before the bot starts. */
  onOpen?(simulation: Simulation): void;
  /** Called before the first step, when all rooms watch. */
  onRooms?(played: Played): void;
  /** Called at each step `quiet`. */
  onQuiet?(played: Played): Promise<void>;
}

/** Plays a history to its end and through the quiet time after it. The caller looks at what the people have read, and closes it. */
export async function play(history: History, observer: PlayObserver = {}): Promise<Played> {
  const { seed, customers, acceptsEdits, steps, watches } = history;
  const simulation = openSimulation({ seed, customers, acceptsEdits });
  const { scheduler, bot } = simulation;
  observer.onOpen?.(simulation);
  bot.start();
  await scheduler.runUntil(START + 60_000);
  const rooms = await scheduler.runUntilSettled(createRooms(simulation, watches));
  const played = { ...simulation, history, rooms };
  observer.onRooms?.(played);
  for (const step of steps.toSorted((a, b) => a.at - b.at)) {
    await scheduler.runUntil(START + step.at);
    await scheduler.runUntilSettled(performAction(played, step));
    if (step.kind === "quiet") await scheduler.runUntilSettled(observer.onQuiet?.(played) ?? Promise.resolve());
  }
  await scheduler.runUntil(START + history.endsAt + QUIET_MS);
  return played;
}

async function createRooms(simulation: Simulation, watches: readonly string[]): Promise<readonly string[]> {
  const operator = createClient(simulation, "operator");
  const rooms: string[] = [];
  for (const [i, filter] of watches.entries()) {
    const roomId = await operator.createSpace(`Room ${i + 1}`);
    rooms.push(roomId);
    await simulation.scheduler.sleep(5_000);
    await operator.say(roomId, `watch ${filter}`.trim());
    await simulation.scheduler.sleep(10_000);
    if (!(await operator.press(roomId, "Watch"))) throw new Error(`Room ${i + 1} got no card with the button Watch.`);
  }
  return rooms;
}
