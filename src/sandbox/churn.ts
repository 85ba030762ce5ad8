import { createLives } from "./lives.ts";
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
  const began = world.clock();
  const all = Math.round(perMinute * minutes);
  const wait = (turn: number) => {
    if (turn >= all) return;
    steps.at("churn", began + (turn * 60_000) / perMinute, () => {
      lives.goOn();
      wait(turn + 1);
    });
  };
  wait(1);
  return [lives.goOn()];
}
