import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe } from "vitest";
import { openStore, type StoreOptions } from "../../src/app/open-store.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { createSchema, dropSchema, returnSchema, takeSchema } from "./postgres-schemas.ts";

/** Where one test keeps its data, and nobody else does. */
export interface DatabaseLocation {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

export interface TestDatabase {
  location(): DatabaseLocation;
  /** Another instance of the store on the data of this test; closed after it. */
  open(options?: Pick<StoreOptions, "timings" | "opsRoomId" | "dataKeys" | "wallClock">): Promise<Store>;
}

type DatabaseSuite = (database: TestDatabase) => void;

interface SuiteOptions {
  /** Each test begins without tables, as the first start of the bot, and not only with empty ones. */
  readonly isNew?: boolean;
}

/** Runs a suite on PostgreSQL where `TEST_DATABASE_URL` names one, else on the file database. Each test begins empty. */
export function onEveryDatabase(suite: DatabaseSuite, options: SuiteOptions = {}): void {
  if (process.env.TEST_DATABASE_URL) onPostgres(suite, options);
  else onFile(suite);
}

export function onFile(suite: DatabaseSuite): void {
  describe("file database", () => suite(createTestDatabase(createDataDir)));
}

export function onPostgres(suite: DatabaseSuite, { isNew = false }: SuiteOptions = {}): void {
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
  describe("PostgreSQL", () => suite(createTestDatabase(() => (isNew ? newDatabase(url) : emptyDatabase(url)))));
}

export interface TemporaryDatabase {
  readonly location: DatabaseLocation;
  remove(): Promise<void>;
}

/** For the whole bot: PostgreSQL where `TEST_DATABASE_URL` names one, else the file database. */
export function createDatabase(): Promise<TemporaryDatabase> {
  const url = process.env.TEST_DATABASE_URL;
  return url === undefined || url === "" ? createDataDir() : emptyDatabase(url);
}

export async function createDataDir(): Promise<TemporaryDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), "bot-test-"));
  const remove = async () => rmSync(dataDir, { recursive: true });
  return { location: { dataDir }, remove };
}

async function emptyDatabase(url: string): Promise<TemporaryDatabase> {
  const schema = await takeSchema(url);
  return { location: locationOf(schema), remove: () => returnSchema(url, schema) };
}

async function newDatabase(url: string): Promise<TemporaryDatabase> {
  const schema = await createSchema(url);
  return { location: locationOf(schema), remove: () => dropSchema(url, schema) };
}

const locationOf = ({ databaseUrl }: { readonly databaseUrl: string }) => ({ dataDir: "unused", databaseUrl });

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
