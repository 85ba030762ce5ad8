import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe } from "vitest";
import { openStore, type StoreOptions } from "../../src/app/open-store.ts";
import type { Store } from "../../src/domain/ports.ts";

/** Where one test keeps its data, and nobody else does. */
export interface Home {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

export interface TestDatabase {
  home(): Home;
  /** Another instance of the store on the data of this test; closed after it. */
  open(options?: Pick<StoreOptions, "timings" | "opsRoomId">): Promise<Store>;
}

type Suite = (database: TestDatabase) => void;

/** Runs a suite on the file database, and on PostgreSQL where `TEST_DATABASE_URL` names one. Each test begins empty. */
export function onEveryDatabase(suite: Suite): void {
  onFile(suite);
  onPostgres(suite);
}

export function onFile(suite: Suite): void {
  describe("file database", () => suite(createTestDatabase(makeFolder)));
}

export function onPostgres(suite: Suite): void {
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
  describe("PostgreSQL", () => suite(createTestDatabase(() => makeSchema(url))));
}

export interface HomeToRemove {
  readonly home: Home;
  remove(): Promise<void>;
}

/** For the whole bot: PostgreSQL where `TEST_DATABASE_URL` names one, else the file database. */
export function makeHome(): Promise<HomeToRemove> {
  const url = process.env.TEST_DATABASE_URL;
  return url === undefined || url === "" ? makeFolder() : makeSchema(url);
}

export async function makeFolder(): Promise<HomeToRemove> {
  const dataDir = mkdtempSync(join(tmpdir(), "bot-test-"));
  const remove = async () => rmSync(dataDir, { recursive: true });
  return { home: { dataDir }, remove };
}

async function makeSchema(url: string): Promise<HomeToRemove> {
  const schema = `test_${randomBytes(6).toString("hex")}`;
  await tell(url, `create schema ${schema}`);
  const inSchema = new URL(url);
  inSchema.searchParams.set("options", `-c search_path=${schema}`);
  return {
    home: { dataDir: "unused", databaseUrl: inSchema.href },
    remove: () => tell(url, `drop schema ${schema} cascade`),
  };
}

/** Says one statement to a PostgreSQL server, past the store. */
export async function tell(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function createTestDatabase(make: () => Promise<HomeToRemove>): TestDatabase {
  let made: HomeToRemove | undefined;
  let stores: Store[] = [];
  beforeEach(async () => {
    made = await make();
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
    await made?.remove();
  });
  const home = () => {
    if (made === undefined) throw new Error("A test database is at hand within a test only.");
    return made.home;
  };
  return {
    home,
    async open(options = {}) {
      const store = await openStore({ ...home(), ...options });
      stores.push(store);
      return store;
    },
  };
}
