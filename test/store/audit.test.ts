import { expect, test } from "vitest";
import type { AuditField, AuditRow, AuditTerm } from "../../src/domain/audit.ts";
import type { AuditQuery } from "../../src/domain/ports/audit.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { writeAudit } from "../../src/store/audit.ts";
import { openDatabase } from "../../src/store/database.ts";
import { auditEntry } from "../support/audit.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { DAY, MINUTE } from "../support/time.ts";
import { event, NOON } from "./inbox-fixtures.ts";

const term = (field: AuditField, text: string, parts: Partial<AuditTerm & { prefix: boolean }> = {}): AuditTerm => {
  const { prefix = false, negated = false } = parts;
  return { field, negated, values: [{ text, prefix }] };
};

const find = async ({ audit }: Store, query: Partial<AuditQuery> = {}) =>
  (await audit.find({ terms: [], ...query, offset: 0, max: 100 })).rows;

const textsOf = (rows: readonly AuditRow[]) => rows.map(({ text }) => text);

/** Ada asks at noon, Bob is refused a minute later, and Ada watches after another minute. */
async function threeRows(store: Store): Promise<void> {
  const bob = { personId: "BOB-id", name: "Bob Müller", email: "Bob@Home.example" };
  await store.audit.add(auditEntry({ eventId: 1, text: "help", command: "help" }), NOON);
  const refused = { outcome: "refused", because: "role", role: "viewer", scope: "north" } as const;
  await store.audit.add(
    auditEntry({ eventId: 2, person: bob, text: "drill", command: "drill", ...refused }),
    NOON + MINUTE,
  );
  const watched = auditEntry({ eventId: 3, text: "watch", command: "watch", outcome: "done" });
  await store.audit.add(watched, NOON + 2 * MINUTE);
}

onEveryDatabase((database) => {
  test("rows come newest first, with who, when and where", async () => {
    const store = await database.open();
    await threeRows(store);
    const rows = await find(store);
    expect(textsOf(rows)).toEqual(["watch", "drill", "help"]);
    const who = { is: "person", personId: "BOB-id", name: "Bob Müller" };
    const row = { who, role: "viewer", space: "War room", scope: "north", because: "role", at: NOON + MINUTE };
    expect(rows[1]).toMatchObject(row);
    expect(JSON.stringify(rows)).not.toContain("example");
  });

  test("an entry of a start is of the bot itself, and each start is a row", async () => {
    const store = await database.open();
    const { eventId: _e, person: _p, ...start } = auditEntry({ command: "start", role: "bot", outcome: "started" });
    for (const at of [NOON, NOON + 1]) await store.audit.add(start, at);
    expect((await find(store)).map(({ who }) => who)).toEqual([{ is: "the bot" }, { is: "the bot" }]);
  });

  test.each<[string, AuditTerm[], string[]]>([
    ["a part of a name, whatever its capitals", [term("who", "müller")], ["drill"]],
    ["an address", [term("who", "BOB@home.example")], ["drill"]],
    ["an id", [term("who", "BOB-id")], ["drill"]],
    ["the beginning of a name", [term("who", "ad", { prefix: true })], ["watch", "help"]],
    ["the beginning alone", [term("who", "üll", { prefix: true })], []],
    ["not a person", [term("who", "bob", { negated: true })], ["watch", "help"]],
    ["a command", [term("command", "watch")], ["watch"]],
    ["the beginning of a command", [term("command", "w", { prefix: true })], ["watch"]],
    ["an outcome", [term("outcome", "refused")], ["drill"]],
    ["several terms", [term("who", "ada"), term("outcome", "done", { negated: true })], ["help"]],
  ])("found by %s", async (_, terms, texts) => {
    const store = await database.open();
    await threeRows(store);
    expect(textsOf(await find(store, { terms }))).toEqual(texts);
  });

  test("found by time, by number, and by the sub-partner of the space", async () => {
    const store = await database.open();
    await threeRows(store);
    const [, second] = await find(store);
    expect(textsOf(await find(store, { since: NOON + MINUTE }))).toEqual(["watch", "drill"]);
    expect(textsOf(await find(store, { upTo: second?.id }))).toEqual(["drill", "help"]);
    expect(textsOf(await find(store, { scope: "north" }))).toEqual(["drill"]);
    const { rows, total } = await store.audit.find({ terms: [], offset: 1, max: 1 });
    expect([textsOf(rows), total]).toEqual([["drill"], 3]);
  });

  test("an event that is handled again after a crash has one row of each outcome", async () => {
    const store = await database.open();
    for (const outcome of ["done", "done", "unanswered", "done"] as const)
      await store.audit.add(auditEntry({ outcome }), NOON);
    expect((await find(store)).map(({ outcome }) => outcome)).toEqual(["unanswered", "done"]);
  });

  test("a person whose name is not known is named once it is", async () => {
    const store = await database.open();
    const unknown = { personId: "ada", name: "", email: "" };
    await store.audit.add(auditEntry({ eventId: 1, person: unknown }), NOON);
    await store.audit.add(auditEntry({ eventId: 2 }), NOON);
    await store.audit.add(auditEntry({ eventId: 3, person: unknown }), NOON);
    expect((await find(store)).map(({ who }) => (who.is === "person" ? who.name : ""))).toEqual(["Ada", "Ada", "Ada"]);
  });

  test("an address that looks like another one is not that person's", async () => {
    const store = await database.open();
    const kim = { personId: "KIM-id", name: "Kim", email: "Kim@home.example" };
    // The first letter is the Kelvin sign.
    const other = { personId: "OTHER-id", name: "Kim", email: "\u212aim@home.example" };
    for (const [i, person] of [kim, other].entries())
      await store.audit.add(auditEntry({ eventId: i + 1, person }), NOON);
    expect(await store.audit.peopleNamed("KIM@home.example", 9)).toMatchObject([{ personId: "KIM-id" }]);
  });

  test("titles and names that a database refuses are stored without what it refuses", async () => {
    const store = await database.open();
    const person = { personId: "eve", name: "Eve\u0000\ud800", email: "eve@x.example" };
    await store.audit.add(auditEntry({ person, space: "A\u0000B\udc00" }), NOON);
    expect(await find(store)).toMatchObject([{ space: "A\ufffdB\ufffd", who: { name: "Eve\ufffd\ufffd" } }]);
  });

  test("an event ends with its row, in one transaction", async () => {
    const store = await database.open();
    await store.inbox.add(event("war", "k1"), NOON);
    const claimed = await store.inbox.claim("me", NOON, MINUTE);
    const eventId = claimed?.id ?? 0;
    await store.inbox.done(eventId, NOON, { audit: auditEntry({ eventId }) });
    expect(await store.inbox.waiting()).toBe(0);
    expect(await find(store)).toHaveLength(1);
  });

  test("rows are kept for 400 days, and people as long as a row names them", async () => {
    const store = await database.open();
    await threeRows(store);
    expect(await store.tidy(NOON + 400 * DAY)).toBe(0);
    // The row of Ada’s help; the next minute that of Bob, and Bob.
    expect(await store.tidy(NOON + 400 * DAY + 1)).toBe(1);
    expect(await store.tidy(NOON + 400 * DAY + MINUTE + 1)).toBe(2);
    expect(textsOf(await find(store))).toEqual(["watch"]);
  });

  test("all rows are streamed, newest first", async () => {
    const store = await database.open();
    const { db, close } = await openDatabase(database.location());
    await db.transaction().execute(async (tx) => {
      for (let eventId = 1; eventId <= 1_001; eventId += 1) await writeAudit(tx, auditEntry({ eventId }), NOON);
    });
    await close();
    const ids: number[] = [];
    for await (const { id } of store.audit.stream({ terms: [] })) ids.push(id);
    expect(ids).toHaveLength(1_001);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
  });
});
