import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe } from "vitest";
import { openStore, type StoreOptions } from "../../src/app/open-store.ts";
import type { Store } from "../../src/domain/ports/store.ts";

/** Where one test keeps its data, and nobody else does. */
export interface DatabaseLocation {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

export interface TestDatabase {
  location(): DatabaseLocation;
  /** Another instance of the store on the data of this test; closed after it. */
  open(options?: Pick<StoreOptions, "timings" | "opsRoomId">): Promise<Store>;
}

type DatabaseSuite = (database: TestDatabase) => void;

/** Runs a suite on PostgreSQL where `TEST_DATABASE_URL` names one, else on the file database. Each test begins empty. */
export function onEveryDatabase(suite: DatabaseSuite): void {
  if (process.env.TEST_DATABASE_URL) onPostgres(suite);
  else onFile(suite);
}

export function onFile(suite: DatabaseSuite): void {
  describe("file database", () => suite(createTestDatabase(createDataDir)));
}

export function onPostgres(suite: DatabaseSuite): void {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined || url === "") {
    describe.skip("PostgreSQL: skipped, TEST_DATABASE_URL is not set", () =>
      suite(
        createTestDatabase(() => {
          throw new Error("TEST_DATABASE_URL is not set");
        }),
      ));
    return;
  }
  describe("PostgreSQL", () => suite(createTestDatabase(() => createSchema(url))));
}

export interface TemporaryDatabase {
  readonly location: DatabaseLocation;
  remove(): Promise<void>;
}

/** For the whole bot: PostgreSQL where `TEST_DATABASE_URL` names one, else the file database. */
export function createDatabase(): Promise<TemporaryDatabase> {
  const url = process.env.TEST_DATABASE_URL;
  return url === undefined || url === "" ? createDataDir() : createSchema(url);
}

export async function createDataDir(): Promise<TemporaryDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), "bot-test-"));
  const remove = async () => rmSync(dataDir, { recursive: true });
  return { location: { dataDir }, remove };
}

async function createSchema(url: string): Promise<TemporaryDatabase> {
  const schema = `test_${randomBytes(6).toString("hex")}`;
  await runStatement(url, `create schema ${schema}`);
  const inSchema = new URL(url);
  inSchema.searchParams.set("options", `-c search_path=${schema}`);
  return {
    location: { dataDir: "unused", databaseUrl: inSchema.href },
    remove: () => runStatement(url, `drop schema ${schema} cascade`),
  };
}

/** Says one statement to a PostgreSQL server, past the store. */
export async function runStatement(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function createTestDatabase(make: () => Promise<TemporaryDatabase>): TestDatabase {
  let made: TemporaryDatabase | undefined;
  let stores: Store[] = [];
  beforeEach(async () => {
    made = await make();
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
    await made?.remove();
  });
  const location = () => {
    if (made === undefined) throw new Error("A test database is at hand within a test only.");
    return made.location;
  };
  return {
    location,
    async open(options = {}) {
      const store = await openStore({ ...location(), ...options });
      stores.push(store);
      return store;
    },
  };
}
