import { sql } from "kysely";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/store/database.ts";
import { onFile } from "../support/databases.ts";

onFile((database) => {
  test("a transaction on a full disk fails as that, although SQLite has rolled it back by itself; with space it works again", async () => {
    const { db, close } = await openDatabase(database.location());
    const write = (name: string) =>
      db.transaction().execute(async (tx) => {
        for (let last = 0; last < 200; last += 1)
          await tx
            .insertInto("sequences")
            .values({ name: `${name} ${last} ${"x".repeat(2_000)}`, last })
            .execute();
      });
    const { rows } = await sql<{ pageCount: number }>`pragma page_count`.execute(db);
    await sql.raw(`pragma max_page_count = ${rows[0]?.pageCount}`).execute(db);
    await expect(write("full")).rejects.toMatchObject({ code: "store.full", retryable: true });
    await sql.raw("pragma max_page_count = 1000000").execute(db);
    await write("free");
    const { count } = await db
      .selectFrom("sequences")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("name", "like", "full%")
      .executeTakeFirstOrThrow();
    expect(count).toBe(0);
    await close();
  });
});
