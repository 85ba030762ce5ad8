import type { ScenarioRunner } from "./steps.ts";
import type { World } from "./world.ts";

/** The world in a few figures. */
export function worldSummary(world: World, steps: ScenarioRunner) {
  return {
    customers: world.customers.size(),
    byStatus: world.customers.byStatus(),
    faults: world.faults.list(),
    /** Stories that are still under way. */
    scenarios: steps.running(),
  };
}
