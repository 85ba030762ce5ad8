import { PACKAGE_NAMES } from "../../domain/customers/customer.ts";
import { applyCustomerChange, type CustomerChange, everyPackage, newCustomer } from "../world/customer-changes.ts";
import type { CustomerEntry } from "../world/customer-generator.ts";
import { pickRandom, type Random } from "../world/random.ts";
import { MAINTENANCE_ERROR, SAMPLE_ERRORS } from "../world/sample-data.ts";
import type { World } from "../world/world.ts";
import { customerTitle, healthyCustomerAt } from "./break-and-heal.ts";
import { runRepeatedly } from "./scenario-runner.ts";
import type { ScenarioContext, ScenarioParameters } from "./scenario-steps.ts";

/** A package whose story is not over: it failed, is tried again, is new, or is about to go with its customer. */
interface PendingChange {
  readonly id: string;
  readonly package: string;
}

type LifecycleEvent = "failure" | "arrival" | "departure" | "purchase" | "cancellation";

/** How often what begins; the rest of the time a story that is open goes on. */
const EVENT_SHARES: readonly (readonly [what: LifecycleEvent, share: number])[] = [
  ["failure", 0.22],
  ["arrival", 0.03],
  ["departure", 0.02],
  ["purchase", 0.02],
  ["cancellation", 0.02],
];
/** How often a failed package is tried again, and not just healed; how often an attempt goes well. */
const RETRY_SHARE = 0.6;
const RECOVERY_SHARE = 0.7;

const PROVISIONED = { status: "provisioned" };

/** The lives of customers and their packages, one change after the other, as the dice fall. */
export function createRandomLifecycle(world: World, dice: Random) {
  const { customers } = world;
  let open: readonly PendingChange[] = [];

  function tell(entry: CustomerEntry, packages: NonNullable<CustomerChange["packages"]>): string {
    const { id } = entry.customer;
    customers.replace(id, applyCustomerChange(entry, { packages }));
    const going = Object.keys(packages).filter((name) => !isSettledChange(packages[name]));
    const others = open.filter((story) => story.id !== id || !(story.package in packages));
    open = [...others, ...going.map((name) => ({ id, package: name }))];
    return customerTitle(entry);
  }

  function begin(what: LifecycleEvent): string {
    const entry = healthyCustomerAt(world, dice());
    if (what === "arrival" || !entry) return arrive();
    if (what === "departure") return tell(entry, everyPackage(entry, { status: "deleting" }));
    return tell(entry, changeOf(what, entry.customer.packages));
  }

  function changeOf(what: "failure" | "purchase" | "cancellation", packages: readonly string[]) {
    const bought = pickRandom(
      PACKAGE_NAMES.filter((name) => !packages.includes(name)),
      dice,
    );
    const name = pickRandom(packages, dice) ?? "";
    if (what === "purchase" && bought) return { [bought]: { status: "provisioning" } };
    // The last package does not go without its customer.
    return { [name]: what === "cancellation" && packages.length > 1 ? null : failedStatus(dice) };
  }

  function arrive(): string {
    const entry = newCustomer(customers.next(), {});
    customers.add(entry);
    return tell(entry, everyPackage(entry, { status: "provisioning" }));
  }

  /** Undefined when there is nothing to go on with: somebody else has healed it, or taken it away. */
  function proceed(story: PendingChange): string | undefined {
    open = open.filter((other) => other !== story);
    const entry = customers.find(story.id);
    const item = entry?.customer.resourceDetails.packages.find(({ name }) => name === story.package);
    if (!entry || !item || item.status === "provisioned") return undefined;
    if (item.status !== "deleting") return tell(entry, { [item.name]: nextStatus(item.status, dice) });
    customers.remove(story.id);
    return customerTitle(entry);
  }

  return {
    /** One change. Returns whom it happened to, as people call them. */
    next(): string {
      const beginning = pickEvent(dice());
      if (beginning) return begin(beginning);
      for (let story = pickRandom(open, dice); story; story = pickRandom(open, dice)) {
        const title = proceed(story);
        if (title !== undefined) return title;
      }
      return begin("failure");
    },
  };
}

function pickEvent(share: number): LifecycleEvent | undefined {
  let left = share;
  for (const [what, part] of EVENT_SHARES) {
    if (left < part) return what;
    left -= part;
  }
  return undefined;
}

const isSettledChange = (change: { readonly status?: string | undefined } | null | undefined): boolean =>
  change === null || change?.status === PROVISIONED.status;

const failedStatus = (dice: Random) => ({
  status: "error",
  errors: [pickRandom(SAMPLE_ERRORS, dice) ?? MAINTENANCE_ERROR],
});

function nextStatus(status: string, dice: Random) {
  if (status === "error") return dice() < RETRY_SHARE ? { status: "provisioning" } : PROVISIONED;
  return dice() < RECOVERY_SHARE ? PROVISIONED : failedStatus(dice);
}

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
