import type { Steps } from "./steps.ts";
import type { World } from "./world.ts";

/** The world in a few figures. */
export function summaryOf(world: World, steps: Steps) {
  return {
    customers: world.customers.size(),
    byStatus: world.customers.byStatus(),
    faults: world.faults.list(),
    /** Stories that are still under way. */
    scenarios: steps.underWay(),
  };
}
