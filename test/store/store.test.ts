import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/app/open-store.ts";
import type { PostedCard } from "../../src/domain/ports/messaging.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { lockDataDir } from "../../src/store/data-dir-lock.ts";
import { onEveryDatabase, onFile, onPostgres } from "../support/databases.ts";
import { DAY } from "../support/time.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const ada = { personId: "ada", email: "ada@example.com", orgId: "provider", displayName: "Ada" };
const token = { refreshToken: "refresh", accessToken: "access", expiresAt: NOON + DAY, origin: "first" };
const message = { idempotencyKey: "m1", roomId: "war room", resource: "messages", event: "created", body: "{}" };
const card: PostedCard = {
  messageId: "card",
  roomId: "war room",
  kind: "customers",
  command: "customers",
  senderId: "ada",
  rows: [],
  edits: 0,
  shownAt: NOON,
};

async function fill({ inbox, cards, people, rooms, tokens }: Store): Promise<void> {
  await inbox.add(message, NOON);
  await cards.save(card);
  await people.save(ada, NOON);
  await rooms.saveMembers("war room", [{ ...ada, membershipId: "m-ada" }], NOON);
  await rooms.allow("war room", true, "ada", NOON);
  await rooms.reserveDenial("war room", "guest", NOON, DAY);
  await tokens.save(token, NOON);
}

onEveryDatabase((database) => {
  test("a restart forgets nothing", async () => {
    const before = await openStore(database.location());
    await fill(before);
    await before.close();
    const { inbox, cards, people, rooms, tokens } = await database.open();
    expect(await inbox.add(message, NOON)).toBe(false);
    expect(await inbox.claim("bob", NOON, DAY)).toMatchObject({ roomId: "war room", body: "{}" });
    expect(await cards.find("card")).toEqual(card);
    expect(await people.find("ada", NOON)).toEqual(ada);
    expect(await rooms.members("war room")).toMatchObject({ list: [{ personId: "ada" }] });
    expect(await rooms.isAllowed("war room")).toBe(true);
    expect(await rooms.reserveDenial("war room", "guest", NOON + 1, DAY)).toBe(false);
    expect(await tokens.read()).toEqual(token);
  });

  test("there is no token before the first one, and one after many", async () => {
    const { tokens } = await database.open();
    expect(await tokens.read()).toBeUndefined();
    await tokens.save(token, NOON);
    await tokens.save({ ...token, refreshToken: "rotated" }, NOON + 1);
    expect(await tokens.read()).toEqual({ ...token, refreshToken: "rotated" });
  });

  test("tidying forgets what is old, and no more than that", async () => {
    const store = await database.open();
    await fill(store);
    const event = await store.inbox.claim("ada", NOON, DAY);
    if (event) await store.inbox.done(event.id, NOON);
    expect(await store.tidy(NOON + DAY)).toBe(0);
    // The denial; then the person and the member list; then the card. The answered event is the last of all, and stays.
    expect(await store.tidy(NOON + DAY + 1)).toBe(1);
    expect(await store.tidy(NOON + 7 * DAY + 1)).toBe(2);
    expect(await store.cards.find("card")).toEqual(card);
    expect(await store.tidy(NOON + 30 * DAY + 1)).toBe(1);
    expect(await store.cards.find("card")).toBeUndefined();
    expect(await store.rooms.isAllowed("war room")).toBe(true);
    expect(await store.tokens.read()).toEqual(token);
  });

  test("a store that is open can be written", async () => {
    const store = await database.open();
    for (const _ of [1, 2]) await expect(store.tryWrite()).resolves.toBeUndefined();
  });
});

onFile((database) => {
  test("nobody else can read the file database, which holds a refresh token", async () => {
    const dataDir = join(database.location().dataDir, "fresh", "data");
    const unlock = await lockDataDir(dataDir);
    onTestFinished(unlock);
    const store = await openStore({ dataDir });
    await fill(store);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dataDir)).toEqual(
      expect.arrayContaining(["bot.db", "bot.db-shm", "bot.db-wal", "bot.lock", "bot.lock-journal"]),
    );
    for (const file of readdirSync(dataDir)) expect(modeOf(dataDir, file)).toBe(0o600);
    await store.close();
  });

  test("another program that opens and closes the file takes nothing from the bot, also after a check of the health", async () => {
    const { dataDir } = database.location();
    const store = await openStore({ dataDir });
    await store.tryWrite();
    const visit = `const Libsql = require("libsql"); const file = new Libsql(${JSON.stringify(join(dataDir, "bot.db"))});
      file.prepare("select count(*) as n from sequences").all(); file.close();`;
    execFileSync(process.execPath, ["-e", visit], { stdio: "pipe" });
    // The last one to close the file deletes its journal.
    expect(existsSync(join(dataDir, "bot.db-wal"))).toBe(true);
    await expect(store.tryWrite()).resolves.toBeUndefined();
    await store.close();
  });

  test("a process that visits the file of a bot leaves the journal to it", async () => {
    const location = database.location();
    const bot = await openStore({ ...location, ownsFile: true });
    await fill(bot);
    const journalSize = () => statSync(join(location.dataDir, "bot.db-wal"), { throwIfNoEntry: false })?.size ?? 0;
    const before = journalSize();
    const visitor = await openStore(location);
    await visitor.close();
    expect(journalSize()).toBe(before);
    await bot.close();
    expect(journalSize()).toBe(0);
  });

  test("files that others may read, such as a restored backup, are made private", async () => {
    const { dataDir } = database.location();
    for (const file of ["bot.lock", "bot.db", "bot.db-wal"]) writeFileSync(join(dataDir, file), "", { mode: 0o644 });
    const unlock = await lockDataDir(dataDir);
    onTestFinished(unlock);
    await expect(lockDataDir(dataDir)).rejects.toThrow("Another bot is running");
    const store = await openStore({ dataDir });
    await fill(store);
    for (const file of readdirSync(dataDir)) expect(modeOf(dataDir, file)).toBe(0o600);
    await store.close();
  });
});

const modeOf = (folder: string, file: string) => statSync(join(folder, file)).mode & 0o777;

onPostgres(
  (database) => {
    test("instances that start together on an empty database all come up", async () => {
      const stores = await Promise.all([database.open(), database.open(), database.open(), database.open()]);
      const added = await Promise.all(stores.map(({ inbox }) => inbox.add(message, NOON)));
      expect(added.filter(Boolean)).toHaveLength(1);
    });
  },
  { isNew: true },
);
