import { type Kysely, sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { compiledCommand, compiledQuery } from "../../src/store/compiled.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { Tables } from "../../src/store/schema.ts";
import { onEveryDatabase, onFile, type TestDatabase } from "../support/databases.ts";

async function open(database: TestDatabase): Promise<Kysely<Tables>> {
  const { db, close } = await openDatabase(database.location());
  onTestFinished(close);
  return db;
}

onEveryDatabase((database) => {
  let builds = 0;
  const bind = compiledCommand((db, { roomId, scope }: { roomId: string; scope: string }) =>
    db
      .insertInto("roomScopes")
      .values({ roomId, scope, byPersonId: "ada", boundAt: 1 })
      .onConflict((conflict) => conflict.column("roomId").doNothing()),
  );
  const roomsOf = compiledQuery((db: Kysely<Tables>, { scope, max }: { scope: string; max: number }) => {
    builds += 1;
    return db.selectFrom("roomScopes").select("roomId").where("scope", "=", scope).orderBy("roomId").limit(max);
  });

  test("a query is built once and takes other values each time, in a transaction as well", async () => {
    const db = await open(database);
    builds = 0;
    expect(await bind(db, { roomId: "a", scope: "north" })).toBe(1);
    expect(await bind(db, { roomId: "a", scope: "south" })).toBe(0);
    await db.transaction().execute(async (tx) => {
      await bind(tx, { roomId: "b", scope: "north" });
      await bind(tx, { roomId: "c", scope: "south" });
      expect(await roomsOf(tx, { scope: "north", max: 9 })).toEqual([{ roomId: "a" }, { roomId: "b" }]);
    });
    expect(await roomsOf(db, { scope: "north", max: 1 })).toEqual([{ roomId: "a" }]);
    expect(await roomsOf(db, { scope: "south", max: 9 })).toEqual([{ roomId: "c" }]);
    expect(builds).toBe(1);
  });

  test("a parameter that is calculated with is refused when the query is built", async () => {
    const wrong = compiledQuery((db, { now }: { now: number }) =>
      db
        .selectFrom("mutes")
        .select("roomId")
        .where("until", "<=", now - 1),
    );
    await expect(wrong(await open(database), { now: 1 })).rejects.toThrow(
      "The parameter now has no value when the query is built: pass the result instead.",
    );
  });
});

onFile((database) => {
  /** 2 while commits wait for the disk, 1 while they do not. */
  const waiting = (db: Kysely<Tables>) =>
    db.selectFrom(sql<{ synchronous: number }>`pragma_synchronous`.as("setting")).select("setting.synchronous");
  const waitingOfLost = compiledQuery((db) => waiting(db), { mayBeLost: true });
  const failing = compiledQuery((db) => db.selectFrom("inbox").select(sql.raw("no_column").as("x")), {
    mayBeLost: true,
  });

  test("a commit that may be lost does not wait for the disk, and each other one does", async () => {
    const db = await open(database);
    const waits = async () => (await waiting(db).execute())[0]?.synchronous;
    expect(await waits()).toBe(2);
    for (let n = 0; n < 2; n += 1) {
      expect(await waitingOfLost(db, {})).toEqual([{ synchronous: 1 }]);
      expect(await waits()).toBe(2);
    }
    await expect(failing(db, {})).rejects.toThrow();
    expect(await waits()).toBe(2);
  });
});
