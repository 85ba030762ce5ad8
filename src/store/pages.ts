import { sql, type Transaction } from "kysely";
import { keepCase } from "../domain/customers/compare-text.ts";
import type { Customer } from "../domain/customers/customer.ts";
import { updatedRecord } from "../domain/customers/record.ts";
import { type Transition, transitionsBetween } from "../domain/customers/transition.ts";
import type { ReceivedCustomer } from "../domain/ports/wholesale.ts";
import { chunksOf, IDS_PER_STATEMENT } from "./chunks.ts";
import { compiledQuery } from "./compiled.ts";
import { elementsOf } from "./dialect.ts";
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
  const arrivals = [...new Map(page.map((received) => [received.id, received])).values()];
  const news = await findNews(db, seen.scope, arrivals);
  const namings = await readOrganisationNames(
    db,
    news.map(({ customer }) => keepCase(customer.orgId)),
  );
  const namingOf = ({ orgId }: Customer) => namings.get(keepCase(orgId)) ?? NO_NAME;
  // A page of a list resets nothing: only a complete sweep says who is in it (ALERTS 6).
  const returned = seen.isLookup ? await resetAbsence(db, seen.scope, arrivals) : 0;
  const named = news.map((one) => ({ ...one, organisationName: namingOf(one.customer) }));
  return { ...(await writeChanges(db, seen, named)), hasWritten: returned + news.length > 0 };
}

const NO_NAME: OrganisationName = { name: null, nameReadAt: 0 };

/** The customers that are not stored as they were received, or whose organisation has another name by now. */
async function findNews(
  db: Db,
  scope: string,
  arrivals: readonly ReceivedCustomer[],
): Promise<readonly ReceivedCustomer[]> {
  const news = new Set<string>();
  for (const chunk of chunksOf(arrivals, IDS_PER_STATEMENT)) {
    const received = JSON.stringify(chunk.map(({ id, checksum }) => [id, checksum]));
    for (const { id } of await differing(db, { scope, received })) news.add(id);
  }
  return arrivals.filter(({ id }) => news.has(id));
}

/** The database compares: in most pages nothing has changed, and to hand over rows takes longer than to look them up. */
const differing = compiledQuery((db, { scope, received }: { scope: string; received: string }) => {
  const [id, checksum] = [sql<string>`sent.value ->> 0`, sql<string>`sent.value ->> 1`];
  return db
    .selectFrom(elementsOf(db, received).as("sent"))
    .leftJoin("customers", (join) => join.on("customers.scope", "=", scope).on("customers.id", "=", id))
    .leftJoin("organisations", "organisations.orgId", "customers.orgId")
    .select(id.as("id"))
    .where(({ eb, or, fn, lit }) =>
      or([
        eb("customers.checksum", "is distinct from", checksum),
        eb("customers.nameReadAt", "is distinct from", fn.coalesce("organisations.readAt", lit(NO_NAME.nameReadAt))),
      ]),
    );
});

/** They are in the list of absent customers no more. @returns how many of them were */
async function resetAbsence(db: Db, scope: string, found: readonly ReceivedCustomer[]): Promise<number> {
  let reset = 0;
  for (const chunk of chunksOf(found, IDS_PER_STATEMENT)) {
    const { numUpdatedRows } = await db
      .updateTable("customers")
      .set({ absentSweeps: 0 })
      .where("scope", "=", scope)
      .where(
        "id",
        "in",
        chunk.map(({ id }) => id),
      )
      .where("absentSweeps", ">", 0)
      .executeTakeFirstOrThrow();
    reset += Number(numUpdatedRows);
  }
  return reset;
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
