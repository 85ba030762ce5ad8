import { readdirSync } from "node:fs";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { lookAtDatabase, openDatabase } from "../../src/store/database.ts";
import { MIGRATION_NAMES } from "../../src/store/migrations.ts";
import { createDataDir, onEveryDatabase, onFile } from "../support/databases.ts";

const last = MIGRATION_NAMES.at(-1);

onEveryDatabase((database) => {
  test("a look tells the version and how the schema stands, while a bot works on the database", async () => {
    const store = await database.open();
    const look = await lookAtDatabase(database.location());
    expect(look).toMatchObject({ schema: "current" });
    expect(look?.version).toMatch(/^(SQLite|PostgreSQL) \d+\.\d+/);
    await look?.close();
    await store.tryWrite();
  });

  test("a schema of an older version stays as it is, and one of a newer version is refused by name", async () => {
    const { db, close } = await openDatabase(database.location());
    await sql`delete from kysely_migration where name = ${last}`.execute(db);
    const look = await lookAtDatabase(database.location());
    expect(look?.schema).toBe("older");
    await look?.close();
    await sql`insert into kysely_migration values ('9999_future', '2030-01-01')`.execute(db);
    await expect(lookAtDatabase(database.location())).rejects.toMatchObject({ code: "store.newer" });
    await sql`delete from kysely_migration where name = '9999_future'`.execute(db);
    await sql`insert into kysely_migration values (${last}, '2026-01-01')`.execute(db);
    await close();
  });
});

onFile((database) => {
  test("a look at a file writes nothing: no bot runs, and nothing is left beside it", async () => {
    await (await database.open()).close();
    const look = await lookAtDatabase(database.location());
    expect(look?.schema).toBe("current");
    await expect(sql`delete from audit`.execute(look?.db as never)).rejects.toMatchObject({
      code: "store.notWritable",
    });
    await look?.close();
    expect(readdirSync(database.location().dataDir).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(["bot.db"]);
  });

  test("where there is no file, there is nothing to look at, and none is made", async () => {
    const { location, remove } = await createDataDir();
    expect(await lookAtDatabase(location)).toBeUndefined();
    expect(readdirSync(location.dataDir)).toEqual([]);
    await remove();
  });
});
