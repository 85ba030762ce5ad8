import type { Kysely } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { compiledCommand, compiledQuery } from "../../src/store/compiled.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { Tables } from "../../src/store/schema.ts";
import { onEveryDatabase } from "../support/databases.ts";

onEveryDatabase((database) => {
  async function open(): Promise<Kysely<Tables>> {
    const { db, close } = await openDatabase(database.location());
    onTestFinished(close);
    return db;
  }

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
    const db = await open();
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
    await expect(wrong(await open(), { now: 1 })).rejects.toThrow(
      "The parameter now has no value when the query is built: pass the result instead.",
    );
  });
});
