import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Libsql from "libsql";
import { expect, test } from "vitest";
import { onFile } from "../support/databases.ts";
import { NOON } from "./sweep-fixtures.ts";

/** The file database of a release, written out as SQL. A release adds its own; none is ever changed. */
const STORED = readFileSync(join(import.meta.dirname, "../fixtures/database-0.1.0.sql"), "utf8");

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
}

/** The columns of every table, by table and name. */
function columnsOf(path: string): ReadonlyMap<string, Column> {
  const database = new Libsql(path);
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  const columns = (tables as readonly { readonly name: string }[]).flatMap(({ name: table }) => {
    const read = database.prepare(`select * from pragma_table_info('${table}')`).all() as readonly Column[];
    return read.map((column) => [`${table}.${column.name}`, column] as const);
  });
  database.close();
  return new Map(columns);
}

function storedIn(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, "bot.db");
  const database = new Libsql(path);
  database.exec(STORED);
  database.close();
  return path;
}

onFile((database) => {
  test("a database of 0.1.0 is read by this version, with everything in it", async () => {
    storedIn(database.location().dataDir);
    const store = await database.open();
    const { watches, mutes } = await store.alerts.roomState("war");
    expect(watches).toMatchObject([{ number: 1, ownerId: "ada", space: "War room" }]);
    expect(mutes).toMatchObject([{ because: "a rollout" }]);
    expect(await store.alerts.active("")).toMatchObject([{ key: { customerId: "a" }, state: "open" }]);
    expect((await store.snapshot.get("", "a"))[0]?.customer.status).toBe("provisioned_with_errors");
    expect(await store.rooms.isAllowed("war")).toBe(true);
    expect(await store.rooms.scopeOf("north room")).toBe("north");
    expect(await store.inbox.waiting()).toBe(1);
    expect(await store.tokens.read()).toMatchObject({ refreshToken: "refresh", expiresAt: NOON });
    const { rows } = await store.audit.find({ terms: [], offset: 0, max: 9 });
    expect(rows).toMatchObject([{ text: "watch confirm=yes", outcome: "done", who: { name: "Ada" } }]);
  });

  test("what 0.1.0 stored with accents is found without them", async () => {
    const path = storedIn(database.location().dataDir);
    const before = new Libsql(path);
    before.exec(
      "update customers set title_key = 'são', city_key = 'são paulo', search_text = '\nsão\next-a\nsão paulo'",
    );
    before.close();
    const store = await database.open();
    const find = async (field: "city" | "text" | "name", text: string) => {
      const filter = [{ field, negated: false, values: [{ text, prefix: false }] }];
      return (await store.snapshot.find("", { filter, offset: 0, max: 9, now: NOON })).total;
    };
    expect([await find("city", "sao paulo"), await find("city", "São Paulo"), await find("text", "sao")]).toEqual([
      2, 2, 2,
    ]);
    expect(await find("name", "SAO")).toBe(2);
  });

  test("0.1.0 works on the schema of this version: every column is there, and a new one may be left out", async () => {
    const path = storedIn(database.location().dataDir);
    const before = columnsOf(path);
    await (await database.open()).close();
    const after = columnsOf(path);
    const tables = new Set([...before.keys()].map((name) => name.split(".")[0]));
    for (const [name, column] of before)
      expect([name, after.get(name)]).toEqual([name, { ...after.get(name), ...column }]);
    const unfit = [...after].filter(
      ([name, { notnull, dflt_value }]) =>
        !before.has(name) && tables.has(name.split(".")[0]) && notnull === 1 && dflt_value === null,
    );
    expect(unfit).toEqual([]);
  });
});
