import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/store/database.ts";
import { onEveryDatabase, type TestDatabase } from "../support/databases.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const [KEY, NEW_KEY] = [randomBytes(32), randomBytes(32)];
const PAIR = { refreshToken: "refresh-secret", accessToken: "access-secret", expiresAt: NOON, origin: "configured" };

/** The row as it stands in the database. */
async function rowIn(database: TestDatabase) {
  const { db, close } = await openDatabase(database.location());
  const row = await db.selectFrom("tokens").selectAll().executeTakeFirst();
  await close();
  return row;
}

onEveryDatabase((database) => {
  const openWith = async (...dataKeys: readonly Buffer[]) => (await database.open({ dataKeys })).tokens;

  /** A pair that is stored under these keys. */
  const saveWith = async (...keys: readonly Buffer[]) => (await openWith(...keys)).save(PAIR, NOON);

  const change = async (columns: { refreshToken?: string; accessToken?: string }) => {
    const { db, close } = await openDatabase(database.location());
    await db.updateTable("tokens").set(columns).execute();
    await close();
  };

  test("with a key, no token is in the database, and the same text looks different each time", async () => {
    await saveWith(KEY);
    const first = await rowIn(database);
    expect(JSON.stringify(first)).not.toContain("secret");
    expect(await (await openWith(KEY)).read()).toEqual(PAIR);
    await saveWith(KEY);
    expect((await rowIn(database))?.refreshToken).not.toBe(first?.refreshToken);
  });

  test("what was stored before there was a key is encrypted once", async () => {
    await saveWith();
    expect(JSON.stringify(await rowIn(database))).toContain("refresh-secret");
    const tokens = await openWith(KEY);
    expect(await tokens.applyKey("configured")).toBe(true);
    expect(JSON.stringify(await rowIn(database))).not.toContain("secret");
    expect(await tokens.read()).toEqual(PAIR);
    expect(await tokens.applyKey("configured")).toBe(false);
  });

  test("a key is replaced in three starts: old, new and old, new", async () => {
    await saveWith(KEY);
    expect(await (await openWith(NEW_KEY, KEY)).applyKey("configured")).toBe(true);
    const tokens = await openWith(NEW_KEY);
    expect(await tokens.applyKey("configured")).toBe(false);
    expect(await tokens.read()).toEqual(PAIR);
  });

  test.each([
    ["no key", [], "DATA_KEY is not set"],
    ["another key", [NEW_KEY], "and DATA_KEY has"],
  ])("with %s the start fails, says what to do, and leaves the token as it is", async (_, keys, what) => {
    await saveWith(KEY);
    const before = await rowIn(database);
    await expect((await openWith(...keys)).applyKey("configured")).rejects.toMatchObject({
      code: "store.key",
      message: expect.stringContaining(what),
      hint: expect.stringContaining("WHOLESALE_REFRESH_TOKEN"),
    });
    expect(await rowIn(database)).toEqual(before);
  });

  test("a lost key is overcome by a new refresh token; without any, the stored one stays", async () => {
    await saveWith(KEY);
    const tokens = await openWith(NEW_KEY);
    expect(await tokens.applyKey(undefined)).toBe(false);
    expect(await rowIn(database)).toBeDefined();
    expect(await tokens.applyKey("new")).toBe(false);
    expect(await rowIn(database)).toBeUndefined();
    expect(await tokens.read()).toBeUndefined();
  });

  test("a ciphertext that is changed, cut, or moved to the other column is not read", async () => {
    await saveWith(KEY);
    const { refreshToken = "", accessToken = "" } = (await rowIn(database)) ?? {};
    const tokens = await openWith(KEY);
    const last = refreshToken.at(-3) === "A" ? "B" : "A";
    const forged = [
      `${refreshToken.slice(0, -3)}${last}${refreshToken.slice(-2)}`,
      refreshToken.slice(0, 30),
      accessToken,
    ];
    for (const stored of forged) {
      await change({ refreshToken: stored });
      await expect(tokens.read()).rejects.toMatchObject({ code: "store.changed" });
    }
  });
});
