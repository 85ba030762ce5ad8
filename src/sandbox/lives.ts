import { PACKAGE_NAMES } from "../domain/customers/customer.ts";
import { MAINTENANCE, PROBLEMS } from "./catalogue.ts";
import { applyChange, type CustomerChange, everyPackage, freshEntry } from "./changes.ts";
import type { Entry } from "./customers.ts";
import { type Dice, oneOf } from "./dice.ts";
import { healthyAt, titleOf } from "./unwell.ts";
import type { World } from "./world.ts";

/** A package whose story is not over: it failed, is tried again, is new, or is about to go with its customer. */
interface Story {
  readonly id: string;
  readonly package: string;
}

type Beginning = "failure" | "customer" | "farewell" | "purchase" | "cancellation";

/** How often what begins; the rest of the time a story that is open goes on. */
const BEGINNINGS: readonly (readonly [what: Beginning, share: number])[] = [
  ["failure", 0.22],
  ["customer", 0.03],
  ["farewell", 0.02],
  ["purchase", 0.02],
  ["cancellation", 0.02],
];
/** How often a failed package is tried again, and not just healed; how often an attempt goes well. */
const RETRIED = 0.6;
const RECOVERS = 0.7;

const WELL = { status: "provisioned" };

/** The lives of customers and their packages, one change after the other, as the dice fall. */
export function createLives(world: World, dice: Dice) {
  const { customers } = world;
  let open: readonly Story[] = [];

  function tell(entry: Entry, packages: NonNullable<CustomerChange["packages"]>): string {
    const { id } = entry.customer;
    customers.replace(id, applyChange(entry, { packages }));
    const going = Object.keys(packages).filter((name) => !isOver(packages[name]));
    const others = open.filter((story) => story.id !== id || !(story.package in packages));
    open = [...others, ...going.map((name) => ({ id, package: name }))];
    return titleOf(entry);
  }

  function begin(what: Beginning): string {
    const entry = healthyAt(world, dice());
    if (what === "customer" || !entry) return arrive();
    if (what === "farewell") return tell(entry, everyPackage(entry, { status: "deleting" }));
    return tell(entry, changeOf(what, entry.customer.packages));
  }

  function changeOf(what: "failure" | "purchase" | "cancellation", packages: readonly string[]) {
    const bought = oneOf(
      PACKAGE_NAMES.filter((name) => !packages.includes(name)),
      dice,
    );
    const name = oneOf(packages, dice) ?? "";
    if (what === "purchase" && bought) return { [bought]: { status: "provisioning" } };
    // The last package does not go without its customer.
    return { [name]: what === "cancellation" && packages.length > 1 ? null : failed(dice) };
  }

  function arrive(): string {
    const entry = freshEntry(customers.next(), {});
    customers.add(entry);
    return tell(entry, everyPackage(entry, { status: "provisioning" }));
  }

  /** Undefined when there is nothing to go on with: somebody else has healed it, or taken it away. */
  function proceed(story: Story): string | undefined {
    open = open.filter((other) => other !== story);
    const entry = customers.find(story.id);
    const item = entry?.customer.resourceDetails.packages.find(({ name }) => name === story.package);
    if (!entry || !item || item.status === "provisioned") return undefined;
    if (item.status !== "deleting") return tell(entry, { [item.name]: nextOf(item.status, dice) });
    customers.remove(story.id);
    return titleOf(entry);
  }

  return {
    /** One change. Returns whom it happened to, as people call them. */
    goOn(): string {
      const beginning = beginningOf(dice());
      if (beginning) return begin(beginning);
      for (let story = oneOf(open, dice); story; story = oneOf(open, dice)) {
        const title = proceed(story);
        if (title !== undefined) return title;
      }
      return begin("failure");
    },
  };
}

function beginningOf(share: number): Beginning | undefined {
  let left = share;
  for (const [what, part] of BEGINNINGS) {
    if (left < part) return what;
    left -= part;
  }
  return undefined;
}

const isOver = (change: { readonly status?: string | undefined } | null | undefined): boolean =>
  change === null || change?.status === WELL.status;

const failed = (dice: Dice) => ({ status: "error", errors: [oneOf(PROBLEMS, dice) ?? MAINTENANCE] });

function nextOf(status: string, dice: Dice) {
  if (status === "error") return dice() < RETRIED ? { status: "provisioning" } : WELL;
  return dice() < RECOVERS ? WELL : failed(dice);
}
