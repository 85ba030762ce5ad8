import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import Libsql from "libsql";
import { afterEach, expect, test } from "vitest";
import { openStore } from "../../src/app/open-store.ts";
import { Failure } from "../../src/errors.ts";
import { openDatabase } from "../../src/store/database.ts";
import { fileFailure } from "../../src/store/file.ts";
import { onFile, onPostgres } from "../support/databases.ts";
import { runStatement } from "../support/postgres-schemas.ts";
import { until } from "../support/until.ts";

const NOBODY = 65_534;

async function failure(opening: Promise<unknown>): Promise<Failure> {
  const outcome = await opening.catch((error: unknown) => error);
  if (outcome instanceof Failure) return outcome;
  throw new Error(`Expected a Failure, got ${inspect(outcome)}`);
}

/** Does it with the rights of an ordinary user: root may write anywhere. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

onFile((database) => {
  test("a directory that may not be written is named, with what to do about it", async () => {
    const { dataDir } = database.location();
    chmodSync(dataDir, 0o555);
    const refused = await failure(asNobody(() => openStore({ dataDir })));
    chmodSync(dataDir, 0o755);
    expect(refused).toMatchObject({ code: "store.notWritable", retryable: false });
    expect(refused.message).toContain(join(dataDir, "bot.db"));
    expect(refused.hint).toContain("DATA_DIR");
  });

  test("a file in the place of the directory is no place for a database", async () => {
    const file = join(database.location().dataDir, "file");
    writeFileSync(file, "");
    expect(await failure(openStore({ dataDir: file }))).toMatchObject({ code: "store.notWritable" });
  });

  test("while another program holds the lock of the file, a write waits and the process goes on", async () => {
    const { dataDir } = database.location();
    const store = await openStore({ dataDir });
    const other = new Libsql(join(dataDir, "bot.db"));
    other.exec("begin immediate");
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    const written = Promise.all([store.tryWrite(), store.outbox.notifyOps(["A title"], 0), store.outbox.release()]);
    // A wait inside of SQLite would keep the loop from turning, until the writes fail.
    await until(() => expect(turns).toBeGreaterThan(20));
    other.exec("commit");
    await expect(written).resolves.toBeDefined();
    clearInterval(turning);
    other.close();
    await store.close();
  });

  test("during a long transaction the process goes on with other work", async () => {
    const { db, close } = await openDatabase(database.location());
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      turning = setImmediate(turn);
    };
    let turning = setImmediate(turn);
    await db.transaction().execute(async (tx) => {
      for (let i = 0; i < 100; i += 1) await tx.selectFrom("sequences").selectAll().execute();
    });
    clearImmediate(turning);
    expect(turns).toBeGreaterThanOrEqual(10);
    await close();
  });

  test("a file that is no database is not overwritten", async () => {
    const { dataDir } = database.location();
    writeFileSync(join(dataDir, "bot.db"), "a letter to mother, of some length ".repeat(40));
    expect(await failure(openStore({ dataDir }))).toMatchObject({ code: "store.damaged" });
  });
});

test("a full disk and a busy file pass, and the failure says what they wait for", () => {
  const failed = (code: string) => fileFailure(Object.assign(new Error(), { code }), "/data/bot.db");
  expect(failed("SQLITE_FULL")).toMatchObject({ code: "store.full", retryable: true });
  expect(failed("ENOSPC")).toMatchObject({ code: "store.full", retryable: true });
  expect(failed("SQLITE_BUSY_SNAPSHOT")).toMatchObject({ code: "store.busy", retryable: true });
  expect(failed("SQLITE_IOERR")).toMatchObject({ code: "store.rejected", retryable: false });
});

onPostgres((database) => {
  const address = (change: (url: URL) => void): string => {
    const url = new URL(database.location().databaseUrl ?? "");
    change(url);
    return url.href;
  };
  const opening = (change: (url: URL) => void) =>
    failure(openStore({ dataDir: "unused", databaseUrl: address(change) }));

  test("a wrong password is reported without repeating it", async () => {
    const refused = await opening((url) => {
      url.password = "open-sesame";
    });
    expect(refused).toMatchObject({ code: "store.login", retryable: false });
    expect(refused.hint).toContain("password in DATABASE_URL");
    expect(inspect(refused, { depth: 9 })).not.toContain("open-sesame");
  });

  test("a database that does not exist is distinguished from a server that does not", async () => {
    const refused = await opening((url) => {
      url.pathname = "/nowhere";
    });
    expect(refused).toMatchObject({ code: "store.noDatabase", retryable: false });
  });

  test("a search path without a schema is reported before any table is made", async () => {
    const refused = await opening((url) => {
      url.searchParams.set("options", "-c search_path=missing");
    });
    expect(refused).toMatchObject({ code: "store.noSchema" });
  });

  test("a connection that the server ends is replaced, in use or idle, and the idle one is logged", async () => {
    const warned: string[] = [];
    const log = { warn: (event: string) => void warned.push(event), info: () => {} };
    const { db, close } = await openDatabase({ ...database.location(), log });
    const pid = (on: typeof db) =>
      on.selectNoFrom(({ fn }) => fn<number>("pg_backend_pid").as("pid")).executeTakeFirstOrThrow();
    const end = async (on: typeof db) =>
      runStatement(database.location().databaseUrl ?? "", `select pg_terminate_backend(${(await pid(on)).pid})`);

    const inUse = db.transaction().execute(async (transaction) => {
      await end(transaction);
      await pid(transaction);
    });
    expect(await failure(inUse)).toMatchObject({ code: "store.unreachable", retryable: true });
    await end(db);
    await until(() => expect(warned).toContain("store.connection_lost"));
    expect(await pid(db)).toEqual({ pid: expect.any(Number) });
    await close();
  });
});

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that answers as told to each first packet it gets. */
function listen(answer: (packet: Buffer, socket: Socket) => void): Promise<number> {
  const listening = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (packet) => answer(packet, socket));
  });
  server = listening;
  return new Promise((resolve) => {
    listening.listen(0, "127.0.0.1", () => {
      const address = listening.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

const TLS_GREETING = 80_877_103;

test("a server without TLS is asked again without, unless the address insists on it", async () => {
  const greetings: boolean[] = [];
  const port = await listen((packet, socket) => {
    const isTls = packet.readInt32BE(4) === TLS_GREETING;
    greetings.push(isTls);
    socket.end(isTls ? "N" : LOGIN_REFUSED);
  });
  const databaseUrl = `postgres://bot:secret@127.0.0.1:${port}/bot`;
  expect(await failure(openStore({ dataDir: "unused", databaseUrl }))).toMatchObject({ code: "store.login" });
  expect(greetings).toEqual([true, false]);
  const insisting = { dataDir: "unused", databaseUrl: `${databaseUrl}?sslmode=require` };
  expect(await failure(openStore(insisting))).toMatchObject({ code: "store.tls" });
  expect(greetings).toEqual([true, false, true]);
});

test("a server that is not there is worth another try", async () => {
  const port = await listen(() => {});
  await new Promise((resolve) => server?.close(resolve));
  const databaseUrl = `postgres://bot:secret@127.0.0.1:${port}/bot`;
  const refused = await failure(openStore({ dataDir: "unused", databaseUrl }));
  expect(refused).toMatchObject({ code: "store.unreachable", retryable: true });
  expect(refused.message).toContain(`127.0.0.1:${port}`);
});

const LOGIN_REFUSED = errorResponse({ S: "FATAL", C: "28P01", M: "password authentication failed" });

/** PostgreSQL's message of type E: fields of a letter and a text each. */
function errorResponse(fields: Readonly<Record<string, string>>): Buffer {
  const body = Object.entries(fields).map(([letter, text]) => `${letter}${text}\0`);
  const content = Buffer.from(`${body.join("")}\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from("E"), length, content]);
}
