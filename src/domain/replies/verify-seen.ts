import type { Alert } from "../alerts/alert.ts";
import { withoutHeldBack } from "../alerts/held-back.ts";
import { record } from "../alerts/lifecycle.ts";
import { sightingsOf } from "../alerts/sighting.ts";
import { type Customer, PROBLEM_STATUSES } from "../customers/customer.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import { isTrouble } from "../trouble.ts";
import { named } from "./names.ts";
import type { Context } from "./reply.ts";

/** What is in error at this moment, as alerts that would open now; and who says so. */
export interface InError {
  readonly alerts: readonly Alert[];
  /** Why it is from the bot's own copy, and not from Webex. */
  readonly copyBecause?: string;
  /** How many customers were too many to ask Webex for one by one, and are from the copy. */
  readonly notAsked: number;
}

const PAGE = 100;
const MOST_PAGES = 10;
/** How many customers are asked for one by one, while somebody waits. */
const MOST_ASKED = 20;

/** Asks Webex past every cache; where it does not answer, or there is too much, the copy has to do. */
export async function inErrorNow(active: readonly Alert[], context: Context): Promise<InError> {
  const errors = active.filter(({ key, state, retrying }) => {
    return key.kind === "error" && state === "open" && !retrying;
  });
  const known = withoutHeldBack(errors);
  try {
    const customers = await unwell(context);
    if (customers === undefined) {
      const most = PAGE * MOST_PAGES;
      return {
        alerts: known,
        notAsked: 0,
        copyBecause: `More than ${most} customers of one status are in error`,
      };
    }
    const unlisted = unlistedOf(known, customers);
    const asked = await askedFor(unlisted.slice(0, MOST_ASKED), context);
    const bad = [...customers, ...asked].flatMap((customer) => badOf(customer, context));
    const others = new Set(unlisted.slice(MOST_ASKED));
    const copied = known.filter(({ key }) => others.has(key.customerId));
    return { alerts: withoutHeldBack([...bad, ...copied]), notAsked: others.size };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return { alerts: known, notAsked: 0, copyBecause: "Webex does not answer at the moment" };
  }
}

/**
 * The customers of open alerts that are not listed: one may be in another status than an item of it says, such as
 * `provisioning` with an add-on in error (ALERTS 5).
 */
function unlistedOf(open: readonly Alert[], listed: readonly Customer[]): readonly string[] {
  const known = new Set(listed.map(({ id }) => id));
  return [...new Set(open.map(({ key }) => key.customerId))].filter((id) => !known.has(id));
}

async function askedFor(ids: readonly string[], context: Context): Promise<readonly Customer[]> {
  const found: Customer[] = [];
  for (const id of ids) {
    const read = await context.wholesale.get(id, { fresh: true });
    if (read !== undefined) found.push(read.customer);
  }
  return withNames(found, context);
}

/** Undefined where there are more than can be read while somebody waits. A customer that changes meanwhile counts as it was read last. */
async function unwell(context: Context): Promise<readonly Customer[] | undefined> {
  const byId = new Map<string, Customer>();
  for (const status of PROBLEM_STATUSES) {
    const customers = await ofStatus(status, context);
    if (customers === undefined) return undefined;
    for (const customer of customers) byId.set(customer.id, customer);
  }
  return withNames([...byId.values()], context);
}

async function ofStatus(
  status: string,
  { wholesale, scope }: Context,
): Promise<readonly Customer[] | undefined> {
  const subpartner = scope === WHOLE_TOKEN ? {} : { subpartner: scope };
  const all: Customer[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { statuses: [status], ...subpartner, offset: page * PAGE, max: PAGE };
    const { customers, hasMore } = await wholesale.list(query, { fresh: true });
    all.push(...customers);
    if (!hasMore) return all;
  }
  return undefined;
}

/** A watch may go by names, which this API does not tell. */
async function withNames(customers: readonly Customer[], context: Context): Promise<readonly Customer[]> {
  const all: Customer[] = [];
  for (let at = 0; at < customers.length; at += PAGE_SIZE.most) {
    all.push(...(await named(customers.slice(at, at + PAGE_SIZE.most), context)));
  }
  return all;
}

/** As alerts, so that watches and mutes can be held against them. */
function badOf(customer: Customer, { scope, clock }: Context): readonly Alert[] {
  const now = clock();
  const moment = { now, reading: { id: 0, kind: "look" }, reopenMs: 0, nextId: 0 } as const;
  return sightingsOf({ customer, since: {} }, { scope, kinds: ["error"], now }).flatMap((sighting) => {
    const alert = record(undefined, sighting, moment);
    return alert === undefined ? [] : [alert];
  });
}
