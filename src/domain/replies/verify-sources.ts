import { type Alert, withoutInhibited } from "../alerts/alert.ts";
import { applyObservation } from "../alerts/lifecycle.ts";
import { observationOf, observationsOf } from "../alerts/observation.ts";
import type { VerifyInput } from "../alerts/verify.ts";
import { type Customer, PROBLEM_STATUSES } from "../customers/customer.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import { isExternalFailure } from "../external-failure.ts";
import { formatCount } from "../views/text.ts";
import { withKnownNames } from "./data-source.ts";
import type { ReplyContext } from "./reply.ts";

const PAGE = 100;
const MAX_PAGES = 10;
/** Customers and messages that are looked up one by one, while the sender waits. */
const MAX_LOOKUPS = 20;

/** The API’s state at this moment, past every cache. */
export interface ApiReading {
  readonly customers: Map<string, Customer>;
  /** Looked up by id, and not there. */
  readonly gone: Set<string>;
  /** The parts that were not compared, as sentences. */
  readonly unchecked: string[];
}

/**
 * Reads all customers if they are few, because an error may be under any status of its customer. Of many it reads those with a
 * problem status, and looks up the others that the bot knows as unhealthy (ALERTS 5).
 */
export async function readApi(known: readonly string[], context: ReplyContext): Promise<ApiReading> {
  const { snapshot, scope, clock } = context;
  const { customers: count } = await snapshot.age(scope);
  const isSmall = count <= PAGE * (MAX_PAGES - 1);
  const listed = isSmall ? await listCustomers([], context) : await listProblems(context);
  const reading: ApiReading = { customers: listed.customers, gone: new Set(), unchecked: [] };
  if (!isSmall) reading.unchecked.push(`Of ${count} customers only those with a problem were asked for.`);
  if (!listed.isWhole) reading.unchecked.push(`Only ${MAX_PAGES} pages of the list were read.`);
  const everybody = { filter: [], offset: 0, max: PAGE * MAX_PAGES, now: clock() };
  const records = isSmall ? (await snapshot.find(scope, everybody)).records : [];
  const expected = isSmall ? records.map(({ customer }) => customer.id) : await snapshot.unhealthy(scope);
  const absent = [...new Set([...expected, ...known])].filter((id) => !listed.customers.has(id));
  await lookUp(reading, absent, context);
  return reading;
}

/** Asks for customers by id, at most 20; the others are a sentence of `unchecked`. */
export async function lookUp(reading: ApiReading, ids: readonly string[], context: ReplyContext): Promise<void> {
  for (const id of ids.slice(0, MAX_LOOKUPS)) {
    const read = await context.wholesale.get(id, { fresh: true });
    if (read === undefined) reading.gone.add(id);
    if (read === undefined) reading.customers.delete(id);
    else reading.customers.set(id, read.customer);
  }
  const others = ids.length - MAX_LOOKUPS;
  if (others > 0) reading.unchecked.push(`${formatCount(others, "customer")} not asked for one by one: too many.`);
}

interface Listed {
  readonly customers: Map<string, Customer>;
  readonly isWhole: boolean;
}

async function listProblems(context: ReplyContext): Promise<Listed> {
  const lists = [];
  for (const status of PROBLEM_STATUSES) lists.push(await listCustomers([status], context));
  return {
    customers: new Map(lists.flatMap(({ customers }) => [...customers])),
    isWhole: lists.every(({ isWhole }) => isWhole),
  };
}

async function listCustomers(statuses: readonly string[], { wholesale }: ReplyContext): Promise<Listed> {
  const found = new Map<string, Customer>();
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { statuses, offset: page * PAGE, max: PAGE };
    const { customers, hasMore } = await wholesale.list(query, { fresh: true });
    for (const customer of customers) found.set(customer.id, customer);
    if (!hasMore) return { customers: found, isWhole: true };
  }
  return { customers: found, isWhole: false };
}

/** The items that are in error, as the alerts that would open now, so that watches and mutes can be applied to them. */
export async function errorAlerts({ customers }: ApiReading, context: ReplyContext): Promise<readonly Alert[]> {
  const bad = [...customers.values()].filter((customer) => errorAlertsOf(customer, context).length > 0);
  const alerts: Alert[] = [];
  for (let at = 0; at < bad.length; at += PAGE_SIZE.most) {
    // A watch may filter by name, which the list API does not return.
    const named = await withKnownNames(bad.slice(at, at + PAGE_SIZE.most), context);
    alerts.push(...named.flatMap((customer) => errorAlertsOf(customer, context)));
  }
  return withoutInhibited(alerts);
}

function errorAlertsOf(customer: Customer, { scope, clock }: ReplyContext): readonly Alert[] {
  const now = clock();
  const context = { now, reading: { id: 0, kind: "quick-poll" }, reopenMs: 0, nextId: 0 } as const;
  return observationsOf({ customer, since: {} }, { scope, kinds: ["error"], now }).flatMap((observation) => {
    const alert = applyObservation(undefined, observation, context);
    return alert === undefined ? [] : [alert];
  });
}

export function classInApi({ customers, gone }: ApiReading): VerifyInput["classInApi"] {
  return ({ key }) => {
    const customer = customers.get(key.customerId);
    if (customer === undefined) return gone.has(key.customerId) ? "absent" : undefined;
    return observationOf(key, customer, 0).class;
  };
}

/** Tells of each of these alerts whether its item is in error in the snapshot as well. */
export async function inErrorInSnapshot(
  alerts: readonly Alert[],
  { snapshot, scope }: ReplyContext,
): Promise<VerifyInput["isInSnapshot"]> {
  const customers = new Map<string, Customer>();
  for (const customerId of new Set(alerts.map(({ key }) => key.customerId))) {
    for (const { customer } of await snapshot.get(scope, customerId)) customers.set(customer.id, customer);
  }
  return ({ key }) => {
    const customer = customers.get(key.customerId);
    return customer !== undefined && observationOf(key, customer, 0).class === "bad";
  };
}

/** Which of these messages people deleted from the space (ALERTS 19). The newest are looked up. */
export async function deletedMessages(
  messageIds: readonly string[],
  { isPosted }: ReplyContext,
  unchecked: string[],
): Promise<ReadonlySet<string>> {
  const distinct = [...new Set(messageIds)].reverse();
  const deleted = new Set<string>();
  let unknown = Math.max(0, distinct.length - MAX_LOOKUPS);
  for (const messageId of distinct.slice(0, MAX_LOOKUPS)) {
    const isThere = await isPosted(messageId).catch((error: unknown) => {
      if (!isExternalFailure(error)) throw error;
      return undefined;
    });
    if (isThere === false) deleted.add(messageId);
    if (isThere === undefined) unknown += 1;
  }
  if (unknown > 0) unchecked.push(`${formatCount(unknown, "message")} of this space not looked up.`);
  return deleted;
}
