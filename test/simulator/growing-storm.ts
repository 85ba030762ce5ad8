import type { Step } from "./action.ts";
import { findViolations } from "./check.ts";
import type { History } from "./history.ts";
import { type Played, START } from "./simulation.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Over how long the packages fail, in waves. */
const GROWTH_MS = 10 * MINUTE;
const WAVE_MS = 30 * SECOND;
const CODE = 2560;

/** A world in which so many packages fail within ten minutes and stay so, with so many rooms that watch everything. */
function growingStorm(failures: number, rooms: number): History {
  const waves = GROWTH_MS / WAVE_MS;
  const steps = Array.from({ length: waves }, (_, i): Step => {
    const place = Math.round((i * failures) / waves);
    const count = Math.round(((i + 1) * failures) / waves) - place;
    return { at: 10 * MINUTE + i * WAVE_MS, kind: "storm", place, count, code: CODE };
  });
  const watches = Array.from({ length: rooms }, () => "");
  return { seed: 1, customers: failures, watches, acceptsEdits: true, steps, endsAt: 20 * MINUTE };
}

/** Plays such a world. Returns, for each room, its messages since the first wave, how often they were edited, and their texts at the end. */
export async function playGrowingStorm(failures: number, rooms: number) {
  const history = growingStorm(failures, rooms);
  const told: { readonly messages: number; readonly edits: number; readonly last: readonly string[] }[] = [];
  const violations = await findViolations(history, (played) => {
    for (const roomId of played.rooms) told.push(toldIn(played, roomId, START + (history.steps[0]?.at ?? 0)));
  });
  return { violations, told };
}

function toldIn({ transcript }: Played, roomId: string, from: number) {
  const events = transcript
    .map((line) => JSON.parse(line) as { action: string; id: string; roomId: string; text?: string; created: string })
    .filter((event) => event.roomId === roomId && Date.parse(event.created) >= from);
  const last = new Map(events.map(({ id, text = "" }) => [id, text.split("\n")[0] ?? ""]));
  const count = (action: string) => events.filter((event) => event.action === action).length;
  return { messages: count("created"), edits: count("updated"), last: [...last.values()] };
}
