import { PACKAGE_NAMES } from "../../domain/customers/customer.ts";
import { applyCustomerChange, type CustomerChange, everyPackage, newCustomer } from "../world/customer-changes.ts";
import type { CustomerEntry } from "../world/customer-generator.ts";
import { pickRandom, type Random } from "../world/random.ts";
import { MAINTENANCE_ERROR, SAMPLE_ERRORS } from "../world/sample-data.ts";
import type { World } from "../world/world.ts";
import { customerTitle, healthyCustomerAt } from "./break-and-heal.ts";
import { runRepeatedly } from "./scenario-runner.ts";
import type { ScenarioContext, ScenarioParameters } from "./scenario-steps.ts";

/** A package that is not yet settled: it failed, is retried, is new, or is being deleted with its customer. */
interface PendingChange {
  readonly id: string;
  readonly package: string;
}

type LifecycleEvent = "failure" | "arrival" | "departure" | "purchase" | "cancellation";

/** The probability of each new event; otherwise a pending change goes on. */
const EVENT_SHARES: readonly (readonly [what: LifecycleEvent, share: number])[] = [
  ["failure", 0.22],
  ["arrival", 0.03],
  ["departure", 0.02],
  ["purchase", 0.02],
  ["cancellation", 0.02],
];
/** The probability that a failed package is retried and not healed at once, and that an attempt succeeds. */
const RETRY_SHARE = 0.6;
const RECOVERY_SHARE = 0.7;

const PROVISIONED = { status: "provisioned" };

/** Random changes to customers and packages, one after the other. */
export function createRandomLifecycle(world: World, random: Random) {
  const { customers } = world;
  let open: readonly PendingChange[] = [];

  function change(entry: CustomerEntry, packages: NonNullable<CustomerChange["packages"]>): string {
    const { id } = entry.customer;
    customers.replace(id, applyCustomerChange(entry, { packages }));
    const going = Object.keys(packages).filter((name) => !isSettledChange(packages[name]));
    const others = open.filter((pending) => pending.id !== id || !(pending.package in packages));
    open = [...others, ...going.map((name) => ({ id, package: name }))];
    return customerTitle(entry);
  }

  function begin(what: LifecycleEvent): string {
    const entry = healthyCustomerAt(world, random());
    if (what === "arrival" || !entry) return arrive();
    if (what === "departure") return change(entry, everyPackage(entry, { status: "deleting" }));
    return change(entry, packageChange(what, entry.customer.packages, random));
  }

  function arrive(): string {
    const entry = newCustomer(customers.next(), {});
    customers.add(entry);
    return change(entry, everyPackage(entry, { status: "provisioning" }));
  }

  /** Undefined when the change is obsolete: the package was healed or removed by something else. */
  function proceed(pending: PendingChange): string | undefined {
    open = open.filter((other) => other !== pending);
    const entry = customers.find(pending.id);
    const item = entry?.customer.resourceDetails.packages.find(({ name }) => name === pending.package);
    if (!entry || !item || item.status === "provisioned") return undefined;
    if (item.status !== "deleting") return change(entry, { [item.name]: nextStatus(item.status, random) });
    customers.remove(pending.id);
    return customerTitle(entry);
  }

  return {
    /** Makes one change. Returns the title of its customer. */
    next(): string {
      const beginning = pickEvent(random());
      if (beginning) return begin(beginning);
      for (let pending = pickRandom(open, random); pending; pending = pickRandom(open, random)) {
        const title = proceed(pending);
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

function packageChange(
  what: "failure" | "purchase" | "cancellation",
  packages: readonly string[],
  random: Random,
): NonNullable<CustomerChange["packages"]> {
  const bought = pickRandom(
    PACKAGE_NAMES.filter((name) => !packages.includes(name)),
    random,
  );
  const name = pickRandom(packages, random) ?? "";
  if (what === "purchase" && bought) return { [bought]: { status: "provisioning" } };
  // The last package is never cancelled alone.
  return { [name]: what === "cancellation" && packages.length > 1 ? null : failedStatus(random) };
}

const isSettledChange = (change: { readonly status?: string | undefined } | null | undefined): boolean =>
  change === null || change?.status === PROVISIONED.status;

const failedStatus = (random: Random) => ({
  status: "error",
  errors: [pickRandom(SAMPLE_ERRORS, random) ?? MAINTENANCE_ERROR],
});

function nextStatus(status: string, random: Random) {
  if (status === "error") return random() < RETRY_SHARE ? { status: "provisioning" } : PROVISIONED;
  return random() < RECOVERY_SHARE ? PROVISIONED : failedStatus(random);
}

/**
 * Random failures, retries, recoveries, new and deleted customers. The nth churn in a world of the same seed is always the
 * same, however late its steps run.
 */
export function runChurn(
  { world, runner }: ScenarioContext,
  { perMinute = 30, minutes = 10 }: ScenarioParameters,
): readonly string[] {
  const lifecycle = createRandomLifecycle(world, world.newRandom());
  const count = Math.round(perMinute * minutes) - 1;
  runRepeatedly(
    { runner, scenario: "churn" },
    { startedAt: world.clock(), everyMs: 60_000 / perMinute, count },
    lifecycle.next,
  );
  return [lifecycle.next()];
}
