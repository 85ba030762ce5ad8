import { setImmediate } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import type { Customer } from "../domain/customers/customer.ts";
import { exact } from "../domain/customers/fold.ts";
import { recordAfter } from "../domain/customers/record.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { type Transition, transitionsBetween } from "../domain/customers/transition.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { writeTransitions } from "./history.ts";
import { digestOf, type Naming, recordsById, storable, writeRecords } from "./records.ts";
import type { Tables } from "./schema.ts";

type Db = Transaction<Tables>;

/** A customer as it came, and what tells whether it is news. */
export interface Arrival {
  readonly customer: Customer;
  readonly digest: string;
}

/** The last one of each id: a list that moves while it is read may say some twice (ALERTS 4). */
export const arrivalsOf = (customers: readonly Customer[]): readonly Arrival[] =>
  [...new Map(customers.map((customer) => [customer.id, customer])).values()].map((customer) => ({
    customer,
    digest: digestOf(customer),
  }));

/** A customer as it is now, and as it was before. */
export interface News {
  readonly customer: Customer;
  readonly before?: Customer | undefined;
}

interface Seen {
  readonly scope: string;
  readonly at: number;
}

export interface Written {
  readonly transitions: readonly Transition[];
  /** Who is not as it was kept, by the name that is known, and how it was. */
  readonly news: readonly News[];
  /** Whether anything was written at all. */
  readonly wrote: boolean;
}

/** Compares what arrived with what is kept, by digest, and writes what is new. */
export async function writeArrivals(db: Db, arrivals: readonly Arrival[], seen: Seen): Promise<Written> {
  const kept = await readKept(
    db,
    seen.scope,
    arrivals.map(({ customer }) => customer.id),
  );
  const namings = await readNamings(
    db,
    arrivals.map(({ customer }) => exact(customer.orgId)),
  );
  const namingOf = ({ orgId }: Customer) => namings.get(exact(orgId)) ?? NAMELESS;
  const news = arrivals.filter(({ customer, digest }) => {
    const row = kept.get(customer.id);
    return row?.digest !== digest || row.namedAt !== namingOf(customer).namedAt;
  });
  const returned = [...kept.values()].filter(({ absent }) => absent > 0).map(({ key }) => key);
  if (returned.length > 0) {
    await db.updateTable("customers").set({ absent: 0 }).where("key", "in", returned).execute();
  }
  const named = news.map((one) => ({ ...one, naming: namingOf(one.customer) }));
  return { ...(await writeNews(db, seen, named)), wrote: returned.length + news.length > 0 };
}

const NAMELESS: Naming = { name: null, namedAt: 0 };

async function readKept(db: Db, scope: string, ids: readonly string[]) {
  const rows = [];
  for (const chunk of chunksOf(ids, IDS)) {
    const some = await db
      .selectFrom("customers")
      .select(["key", "id", "digest", "namedAt", "absent"])
      .where("scope", "=", scope)
      .where("id", "in", chunk)
      .execute();
    rows.push(...some);
  }
  return new Map(rows.map((row) => [row.id, row]));
}

/** A name may have been read while the page was on its way: what was read last is what the customers of today are given. */
async function readNamings(db: Db, orgIds: readonly string[]): Promise<ReadonlyMap<string, Naming>> {
  const rows = [];
  for (const chunk of chunksOf([...new Set(orgIds)], IDS)) {
    const some = await db
      .selectFrom("organisations")
      .select(["orgId", "name", "readAt as namedAt"])
      .where("orgId", "in", chunk)
      .execute();
    rows.push(...some);
  }
  return new Map(rows.map((row) => [row.orgId, row]));
}

type Named = Arrival & { readonly naming: Naming };

async function writeNews(
  db: Db,
  { scope, at }: Seen,
  news: readonly Named[],
): Promise<Omit<Written, "wrote">> {
  if (news.length === 0) return { transitions: [], news: [] };
  const before = await recordsById(
    db,
    scope,
    news.map(({ customer }) => customer.id),
  );
  const recorded = news.map(({ customer, digest, naming }) => {
    const record = recordAfter(before.get(customer.id), storable(customer), at);
    return { record, digest, naming };
  });
  await writeRecords(db, scope, recorded);
  const isBaseline = before.size < news.length && !(await wasSwept(db, scope));
  const changes = recorded.map(({ record: { customer }, naming: { name } }) => ({
    customer: name === null ? customer : { ...customer, name },
    before: before.get(customer.id)?.customer,
  }));
  const transitions = changes.flatMap(({ customer, before: old }) =>
    old === undefined && isBaseline ? [] : transitionsBetween(old, customer, at),
  );
  await writeTransitions(db, scope, transitions);
  return { transitions, news: changes };
}

/** Before its first complete sweep, a customer that is new to the bot is new to nobody else: no step in its history. */
async function wasSwept(db: Db, scope: string): Promise<boolean> {
  const sweep = await db
    .selectFrom("sweeps")
    .select("id")
    .where("scope", "=", scope)
    .where("state", "in", ["complete", "suspect"])
    .limit(1)
    .executeTakeFirst();
  return sweep !== undefined;
}

/** Whose count of absences changes, by key. */
export interface Absence {
  readonly missed: readonly number[];
  readonly returned: readonly number[];
}

const PAGE = 2000;

/** Compares who is kept with who was seen, in pages between which the event loop goes on. */
export async function findAbsence(
  db: Kysely<Tables>,
  scope: Scope,
  seen: ReadonlySet<string>,
): Promise<Absence> {
  const [missed, returned]: [number[], number[]] = [[], []];
  for (let last: string | undefined = ""; last !== undefined; await setImmediate()) {
    const rows = await db
      .selectFrom("customers")
      .select(["key", "id", "absent"])
      .where("scope", "=", scope)
      .where("id", ">", last)
      .orderBy("id")
      .limit(PAGE)
      .execute();
    missed.push(...rows.filter(({ id }) => !seen.has(id)).map(({ key }) => key));
    returned.push(...rows.filter(({ id, absent }) => seen.has(id) && absent > 0).map(({ key }) => key));
    last = rows.length < PAGE ? undefined : rows.at(-1)?.id;
  }
  return { missed, returned };
}

/** Counts, and names those who have been absent twice or more often. */
export async function countAbsence(
  db: Transaction<Tables>,
  scope: Scope,
  { missed, returned }: Absence,
): Promise<readonly string[]> {
  for (const keys of chunksOf(missed, IDS)) {
    await db
      .updateTable("customers")
      .set((is) => ({ absent: is("absent", "+", 1) }))
      .where("key", "in", keys)
      .execute();
  }
  for (const keys of chunksOf(returned, IDS)) {
    await db.updateTable("customers").set({ absent: 0 }).where("key", "in", keys).execute();
  }
  const rows = await db
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("absent", ">", 1)
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}
