import { createRandom, pickRandom } from "../../src/sandbox/world/random.ts";
import type { Step } from "./action.ts";
import { CUSTOMER_RECIPES, FAULT_RECIPES, type Package, ROOM_RECIPES, stepsAt } from "./recipes.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export interface History {
  readonly seed: number;
  readonly customers: number;
  /** The watch of each room, as it is said there: a filter, or an option. */
  readonly watches: readonly string[];
  /** Whether Webex takes edits of messages. */
  readonly acceptsEdits: boolean;
  readonly steps: readonly Step[];
  /** Faults are the normal state: they make nothing late that is not late without an end. */
  readonly isHostile?: boolean;
  /** When the last step is over; then nothing changes for `QUIET_MS`. */
  readonly endsAt: number;
}

/** Long enough for flapping and storms to end, and for everything that waits to be said (ALERTS 13, 20, 21). */
export const QUIET_MS = 50 * MINUTE;

/** The rooms exist and watch from this time on. */
export const FIRST_STEP_MS = 5 * MINUTE;

const WORLD_SIZES = [1, 3, 20, 60, 250, 250, 1_000, 5_000];
export const WATCHES = ["", "", "removed=yes", "package=calling", "country=US"];

/** A random history of about `minutes`, always the same one for a seed. */
export function randomHistory(seed: number, minutes: number): History {
  const random = createRandom(seed, 11);
  const customers = pickRandom(WORLD_SIZES, random) ?? 60;
  const watches = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pickRandom(WATCHES, random) ?? "");
  const acceptsEdits = random() < 0.7;
  const isQuiet = random() < 0.4;
  const pauseMs = pickRandom([20 * SECOND, MINUTE, 3 * MINUTE, 10 * MINUTE], random) ?? MINUTE;
  const steps: Step[] = [];
  const recipes = [...CUSTOMER_RECIPES, ...ROOM_RECIPES, ...(isQuiet ? [] : FAULT_RECIPES)];
  const context = { random, customers, rooms: watches.length, recipes, recent: [] as Package[] };
  for (let at = FIRST_STEP_MS; at < minutes * MINUTE; at += Math.floor(random() * 2 * pauseMs)) {
    steps.push(...stepsAt(at, context));
  }
  const endsAt = Math.max(FIRST_STEP_MS, ...steps.map((step) => step.at + ("forMs" in step ? step.forMs : 0)));
  return { seed, customers, watches, acceptsEdits, steps, endsAt };
}
