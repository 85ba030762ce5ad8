import { sql } from "kysely";
import { expect, test } from "vitest";
import { NO_WATCH_OPTIONS } from "../../src/domain/alerts/watch.ts";
import { openDatabase } from "../../src/store/database.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { auditEntry } from "../support/audit.ts";
import { onEveryDatabase, type TestDatabase } from "../support/databases.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { AFTER, ackChange, muteChange, ROOM, sweptScope, watchChange } from "./alert-fixtures.ts";

/** Ids, names and addresses that stand nowhere else. */
const ADA = { personId: "Y2lzADA_id", name: "Ada Lovelace", email: "Ada@Home.example" };
const ADDRESS = ADA.email.toLowerCase();
const FORGET = { kind: "forget", person: { ...ADA, email: ADDRESS }, heirId: "heir" } as const;

/** Every row of every table as text, but for the member lists. */
async function everything(database: TestDatabase): Promise<string> {
  const { db, isSingleInstance, close } = await openDatabase(database.location());
  const tables = isSingleInstance
    ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
    : sql<{
        name: string;
      }>`select table_name as name from information_schema.tables where table_schema = current_schema()`;
  const { rows } = await tables.execute(db);
  const texts: string[] = [];
  for (const { name } of rows.filter(({ name }) => name !== "room_members"))
    texts.push(JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(db)).rows));
  await close();
  return texts.join("\n");
}

onEveryDatabase((database) => {
  /** Ada left a trace in every table that names people. */
  async function known() {
    const store = await database.open();
    const { alerts, rooms, people, cards, inbox, audit } = store;
    const { personId } = ADA;
    const { sweep } = await sweptScope(store, ["a", "b"]);
    await sweep(["a", "b"], AFTER);
    await people.save({ personId, email: ADA.email, orgId: "home", displayName: ADA.name }, NOON);
    await audit.add(auditEntry({ eventId: 1, person: ADA }), NOON);
    await alerts.change(ROOM, watchChange([], personId), NOON);
    const options = { ...NO_WATCH_OPTIONS, escalate: ADA.email };
    await alerts.change("boss room", { ...watchChange([], "bob"), options }, NOON);
    await alerts.change(ROOM, ackChange(personId, [1]), AFTER);
    const byAda = { ...muteChange(AFTER, AFTER + HOUR).mute, personId, by: ADA.name };
    await alerts.change(ROOM, { kind: "mute", mute: byAda }, AFTER);
    const follow = { personId, scope: "", customerId: "b", title: "b", class: "bad", since: AFTER } as const;
    await alerts.change(ROOM, { kind: "follow", follow }, AFTER);
    await store.outbox.suspend(ROOM, "removed", AFTER);
    await rooms.allow(ROOM, true, personId, NOON);
    await rooms.bind("bound room", "north", personId, NOON);
    await rooms.reserveDenial(ROOM, personId, NOON, MINUTE);
    const card = {
      messageId: "m1",
      roomId: ROOM,
      kind: "customers",
      command: "customers",
      rows: [],
      edits: 0,
    } as const;
    const lastPress = { command: "customers", senderId: personId, at: NOON };
    await cards.save({ ...card, senderId: personId, shownAt: NOON, lastPress });
    const asked = {
      idempotencyKey: "k",
      roomId: ROOM,
      senderId: personId,
      resource: "messages",
      event: "created",
      body: "{}",
    };
    await inbox.add(asked, NOON);
    const claimed = await inbox.claim("me", NOON, MINUTE);
    await inbox.done(claimed?.id ?? 0, NOON);
    return store;
  }

  test("before, all traces of a person are counted; afterwards there is none, in any table", async () => {
    const { alerts } = await known();
    const traces = { auditRows: 1, follows: 1, messages: 1, watches: 1, escalations: 1, acks: 1, mutes: 1 };
    expect(await alerts.tracesOf(FORGET.person)).toEqual({ hasName: true, ...traces });
    const before = (await everything(database)).toLowerCase();
    for (const trace of Object.values(ADA)) expect(before).toContain(trace.toLowerCase());
    await alerts.change(ROOM, FORGET, AFTER);
    const after = (await everything(database)).toLowerCase();
    for (const trace of Object.values(ADA)) expect(after).not.toContain(trace.toLowerCase());
    const nothing = Object.fromEntries(Object.keys(traces).map((name) => [name, 0]));
    expect(await alerts.tracesOf(FORGET.person)).toEqual({ hasName: false, ...nothing });
  });

  test("what the person did stays in force, without the name", async () => {
    const store = await known();
    await store.alerts.change(ROOM, FORGET, AFTER);
    const { watches, mutes } = await store.alerts.roomState(ROOM);
    expect(watches).toMatchObject([{ ownerId: "heir", filter: [] }]);
    expect(mutes).toMatchObject([{ by: "somebody who left", personId: "", until: AFTER + HOUR }]);
    expect(await store.alerts.find("", 1)).toMatchObject({ ack: { name: "somebody who left", personId: "" } });
    const escalating = (await store.alerts.roomState("boss room")).watches;
    expect(escalating.map(({ options }) => options)).toEqual([NO_WATCH_OPTIONS]);
    expect(await store.rooms.isAllowed(ROOM)).toBe(true);
    expect(await store.rooms.scopeOf("bound room")).toBe("north");
    expect((await store.cards.find("m1"))?.senderId).toBe("forgotten");
  });

  test("the audit keeps the row with the role alone, and names the person anew who asks again", async () => {
    const { alerts, audit } = await known();
    await alerts.change(ROOM, FORGET, AFTER, auditEntry({ eventId: 2, text: "forget", outcome: "done" }));
    const rows = async () => (await audit.find({ terms: [], offset: 0, max: 9 })).rows;
    expect(await rows()).toMatchObject([
      { text: "forget", who: { is: "person", name: "Ada" } },
      { who: { is: "forgotten" }, role: "operator" },
    ]);
    await audit.add(auditEntry({ eventId: 3, person: ADA }), AFTER);
    expect((await rows()).map(({ who }) => who.is)).toEqual(["person", "person", "forgotten"]);
  });

  test("an address that never asked is forgotten where alerts escalate to it", async () => {
    const { alerts } = await database.open();
    const escalating = { ...watchChange(), options: { ...NO_WATCH_OPTIONS, escalate: "Boss@x.example" } };
    await alerts.change(ROOM, escalating, NOON);
    const person = { personId: "", name: "", email: "boss@x.example" };
    expect(await alerts.tracesOf(person)).toMatchObject({ hasName: false, escalations: 1, watches: 0, acks: 0 });
    await alerts.change(ROOM, { kind: "forget", person, heirId: "heir" }, AFTER);
    expect((await alerts.roomState(ROOM)).watches).toMatchObject([{ ownerId: "ada", options: NO_WATCH_OPTIONS }]);
    expect(await everything(database)).not.toContain("oss@x.example");
  });

  test("others keep everything", async () => {
    const { alerts } = await known();
    const before = await everything(database);
    await alerts.change(
      ROOM,
      { ...FORGET, person: { personId: "Y2lzADAxid", name: "", email: "a@home.example" } },
      AFTER,
    );
    expect(await everything(database)).toBe(before);
  });
});
