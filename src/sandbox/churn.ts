import { createRandomLifecycle } from "./lives.ts";
import { runRepeatedly } from "./steps.ts";
import type { ScenarioContext, ScenarioParameters } from "./stories.ts";

/**
 * A provider's day: packages enter error, are tried again, recover or fail once more, and customers come and go. The nth
 * churn in a world of the same seed is always the same one, however late the clock lets its steps be taken.
 */
export function runChurn(
  { world, runner }: ScenarioContext,
  { perMinute = 30, minutes = 10 }: ScenarioParameters,
): readonly string[] {
  const lives = createRandomLifecycle(world, world.newDice());
  const count = Math.round(perMinute * minutes) - 1;
  runRepeatedly(
    { steps: runner, story: "churn" },
    { startedAt: world.clock(), everyMs: 60_000 / perMinute, count },
    lives.next,
  );
  return [lives.next()];
}
