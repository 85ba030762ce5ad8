import { createLives } from "./lives.ts";
import { takeTurns } from "./steps.ts";
import type { Parameters, Stage } from "./stories.ts";

/**
 * A provider's day: packages enter error, are tried again, recover or fail once more, and customers come and go. The nth
 * churn in a world of the same seed is always the same one, however late the clock lets its steps be taken.
 */
export function churn(
  { world, steps }: Stage,
  { perMinute = 30, minutes = 10 }: Parameters,
): readonly string[] {
  const lives = createLives(world, world.newDice());
  const turns = Math.round(perMinute * minutes) - 1;
  takeTurns(
    { steps, story: "churn" },
    { began: world.clock(), everyMs: 60_000 / perMinute, turns },
    lives.goOn,
  );
  return [lives.goOn()];
}
