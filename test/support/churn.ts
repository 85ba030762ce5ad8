import { setTimeout as sleep } from "node:timers/promises";
import { PACKAGE_NAMES } from "../../src/domain/customers/customer.ts";
import type { CustomerEntry } from "../../src/sandbox/world/customer-generator.ts";
import { createRandom, pickRandom } from "../../src/sandbox/world/random.ts";
import { SAMPLE_ERRORS, SAMPLE_WARNINGS } from "../../src/sandbox/world/sample-data.ts";
import type { WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import type { Journey } from "./journey.ts";

/** A customer that came or went, some time between these two moments. */
interface CustomerArrivalOrDeparture {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly delta: 1 | -1;
}

/** What a customer was, from some time between these two moments on: every item's status; nothing when it went. */
export interface StatusChange {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly statuses: ReadonlyMap<string, string>;
}

export interface Churn {
  /** Everything that happened, in order; first what everybody was at the beginning, from 0. */
  readonly changes: readonly StatusChange[];
  /** Everybody who came or went since the beginning; whoever was there then is not among them. */
  readonly arrivalsAndDepartures: readonly CustomerArrivalOrDeparture[];
  /** Every status that this package or add-on (or the customer itself, `*`) ever had. */
  statusesOf(id: string, item: string): ReadonlySet<string>;
  /** Resolves with how many changes there were, after the last one. */
  stop(): Promise<number>;
}

/** How long the world stands still between two changes, at the most, where nobody says otherwise. */
const PAUSE_MS = 40;
const ADD_ON = "meetings_toll_dialin";
const CITIES = ["Espoo", "Graz", "Cork", "Turin"] as const;

/** The statuses of a customer as the API tells it, by what the history calls them. */
export const itemStatuses = ({ status, resourceDetails: { packages, addOns = [] } }: WireCustomer) =>
  new Map([
    ["*", status],
    ...packages.map((one) => [one.name, one.status] as const),
    ...addOns.map((one) => [`addon:${one.name}`, one.status] as const),
  ]);

/** The world in motion: packages fail, are tried again, recover, are bought and given up; customers come, go and come back. */
export function startChurn(
  { world, sandbox }: Pick<Journey, "world" | "sandbox">,
  seed: number,
  pauseMs = PAUSE_MS,
): Churn {
  const dice = createRandom(seed, 77);
  const ids = Array.from(world.customers.matching({}), ({ customer }) => customer.id);
  const arrivalsAndDepartures: CustomerArrivalOrDeparture[] = [];
  const turns: StatusChange[] = [];
  const gone: CustomerEntry[] = [];
  const statuses = new Map<string, Set<string>>();
  let stopped = false;
  let changes = 0;

  function remember(customer: WireCustomer, from = 0, to = from): void {
    turns.push({ id: customer.id, from, to, statuses: itemStatuses(customer) });
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
    if (delta === 1) remember(customer, from, to);
    else turns.push({ id, from, to, statuses: new Map() });
  }

  const arrive = () =>
    timed(1, async () => {
      const packages = { webex_calling: { status: "provisioning" }, webex_suite: { status: "provisioning" } };
      const customer = await sandbox<WireCustomer>("POST", "/customers", { packages });
      ids.push(customer.id);
      return customer;
    });

  const leave = (entry: CustomerEntry) =>
    timed(-1, async () => {
      const { customer } = entry;
      await sandbox("DELETE", `/customers/${customer.id}`);
      ids.splice(ids.indexOf(customer.id), 1);
      gone.push(entry);
      return customer;
    });

  /** With the id that it had, which the API would not promise to give again. */
  const comeBack = (entry: CustomerEntry) =>
    timed(1, () => {
      gone.splice(gone.indexOf(entry), 1);
      world.customers.add(entry);
      ids.push(entry.customer.id);
      return entry.customer;
    });

  /** What happens to a customer that stays. */
  function changeOf({ customer: { packages, resourceDetails } }: CustomerEntry): unknown {
    const name = pickRandom(packages, dice) ?? "webex_calling";
    const [problem, warning] = [pickRandom(SAMPLE_ERRORS, dice), pickRandom(SAMPLE_WARNINGS, dice)];
    const fails = { packages: { [name]: { status: "error", errors: [problem] } } };
    const retried = { packages: { [name]: { status: "provisioning" } } };
    const recovers = { packages: { [name]: { status: "provisioned" } } };
    const warned = { packages: { [name]: { status: "provisioned", warnings: [warning] } } };
    const bought = { packages: { [pickRandom(PACKAGE_NAMES, dice) ?? name]: { status: "provisioning" } } };
    const givenUp = packages.length > 1 ? { packages: { [name]: null } } : fails;
    const hasAddOn = resourceDetails.addOns?.some((one) => one.name === ADD_ON);
    const addOn = { addOns: { [ADD_ON]: hasAddOn ? null : { status: "provisioning" } } };
    const moved = { address: { city: pickRandom(CITIES, dice) } };
    const common = [fails, fails, fails, retried, retried, recovers, recovers, recovers];
    return pickRandom([...common, warned, bought, givenUp, addOn, moved], dice);
  }

  async function change(): Promise<void> {
    const share = dice();
    const entry = world.customers.find(pickRandom(ids, dice) ?? "");
    const back = pickRandom(gone, dice);
    if (share < 0.04 || entry === undefined) await arrive();
    else if (share < 0.12) await leave(entry);
    else if (share < 0.16 && back !== undefined) await comeBack(back);
    else await alter(entry);
  }

  async function alter(entry: CustomerEntry): Promise<void> {
    const from = Date.now();
    remember(await sandbox("PATCH", `/customers/${entry.customer.id}`, changeOf(entry)), from, Date.now());
  }

  async function run(): Promise<number> {
    while (!stopped) {
      await change();
      changes += 1;
      await sleep(dice() * pauseMs);
    }
    return changes;
  }

  for (const { customer } of world.customers.matching({})) remember(customer);
  const over = run();
  return {
    arrivalsAndDepartures,
    changes: turns,
    statusesOf: (id, item) => statuses.get(`${id} ${item}`) ?? new Set(),
    async stop() {
      stopped = true;
      return over;
    },
  };
}
