import type { Transaction } from "kysely";
import { keepCase } from "../domain/customers/compare-text.ts";
import type { Customer } from "../domain/customers/customer.ts";
import { updatedRecord } from "../domain/customers/record.ts";
import { type Transition, transitionsBetween } from "../domain/customers/transition.ts";
import type { ReceivedCustomer } from "../domain/ports/wholesale.ts";
import { chunksOf, IDS_PER_STATEMENT } from "./chunks.ts";
import { writeTransitions } from "./history.ts";
import { type OrganisationName, readRecordsById, writeRecords } from "./records.ts";
import type { Tables } from "./schema.ts";

type Db = Transaction<Tables>;

/** A customer now, and as it was stored before. */
export interface CustomerChange {
  readonly customer: Customer;
  readonly before?: Customer | undefined;
}

interface PageContext {
  readonly scope: string;
  readonly at: number;
  /** They were looked up, so they exist, whether the list has them or not. */
  readonly isLookup: boolean;
}

export interface PageResult {
  readonly transitions: readonly Transition[];
  /** The customers that differ from what was stored, with the known name. */
  readonly changes: readonly CustomerChange[];
  readonly hasWritten: boolean;
}

/**
 * Compares a page with the stored customers by checksum and writes what changed. Of a customer that comes twice the last row counts:
 * a list that changes while it is read may repeat one (ALERTS 4).
 */
export async function writePage(db: Db, page: readonly ReceivedCustomer[], seen: PageContext): Promise<PageResult> {
  const arrivals = new Map(page.map((received) => [received.id, received]));
  const kept = await readStored(db, seen.scope, [...arrivals.keys()]);
  const news = [...arrivals.values()].filter(({ id, checksum }) => {
    const row = kept.get(id);
    return row?.checksum !== checksum || row.nameReadAt !== row.newestNameReadAt;
  });
  const namings = await readOrganisationNames(
    db,
    news.map(({ customer }) => keepCase(customer.orgId)),
  );
  const namingOf = ({ orgId }: Customer) => namings.get(keepCase(orgId)) ?? NO_NAME;
  // A page of a list resets nothing: only a complete sweep says who is in it (ALERTS 6).
  const returned = [...kept.values()].filter((row) => seen.isLookup && row.absentSweeps > 0).map(({ rowId }) => rowId);
  if (returned.length > 0) {
    await db.updateTable("customers").set({ absentSweeps: 0 }).where("rowId", "in", returned).execute();
  }
  const named = news.map((one) => ({ ...one, organisationName: namingOf(one.customer) }));
  return { ...(await writeChanges(db, seen, named)), hasWritten: returned.length + news.length > 0 };
}

const NO_NAME: OrganisationName = { name: null, nameReadAt: 0 };

async function readStored(db: Db, scope: string, ids: readonly string[]) {
  const rows = [];
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    const some = await db
      .selectFrom("customers")
      .leftJoin("organisations", "organisations.orgId", "customers.orgId")
      .select(["rowId", "id", "checksum", "nameReadAt", "absentSweeps"])
      .select(({ fn, val }) => fn.coalesce("organisations.readAt", val(NO_NAME.nameReadAt)).as("newestNameReadAt"))
      .where("scope", "=", scope)
      .where("id", "in", chunk)
      .execute();
    rows.push(...some);
  }
  return new Map(rows.map((row) => [row.id, row]));
}

/** The newest names of organisations, as one may have been read while the page was on its way. */
async function readOrganisationNames(
  db: Db,
  orgIds: readonly string[],
): Promise<ReadonlyMap<string, OrganisationName>> {
  const rows = [];
  for (const chunk of chunksOf([...new Set(orgIds)], IDS_PER_STATEMENT)) {
    const some = await db
      .selectFrom("organisations")
      .select(["orgId", "name", "readAt as nameReadAt"])
      .where("orgId", "in", chunk)
      .execute();
    rows.push(...some);
  }
  return new Map(rows.map((row) => [row.orgId, row]));
}

type NamedCustomer = ReceivedCustomer & { readonly organisationName: OrganisationName };

async function writeChanges(
  db: Db,
  { scope, at }: PageContext,
  news: readonly NamedCustomer[],
): Promise<Omit<PageResult, "hasWritten">> {
  if (news.length === 0) return { transitions: [], changes: [] };
  const before = await readRecordsById(
    db,
    scope,
    news.map(({ customer }) => customer.id),
  );
  const recorded = news.map(({ customer, checksum, organisationName }) => {
    const record = updatedRecord(before.get(customer.id), customer, at);
    return { record, checksum, organisationName };
  });
  await writeRecords(db, scope, recorded);
  const isBaseline = before.size < news.length && !(await wasSwept(db, scope));
  const changes = recorded.map(({ record: { customer }, organisationName: { name } }) => ({
    customer: name === null ? customer : { ...customer, name },
    before: before.get(customer.id)?.customer,
  }));
  const transitions = changes.flatMap(({ customer, before: old }) =>
    old === undefined && isBaseline ? [] : transitionsBetween(old, customer, at),
  );
  await writeTransitions(db, scope, transitions);
  return { transitions, changes };
}

/** Before the first complete sweep of a scope, a customer that is new to the bot is not new, and has no transition. */
async function wasSwept(db: Db, scope: string): Promise<boolean> {
  const sweep = await db
    .selectFrom("sweeps")
    .select("id")
    .where("scope", "=", scope)
    .where("state", "=", "complete")
    .limit(1)
    .executeTakeFirst();
  return sweep !== undefined;
}
