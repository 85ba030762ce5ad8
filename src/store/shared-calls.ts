import { type Kysely, type Migration, type RawBuilder, sql } from "kysely";
import type { SharedCalls, WantedCalls } from "../domain/ports/store.ts";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/**
 * One row: when the bucket is full again, epoch milliseconds by the clock of the server. PostgreSQL keeps no journal of it, so that
 * nobody waits for the disk; after a crash of the server it is empty. A file database has one instance and never uses it.
 */
export const sharedCallsTable = ({ isSerial }: SchemaDialect): Migration => ({
  async up(db: Kysely<Tables>) {
    const kind = isSerial ? sql`table` : sql`unlogged table`;
    await sql`create ${kind} shared_calls (id integer primary key, full_at double precision not null)`.execute(db);
    await sql`insert into shared_calls (id, full_at) values (1, 0)`.execute(db);
  },
});

/** A clock of the server that was set back keeps nobody waiting for longer. */
const LONGEST_WAIT_MS = 60_000;

interface TakenRow {
  readonly calls: number;
  readonly waitMs: number;
}

export const createSharedCalls = (db: Kysely<Tables>): SharedCalls => ({
  async take(wanted) {
    const { rows } = await takeCalls(wanted).execute(db);
    const [taken] = rows;
    if (taken !== undefined) return taken;
    await beginEmpty(db, wanted);
    return { calls: 0, waitMs: 0 };
  },
});

/** The row is gone, and nobody knows what calls the last minute had. */
async function beginEmpty(db: Kysely<Tables>, { size, perMs }: WantedCalls): Promise<void> {
  const fullAt = sql`${NOW} + ${size / perMs}::float8`;
  await sql`insert into shared_calls (id, full_at) values (1, ${fullAt}) on conflict do nothing`.execute(db);
}

const NOW = sql`extract(epoch from clock_timestamp())::float8 * 1000`;

/** One statement, in which the row is locked: of several instances, the second counts what the first took. */
function takeCalls({ least, most, reserve, owed, size, perMs }: WantedCalls): RawBuilder<TakenRow> {
  const number = (value: number) => sql`${value}::float8`;
  const perCall = number(1 / perMs);
  return sql<TakenRow>`
    with bucket as materialized (select full_at, ${NOW} as now from shared_calls where id = 1 for update),
    -- How long the bucket needs to be full, in calls.
    state as (select now, least(greatest(full_at - now, 0) + ${number(owed)} * ${perCall}, ${number(LONGEST_WAIT_MS)}) as lacks from bucket),
    offer as (select now, lacks, floor(${number(size)} - lacks / ${perCall} - ${number(reserve)} + 1e-6) as there from state),
    taken as (select now, lacks, case when there >= ${number(least)} then least(there, ${number(most)}) else 0 end as calls from offer),
    written as (update shared_calls set full_at = now + lacks + calls * ${perCall} from taken
      where id = 1 and (calls > 0 or ${number(owed)} > 0))
    select calls, lacks - (${number(size)} - ${number(reserve)} - ${number(least)}) * ${perCall} as "waitMs" from taken`;
}
