import { setTimeout as sleep } from "node:timers/promises";
import { PACKAGE_NAMES } from "../../src/domain/customers/customer.ts";
import type { CustomerEntry } from "../../src/sandbox/world/customer-generator.ts";
import { createRandom, pickRandom } from "../../src/sandbox/world/random.ts";
import { SAMPLE_ERRORS, SAMPLE_WARNINGS } from "../../src/sandbox/world/sample-data.ts";
import type { WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import type { Journey } from "./journey.ts";

/** A customer that was added or removed, some time between these two moments. */
interface CustomerArrivalOrDeparture {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly delta: 1 | -1;
}

/** The status of every item of a customer, from some time between these two moments on; empty once it was removed. */
export interface StatusChange {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly statuses: ReadonlyMap<string, string>;
}

export interface Churn {
  /** Everything that happened, in order; first the initial statuses of every customer, from 0. */
  readonly changes: readonly StatusChange[];
  /** Every customer that was added or removed since the start. */
  readonly arrivalsAndDepartures: readonly CustomerArrivalOrDeparture[];
  /** Every status that this package or add-on (or the customer itself, `*`) ever had. */
  statusesOf(id: string, item: string): ReadonlySet<string>;
  /** Resolves after the last change, with their number. */
  stop(): Promise<number>;
}

/** The longest pause between two changes, by default. */
const PAUSE_MS = 40;
const ADD_ON = "meetings_toll_dialin";
const CITIES = ["Espoo", "Graz", "Cork", "Turin"] as const;

/** The statuses of a customer in the API's JSON, by their names in the history. */
export const itemStatuses = ({ status, resourceDetails: { packages, addOns = [] } }: WireCustomer) =>
  new Map([
    ["*", status],
    ...packages.map((one) => [one.name, one.status] as const),
    ...addOns.map((one) => [`addon:${one.name}`, one.status] as const),
  ]);

/** Changes the world at random: packages fail, are retried, recover, are added and removed; customers too. */
export function startChurn(
  { world, sandbox }: Pick<Journey, "world" | "sandbox">,
  seed: number,
  pauseMs = PAUSE_MS,
): Churn {
  const random = createRandom(seed, 77);
  const ids = Array.from(world.customers.matching({}), ({ customer }) => customer.id);
  const arrivalsAndDepartures: CustomerArrivalOrDeparture[] = [];
  const statusChanges: StatusChange[] = [];
  const removed: CustomerEntry[] = [];
  const statuses = new Map<string, Set<string>>();
  let stopped = false;
  let changes = 0;

  function record(customer: WireCustomer, from = 0, to = from): void {
    statusChanges.push({ id: customer.id, from, to, statuses: itemStatuses(customer) });
    for (const [item, status] of itemStatuses(customer)) {
      const key = `${customer.id} ${item}`;
      statuses.set(key, (statuses.get(key) ?? new Set()).add(status));
    }
  }

  async function timed(
    delta: CustomerArrivalOrDeparture["delta"],
    step: () => WireCustomer | Promise<WireCustomer>,
  ): Promise<void> {
    const from = Date.now();
    const customer = await step();
    const [{ id }, to] = [customer, Date.now()];
    arrivalsAndDepartures.push({ id, from, to, delta });
    if (delta === 1) record(customer, from, to);
    else statusChanges.push({ id, from, to, statuses: new Map() });
  }

  const add = () =>
    timed(1, async () => {
      const packages = { webex_calling: { status: "provisioning" }, webex_suite: { status: "provisioning" } };
      const customer = await sandbox<WireCustomer>("POST", "/customers", { packages });
      ids.push(customer.id);
      return customer;
    });

  const remove = (entry: CustomerEntry) =>
    timed(-1, async () => {
      const { customer } = entry;
      await sandbox("DELETE", `/customers/${customer.id}`);
      ids.splice(ids.indexOf(customer.id), 1);
      removed.push(entry);
      return customer;
    });

  /** With the id that it had, which the real API does not promise. */
  const restore = (entry: CustomerEntry) =>
    timed(1, () => {
      removed.splice(removed.indexOf(entry), 1);
      world.customers.add(entry);
      ids.push(entry.customer.id);
      return entry.customer;
    });

  /** A random change of a customer. */
  function changeOf({ customer: { packages, resourceDetails } }: CustomerEntry): unknown {
    const name = pickRandom(packages, random) ?? "webex_calling";
    const [problem, warning] = [pickRandom(SAMPLE_ERRORS, random), pickRandom(SAMPLE_WARNINGS, random)];
    const fails = { packages: { [name]: { status: "error", errors: [problem] } } };
    const retried = { packages: { [name]: { status: "provisioning" } } };
    const recovers = { packages: { [name]: { status: "provisioned" } } };
    const warned = { packages: { [name]: { status: "provisioned", warnings: [warning] } } };
    const added = { packages: { [pickRandom(PACKAGE_NAMES, random) ?? name]: { status: "provisioning" } } };
    const dropped = packages.length > 1 ? { packages: { [name]: null } } : fails;
    const hasAddOn = resourceDetails.addOns?.some((one) => one.name === ADD_ON);
    const addOn = { addOns: { [ADD_ON]: hasAddOn ? null : { status: "provisioning" } } };
    const moved = { address: { city: pickRandom(CITIES, random) } };
    const common = [fails, fails, fails, retried, retried, recovers, recovers, recovers];
    return pickRandom([...common, warned, added, dropped, addOn, moved], random);
  }

  async function change(): Promise<void> {
    const share = random();
    const entry = world.customers.find(pickRandom(ids, random) ?? "");
    const candidate = pickRandom(removed, random);
    if (share < 0.04 || entry === undefined) await add();
    else if (share < 0.12) await remove(entry);
    else if (share < 0.16 && candidate !== undefined) await restore(candidate);
    else await alter(entry);
  }

  async function alter(entry: CustomerEntry): Promise<void> {
    const from = Date.now();
    record(await sandbox("PATCH", `/customers/${entry.customer.id}`, changeOf(entry)), from, Date.now());
  }

  async function run(): Promise<number> {
    while (!stopped) {
      await change();
      changes += 1;
      await sleep(random() * pauseMs);
    }
    return changes;
  }

  for (const { customer } of world.customers.matching({})) record(customer);
  const finished = run();
  return {
    arrivalsAndDepartures,
    changes: statusChanges,
    statusesOf: (id, item) => statuses.get(`${id} ${item}`) ?? new Set(),
    async stop() {
      stopped = true;
      return finished;
    },
  };
}
