import { type Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { MIGRATION_NAMES } from "../../src/store/migrations.ts";
import type { Tables } from "../../src/store/schema.ts";
import { onEveryDatabase, type TestDatabase } from "../support/databases.ts";

/** Every table and index with its definition, from the catalog of the database. */
async function readCatalog({ db, isSingleInstance }: Database): Promise<readonly unknown[]> {
  const { rows } = isSingleInstance
    ? await sql`select name, sql from sqlite_master order by name`.execute(db)
    : await sql`
        select table_name as name, column_name || ' ' || data_type as sql
        from information_schema.columns where table_schema = current_schema()
        union all
        select indexname, indexdef from pg_indexes where schemaname = current_schema()
        order by 1, 2`.execute(db);
  return rows;
}

const migrationsOf = (db: Kysely<Tables>) => sql`select * from kysely_migration`.execute(db).then(({ rows }) => rows);

async function withDatabase<T>(database: TestDatabase, use: (opened: Database) => Promise<T>): Promise<T> {
  const opened = await openDatabase(database.location());
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

onEveryDatabase(
  (database) => {
    test("an empty database gets the schema, and opening it again changes nothing", async () => {
      const read = async (opened: Database) => [await readCatalog(opened), await migrationsOf(opened.db)];
      const first = await withDatabase(database, async (opened) => {
        await opened.db.insertInto("sequences").values({ name: "alerts", last: 7 }).execute();
        return read(opened);
      });
      expect(first).toEqual([
        expect.arrayContaining([expect.objectContaining({ name: "recipient_queues_by_due" })]),
        MIGRATION_NAMES.map((name) => expect.objectContaining({ name })),
      ]);
      await withDatabase(database, async (opened) => {
        expect(await read(opened)).toEqual(first);
        expect(await opened.db.selectFrom("sequences").selectAll().execute()).toEqual([{ name: "alerts", last: 7 }]);
      });
    });

    test("a clock that was wrong during a migration does not stop a later start", async () => {
      await withDatabase(database, ({ db }) =>
        sql`update kysely_migration set timestamp = '2099-01-01' where name = '0001_initial_schema'`.execute(db),
      );
      await withDatabase(database, async ({ db }) =>
        expect(await migrationsOf(db)).toHaveLength(MIGRATION_NAMES.length),
      );
    });

    test("a database of a later version is refused, and both versions are named", async () => {
      await withDatabase(database, ({ db }) =>
        sql`insert into kysely_migration values ('9999_from_the_future', '2030-01-01')`.execute(db),
      );
      await expect(openDatabase(database.location())).rejects.toMatchObject({
        code: "store.newer",
        message: expect.stringMatching(`newer version .* 9999_from_the_future, .* up to ${MIGRATION_NAMES.at(-1)}`),
      });
    });
  },
  { isNew: true },
);
