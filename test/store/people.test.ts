import { expect, test } from "vitest";
import { onEveryDatabase } from "../support/databases.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const ada = { personId: "ada", email: "ada@example.com", orgId: "provider", displayName: "Ada 🦉" };

onEveryDatabase((database) => {
  test("a person is known for as long as the caller finds the reading fresh", async () => {
    const { people } = await database.open();
    await people.save(ada, NOON);
    expect(await people.find("ada", NOON)).toEqual(ada);
    expect(await people.find("ada", NOON + 1)).toBeUndefined();
    expect(await people.find("bob", NOON)).toBeUndefined();
  });

  test("a person who was read again is as read last", async () => {
    const { people } = await database.open();
    await people.save(ada, NOON);
    const married = { ...ada, email: "ada.lovelace@example.com" };
    await people.save(married, NOON + 1);
    expect(await people.find("ada", NOON + 1)).toEqual(married);
  });
});
