import type { Alert } from "../alerts/alert.ts";
import { withoutInhibited } from "../alerts/held-back.ts";
import { applyObservation } from "../alerts/lifecycle.ts";
import { observationsOf } from "../alerts/sighting.ts";
import { type Customer, PROBLEM_STATUSES } from "../customers/customer.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import { isExternalFailure } from "../trouble.ts";
import { withKnownNames } from "./names.ts";
import type { ReplyContext } from "./reply.ts";

/** What is in error at this moment, as alerts that would open now; and who says so. */
export interface CurrentErrors {
  readonly alerts: readonly Alert[];
  /** Why it is from the bot's own copy, and not from Webex. */
  readonly snapshotBecause?: string;
  /** How many customers were too many to ask Webex for one by one, and are from the copy. */
  readonly notAsked: number;
}

const PAGE = 100;
const MOST_PAGES = 10;
/** How many customers are asked for one by one, while somebody waits. */
const MOST_ASKED = 20;

/** Asks Webex past every cache; where it does not answer, or there is too much, the copy has to do. */
export async function currentErrors(active: readonly Alert[], context: ReplyContext): Promise<CurrentErrors> {
  const errors = active.filter(({ key, state, retrying }) => {
    return key.kind === "error" && state === "open" && !retrying;
  });
  const known = withoutInhibited(errors);
  try {
    const customers = await customersInError(context);
    if (customers === undefined) {
      const most = PAGE * MOST_PAGES;
      return {
        alerts: known,
        notAsked: 0,
        snapshotBecause: `More than ${most} customers of one status are in error`,
      };
    }
    const unlisted = unlistedOf(known, customers);
    const asked = await lookUpCustomers(unlisted.slice(0, MOST_ASKED), context);
    const bad = [...customers, ...asked].flatMap((customer) => errorAlertsOf(customer, context));
    const others = new Set(unlisted.slice(MOST_ASKED));
    const copied = known.filter(({ key }) => others.has(key.customerId));
    return { alerts: withoutInhibited([...bad, ...copied]), notAsked: others.size };
  } catch (error) {
    if (!isExternalFailure(error)) throw error;
    return { alerts: known, notAsked: 0, snapshotBecause: "Webex does not answer at the moment" };
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

async function lookUpCustomers(ids: readonly string[], context: ReplyContext): Promise<readonly Customer[]> {
  const found: Customer[] = [];
  for (const id of ids) {
    const read = await context.wholesale.get(id, { fresh: true });
    if (read !== undefined) found.push(read.customer);
  }
  return withNamesInBatches(found, context);
}

/** Undefined where there are more than can be read while somebody waits. A customer that changes meanwhile counts as it was read last. */
async function customersInError(context: ReplyContext): Promise<readonly Customer[] | undefined> {
  const byId = new Map<string, Customer>();
  for (const status of PROBLEM_STATUSES) {
    const customers = await customersWithStatus(status, context);
    if (customers === undefined) return undefined;
    for (const customer of customers) byId.set(customer.id, customer);
  }
  return withNamesInBatches([...byId.values()], context);
}

async function customersWithStatus(
  status: string,
  { wholesale, scope }: ReplyContext,
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
async function withNamesInBatches(
  customers: readonly Customer[],
  context: ReplyContext,
): Promise<readonly Customer[]> {
  const all: Customer[] = [];
  for (let at = 0; at < customers.length; at += PAGE_SIZE.most) {
    all.push(...(await withKnownNames(customers.slice(at, at + PAGE_SIZE.most), context)));
  }
  return all;
}

/** As alerts, so that watches and mutes can be held against them. */
function errorAlertsOf(customer: Customer, { scope, clock }: ReplyContext): readonly Alert[] {
  const now = clock();
  const moment = { now, reading: { id: 0, kind: "quick-poll" }, reopenMs: 0, nextId: 0 } as const;
  return observationsOf({ customer, since: {} }, { scope, kinds: ["error"], now }).flatMap((sighting) => {
    const alert = applyObservation(undefined, sighting, moment);
    return alert === undefined ? [] : [alert];
  });
}
