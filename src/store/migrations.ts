import { type Kysely, Migrator, sql } from "kysely";
import { Failure } from "../errors.ts";
import { alertCardsAsides } from "./alert-cards-asides.ts";
import { alertCardsHealing } from "./alert-cards-healing.ts";
import { alertCodesTable } from "./alert-codes.ts";
import { auditSchema } from "./audit-schema.ts";
import type { MigrateOptions } from "./dialect.ts";
import { fewerIndexes } from "./fewer-indexes.ts";
import { foldAccents } from "./fold-accents.ts";
import { inboxIndexes } from "./inbox-indexes.ts";
import { inboxTurns } from "./inbox-turns.ts";
import { inboxUnderWay } from "./inbox-under-way.ts";
import { initialSchema } from "./initial-schema.ts";
import { roomZones } from "./room-zones.ts";
import type { Tables } from "./schema.ts";
import { sharedCallsTable } from "./shared-calls.ts";

/**
 * Brings the tables up to date, completely or not at all: a process killed half-way would never start again. Several
 * instances may do so at the same time: the database admits one after the other.
 * A released migration is never edited: a change of the schema is a further entry behind the last one.
 */
export async function migrate(db: Kysely<Tables>, options: MigrateOptions): Promise<void> {
  await db.connection().execute(async (connection) => {
    try {
      for (const statement of options.begin) await run(connection, statement);
      await migrateWithin(connection, options);
      await run(connection, "commit");
    } catch (error) {
      // A connection that broke, or a transaction that never began, has nothing to roll back.
      await run(connection, "rollback").catch(() => {});
      throw error;
    }
  });
}

const run = (db: Kysely<Tables>, statement: string) => sql.raw(statement).execute(db);

const MIGRATIONS = {
  "0001_initial_schema": initialSchema,
  "0002_inbox_turns": inboxTurns,
  "0003_audit": auditSchema,
  "0004_inbox_indexes": inboxIndexes,
  "0005_alert_cards_healing": alertCardsHealing,
  "0006_fewer_indexes": fewerIndexes,
  "0007_fold_accents": foldAccents,
  "0008_room_zones": roomZones,
  "0009_alert_codes": alertCodesTable,
  "0010_inbox_under_way": inboxUnderWay,
  "0011_alert_cards_asides": alertCardsAsides,
  "0012_shared_calls": sharedCallsTable,
} as const;

/** In the order in which they run. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

async function migrateWithin(db: Kysely<Tables>, { schemaDialect, schema }: MigrateOptions): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, migration]) => [name, migration(schemaDialect)]),
  );
  const migrator = new Migrator({
    db,
    disableTransactions: true,
    // The order is that of the names. Kysely would compare the times of execution, for which the clock must always have been right.
    allowUnorderedMigrations: true,
    provider: { getMigrations: async () => migrations },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw migrationFailure(error);
}

function migrationFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const [, unknown] = error instanceof Error ? (/executed migration (\S+) is missing/.exec(error.message) ?? []) : [];
  if (unknown !== undefined) return newerFailure(unknown, error);
  return new Failure("store.migration", "The database could not be brought up to date.", "See the cause.", {
    cause: error,
  });
}

/**
 * How the tables stand to those of this version: there are none yet, they are these, or the next start will bring them up to date.
 * Throws `store.newer` when another version wrote them.
 */
export type SchemaState = "none" | "current" | "older";

export async function readSchemaState(db: Kysely<Tables>, { schema }: MigrateOptions): Promise<SchemaState> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return "none";
  const place = schema === undefined ? sql.table(MIGRATION_TABLE) : sql.id(schema, MIGRATION_TABLE);
  const { rows } = await sql<{ name: string }>`select name from ${place} order by name`.execute(db);
  const unknown = rows.find(({ name }) => !MIGRATION_NAMES.includes(name));
  if (unknown !== undefined) throw newerFailure(unknown.name);
  return rows.length === MIGRATION_NAMES.length ? "current" : "older";
}

const MIGRATION_TABLE = "kysely_migration";

/** @param unknown the name of a migration that the database has and this version does not know */
export function newerFailure(unknown: string, cause?: unknown): Failure {
  const newest = MIGRATION_NAMES.at(-1) ?? "";
  return new Failure(
    "store.newer",
    `The database was written by ${unknown > newest ? "a newer" : "another"} version of this bot: it has the migration ${unknown}, and this version knows those up to ${newest}.`,
    "Deploy that version or a newer one, or give this one a database of its own.",
    { cause },
  );
}
