import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runBackup } from "../../src/app/backup.ts";
import { openStore } from "../../src/app/open-store.ts";
import { lockDataDir } from "../../src/store/data-dir-lock.ts";
import { openDatabase } from "../../src/store/database.ts";
import { backUpFile, readLastBackup, restoreFile } from "../../src/store/file-backup.ts";
import { event, NOON } from "./inbox-fixtures.ts";

const AT = new Date("2026-11-23T12:00:00Z");

let folder: string;
let dataDir: string;
let backup: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bot-backup-"));
  dataDir = join(folder, "data");
  backup = join(folder, "bot.backup");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Adds an event under this key to the bot's database; false if it is there already. */
async function add(key: string): Promise<boolean> {
  const store = await openStore({ dataDir });
  const isNew = await store.inbox.add(event("war", key), NOON);
  await store.close();
  return isNew;
}

test("a backup is made while the bot writes, has what was committed, and is for its owner alone", async () => {
  const store = await openStore({ dataDir });
  await store.inbox.add(event("war", "before"), NOON);
  backUpFile(dataDir, backup);
  await store.inbox.add(event("war", "after"), NOON);
  await store.close();
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(["bot.backup", "data"]);
  await restoreFile(dataDir, backup, AT);
  expect(await add("before")).toBe(false);
  expect(await add("after")).toBe(true);
});

test("the folder remembers when the last backup was made", async () => {
  expect(readLastBackup(dataDir)).toBeUndefined();
  await (await openStore({ dataDir })).close();
  const before = Date.now() - 2_000;
  backUpFile(dataDir, backup);
  expect(readLastBackup(dataDir)).toBeGreaterThan(before);
});

test("what a transaction has not committed is not in the backup", async () => {
  const { db, close } = await openDatabase({ dataDir });
  await db.transaction().execute(async (tx) => {
    await tx.insertInto("sequences").values({ name: "uncommitted", last: 1 }).execute();
    backUpFile(dataDir, backup);
  });
  await close();
  await restoreFile(dataDir, backup, AT);
  const restored = await openDatabase({ dataDir });
  expect(await restored.db.selectFrom("sequences").selectAll().execute()).toEqual([]);
  await restored.close();
});

test("a backup overwrites nothing, and needs a database", async () => {
  expect(() => backUpFile(dataDir, backup)).toThrow("There is no file");
  await add("one");
  writeFileSync(backup, "something else");
  expect(() => backUpFile(dataDir, backup)).toThrow("is there already");
});

test("what was there before a restore stays beside it", async () => {
  await add("first");
  backUpFile(dataDir, backup);
  await add("second");
  const before = await restoreFile(dataDir, backup, AT);
  expect(before).toBe(join(dataDir, "bot.db.before-2026-11-23T12-00-00-000Z"));
  expect(existsSync(before ?? "")).toBe(true);
  expect([await add("first"), await add("second")]).toEqual([false, true]);
  expect(statSync(join(dataDir, "bot.db")).mode & 0o777).toBe(0o600);
});

test("nothing is restored while a bot runs", async () => {
  await add("one");
  backUpFile(dataDir, backup);
  const unlock = await lockDataDir(dataDir);
  await expect(restoreFile(dataDir, backup, AT)).rejects.toMatchObject({ code: "store.inUse" });
  unlock();
  await restoreFile(dataDir, backup, AT);
});

test("a damaged file, another database and one of a newer version are refused, and change nothing", async () => {
  await add("one");
  // libsql closes a file when it is collected as garbage, and SQLite deletes the journal then.
  const files = () => readdirSync(dataDir).filter((name) => /^bot\.db(?!-(wal|shm)$)/.test(name));
  const before = files();
  writeFileSync(backup, "no database at all, but long enough to be read as one".repeat(40));
  await expect(restoreFile(dataDir, backup, AT)).rejects.toMatchObject({ code: "backup.damaged" });
  const other = await openDatabase({ dataDir: join(folder, "other") });
  await sql`insert into kysely_migration values ('9999_from_the_future', '2030-01-01')`.execute(other.db);
  await other.close();
  const newer = restoreFile(dataDir, join(folder, "other", "bot.db"), AT);
  await expect(newer).rejects.toMatchObject({
    code: "store.newer",
    message: expect.stringContaining("9999_from_the_future"),
  });
  expect(files()).toEqual(before);
  expect(await add("one")).toBe(false);
});

/** The output of the command, and its exit code. */
async function printed(words: readonly string[], environment: Record<string, string>) {
  const lines: string[] = [];
  const print = (text: unknown) => lines.push(String(text)) > 0;
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockImplementation(print));
  await runBackup(words, environment);
  for (const spy of spies) spy.mockRestore();
  const code = process.exitCode ?? 0;
  process.exitCode = 0;
  return { text: lines.join(""), code };
}

test("the commands say what they did, what comes next, or what is wrong", async () => {
  await add("one");
  const environment = { DATA_DIR: dataDir };
  expect(await printed(["backup", backup], environment)).toMatchObject({
    text: expect.stringContaining("Backed up"),
    code: 0,
  });
  const restored = await printed(["restore", backup], environment);
  expect(restored.text).toMatch(/Restored .*What was there is now .*npm start -- --restored/s);
  expect(await printed(["backup"], environment)).toMatchObject({
    text: expect.stringContaining("Name a file"),
    code: 1,
  });
  const postgres = { DATABASE_URL: "postgres://user:secret@db.example/bot" };
  for (const work of ["backup", "restore"]) {
    const { text, code } = await printed([work, backup], postgres);
    expect([code, text]).toEqual([1, expect.stringMatching(/pg_(dump|restore)/)]);
    expect(text).not.toContain("secret");
  }
  const unreadable = await printed(["backup", backup], { ...environment, DATABASE_URL_FILE: "/no/such/file" });
  expect(unreadable).toMatchObject({ text: expect.stringContaining("DATABASE_URL_FILE"), code: 1 });
});
