import { expect, test } from "vitest";
import { openDatabase } from "../../src/store/database.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { HOUR } from "../support/time.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const members = [
  { membershipId: "m-ada", personId: "ada", email: "ada@example.com", orgId: "provider" },
  { membershipId: "m-guest", personId: "guest", email: "guest@elsewhere.example" },
];

onEveryDatabase((database) => {
  test("the members of a room are known as read last; somebody who came or went makes the list out of date", async () => {
    const { rooms } = await database.open();
    expect(await rooms.members("war room")).toBeUndefined();
    await rooms.saveMembers("war room", members, NOON);
    expect(await rooms.members("war room")).toEqual({ list: members, askedAt: NOON, validFrom: NOON });
    await rooms.saveMembers("war room", [], NOON + 1);
    expect(await rooms.members("war room")).toEqual({ list: [], askedAt: NOON + 1, validFrom: NOON + 1 });
    await rooms.forgetMembers("war room", NOON + 2);
    expect(await rooms.members("war room")).toEqual({ list: [], askedAt: NOON + 1, validFrom: NOON + 3 });
    await rooms.saveMembers("war room", members, NOON + 3);
    expect(await rooms.members("war room")).toMatchObject({ list: members, askedAt: NOON + 3 });
  });

  test("a list that was asked for before somebody came is not kept: it would hide a guest", async () => {
    const { rooms } = await database.open();
    await rooms.forgetMembers("war room", NOON);
    await rooms.saveMembers("war room", members, NOON - 1);
    await rooms.saveMembers("war room", members, NOON);
    expect(await rooms.members("war room")).toEqual({ list: [], askedAt: 0, validFrom: NOON + 1 });
  });

  test("a list that an older version stored counts as never read", async () => {
    const location = database.location();
    const { rooms } = await database.open();
    await rooms.saveMembers("war room", members, NOON);
    const { db, close } = await openDatabase(location);
    await db
      .updateTable("roomMembers")
      .set({ members: JSON.stringify(members) })
      .execute();
    expect(await rooms.members("war room")).toMatchObject({ list: [], askedAt: 0 });
    await db.updateTable("roomMembers").set({ members: "" }).execute();
    expect(await rooms.members("war room")).toMatchObject({ list: [], askedAt: 0 });
    await close();
  });

  test("a room is allowed when an admin says so, and until an admin says otherwise", async () => {
    const { rooms } = await database.open();
    expect(await rooms.isAllowed("war room")).toBe(false);
    await rooms.allow("war room", true, "ada", NOON);
    expect(await rooms.isAllowed("war room")).toBe(true);
    expect(await rooms.isAllowed("quiet room")).toBe(false);
    await rooms.allow("war room", false, "bob", NOON + 1);
    expect(await rooms.isAllowed("war room")).toBe(false);
  });

  test("a room sees everything until it is bound to a sub-partner, and again when it is freed", async () => {
    const { rooms } = await database.open();
    expect(await rooms.scopeOf("war room")).toBe("");
    expect(await rooms.scopes()).toEqual([""]);
    await rooms.bind("war room", "partner", "ada", NOON);
    await rooms.bind("quiet room", "partner", "ada", NOON);
    await rooms.bind("other room", "another", "ada", NOON);
    expect(await rooms.scopeOf("war room")).toBe("partner");
    expect(await rooms.scopes()).toEqual(["", "another", "partner"]);
    await rooms.bind("other room", "", "bob", NOON + 1);
    expect(await rooms.scopeOf("other room")).toBe("");
    expect(await rooms.scopes()).toEqual(["", "partner"]);
  });

  test("a denial is sent once in a while to each sender in each room", async () => {
    const { rooms } = await database.open();
    expect(await rooms.reserveDenial("war room", "guest", NOON, HOUR)).toBe(true);
    expect(await rooms.reserveDenial("war room", "guest", NOON + HOUR - 1, HOUR)).toBe(false);
    expect(await rooms.reserveDenial("war room", "stranger", NOON, HOUR)).toBe(true);
    expect(await rooms.reserveDenial("quiet room", "guest", NOON, HOUR)).toBe(true);
    expect(await rooms.reserveDenial("war room", "guest", NOON + HOUR, HOUR)).toBe(true);
  });

  test("of instances that want to deny at the same moment, one does", async () => {
    const [{ rooms }, other] = [await database.open(), await database.open()];
    const asked = [rooms, other.rooms, rooms, other.rooms].map((each) =>
      each.reserveDenial("war room", "guest", NOON, HOUR),
    );
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
  });
});
