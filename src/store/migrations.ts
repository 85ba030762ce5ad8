import { type Kysely, type Migration, Migrator, sql } from "kysely";
import { Failure } from "../errors.ts";
import { alertingTables, askedColumns, spaceNames } from "./alerting-migration.ts";
import type { MigrateOptions } from "./database-errors.ts";
import type { Tables } from "./schema.ts";
import { snapshotTables } from "./snapshot-migration.ts";

/** Brings the tables up to date. Several instances may do so at once: PostgreSQL lets one in at a time. */
export async function migrate(db: Kysely<Tables>, options: MigrateOptions): Promise<void> {
  const { numbering, schema } = options;
  const migrations = {
    "0001_first_tables": firstTables(numbering),
    "0002_snapshot": snapshotTables(options),
    "0003_alerting": alertingTables(options),
    "0004_space_names": spaceNames(options),
    "0005_asked_columns": askedColumns(),
  };
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw migrationFailure(error);
}

function migrationFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Error && error.message.startsWith("corrupted migrations")) {
    return new Failure(
      "store.newer",
      "The database was written by another version of this bot.",
      "Deploy that version or a newer one, or give this one a database of its own.",
      { cause: error },
    );
  }
  return new Failure("store.migration", "The database could not be brought up to date.", "See the cause.", {
    cause: error,
  });
}

function firstTables(numbering: MigrateOptions["numbering"]): Migration {
  return {
    async up(db: Kysely<Tables>) {
      await createInboxTable(db, numbering);
      await createCardTable(db);
      await createPeopleAndRoomTables(db);
      await createTokenTable(db);
    },
  };
}

async function createInboxTable(db: Kysely<Tables>, numbering: MigrateOptions["numbering"]): Promise<void> {
  const table = db.schema.createTable("inbox");
  const numbered =
    numbering === "identity"
      ? table.addColumn("id", "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey())
      : table.addColumn("id", "integer", (column) => column.autoIncrement().primaryKey());
  await numbered
    .addColumn("key", "text", (column) => column.notNull().unique())
    .addColumn("roomId", "text", (column) => column.notNull())
    .addColumn("resource", "text", (column) => column.notNull())
    .addColumn("event", "text", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .addColumn("receivedAt", "bigint", (column) => column.notNull())
    .addColumn("dueAt", "bigint", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("holder", "text")
    .addColumn("leasedUntil", "bigint")
    .addColumn("processedAt", "bigint")
    .execute();
  // Only what waits is indexed: the answered rows, kept to know duplicates, do not slow a claim down.
  const waiting = (name: string, columns: ("roomId" | "id" | "dueAt")[]) =>
    db.schema.createIndex(name).on("inbox").columns(columns).where(sql.ref("processedAt"), "is", null).execute();
  await waiting("inbox_by_room", ["roomId", "id"]);
  await waiting("inbox_by_due", ["dueAt", "id"]);
  await db.schema
    .createIndex("inbox_one_per_room")
    .unique()
    .on("inbox")
    .column("roomId")
    .where(sql.ref("holder"), "is not", null)
    .execute();
}

async function createCardTable(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("cards")
    .addColumn("messageId", "text", (column) => column.primaryKey())
    .addColumn("roomId", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("senderId", "text", (column) => column.notNull())
    .addColumn("shownAt", "bigint", (column) => column.notNull())
    .addColumn("card", "text", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("cards_by_room").on("cards").columns(["roomId", "kind", "shownAt"]).execute();
  await db.schema.createIndex("cards_by_age").on("cards").column("shownAt").execute();
}

async function createPeopleAndRoomTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("people")
    .addColumn("personId", "text", (column) => column.primaryKey())
    .addColumn("person", "text", (column) => column.notNull())
    .addColumn("readAt", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("roomMembers")
    .addColumn("roomId", "text", (column) => column.primaryKey())
    .addColumn("members", "text", (column) => column.notNull())
    .addColumn("readAt", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("allowedRooms")
    .addColumn("roomId", "text", (column) => column.primaryKey())
    .addColumn("allowed", "integer", (column) => column.notNull())
    .addColumn("byPersonId", "text", (column) => column.notNull())
    .addColumn("decidedAt", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("refusals")
    .addColumn("roomId", "text", (column) => column.notNull())
    .addColumn("senderId", "text", (column) => column.notNull())
    .addColumn("sentAt", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("refusals_key", ["roomId", "senderId"])
    .execute();
}

async function createTokenTable(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("tokens")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("refreshToken", "text", (column) => column.notNull())
    .addColumn("accessToken", "text", (column) => column.notNull())
    .addColumn("expiresAt", "bigint", (column) => column.notNull())
    .addColumn("origin", "text", (column) => column.notNull())
    .addColumn("savedAt", "bigint", (column) => column.notNull())
    .execute();
}
