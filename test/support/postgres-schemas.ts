import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { openStore } from "../../src/app/open-store.ts";

/** A PostgreSQL schema that one test has to itself. */
export interface TestSchema {
  readonly name: string;
  readonly databaseUrl: string;
}

interface PooledSchema extends TestSchema {
  /** Its tables and migrations as the bot makes them. */
  readonly shape: string;
}

/** Schemas with tables that are empty, and that no test has at the moment. To empty one takes a tenth of the time that a new one does. */
const idle: PooledSchema[] = [];

/** A schema with the bot's tables, all empty. */
export async function takeSchema(url: string): Promise<PooledSchema> {
  return idle.pop() ?? createPooledSchema(url);
}

/** Empties the schema for the next test; one that the test altered is dropped. */
export async function returnSchema(url: string, schema: PooledSchema): Promise<void> {
  const isReusable = await onConnection(url, async (client) => {
    if ((await shapeOf(client, schema.name)) !== schema.shape) return false;
    await emptyTables(client, schema.name);
    return true;
  });
  if (isReusable) idle.push(schema);
  else await dropSchema(url, schema);
}

/** A schema without tables. */
export async function createSchema(url: string): Promise<TestSchema> {
  const name = `${runPrefix()}${randomBytes(6).toString("hex")}`;
  await runStatement(url, `create schema ${name}`);
  const inSchema = new URL(url);
  inSchema.searchParams.set("options", `-c search_path=${name}`);
  return { name, databaseUrl: inSchema.href };
}

export const dropSchema = (url: string, { name }: Pick<TestSchema, "name">): Promise<void> =>
  runStatement(url, `drop schema ${name} cascade`);

/** Drops what the workers of this run have left, at its end. */
export async function dropAllSchemas(url: string): Promise<void> {
  await onConnection(url, async (client) => {
    const left = await client.query("select nspname as name from pg_namespace where starts_with(nspname, $1)", [
      runPrefix(),
    ]);
    // One by one, because a transaction may lock only so many tables.
    for (const { name } of left.rows) await client.query(`drop schema ${name} cascade`);
  });
}

/** Says one statement to a PostgreSQL server, past the store. */
export async function runStatement(url: string, statement: string): Promise<void> {
  await onConnection(url, (client) => client.query(statement));
}

/** Names the schemas of this run. Workers inherit it from the process that starts them. */
export function runPrefix(): string {
  process.env.TEST_SCHEMA_PREFIX ??= `test_${randomBytes(4).toString("hex")}_`;
  return process.env.TEST_SCHEMA_PREFIX;
}

async function createPooledSchema(url: string): Promise<PooledSchema> {
  const schema = await createSchema(url);
  const store = await openStore({ dataDir: "unused", databaseUrl: schema.databaseUrl });
  await store.close();
  return { ...schema, shape: await onConnection(url, (client) => shapeOf(client, schema.name)) };
}

async function shapeOf(client: Client, schema: string): Promise<string> {
  const { rows } = await client.query(
    `select (select string_agg(oid || ' ' || relnatts, ',' order by oid) from pg_class
       where relnamespace = '${schema}'::regnamespace) as tables,
     (select string_agg(name, ',' order by name) from ${schema}.kysely_migration) as migrations`,
  );
  return JSON.stringify(rows);
}

/** Leaves them as the migrations made them. */
const emptyTables = (client: Client, schema: string) =>
  client.query(`do $$ declare one record; begin
    for one in select relname, relkind from pg_class
      where relnamespace = '${schema}'::regnamespace and relkind in ('r', 'S') and relname not like 'kysely%'
    loop
      if one.relname = 'shared_calls' then execute 'update ${schema}.shared_calls set full_at = 0';
      elsif one.relkind = 'r' then execute format('delete from ${schema}.%I', one.relname);
      else execute format('alter sequence ${schema}.%I restart', one.relname);
      end if;
    end loop;
  end $$`);

async function onConnection<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
