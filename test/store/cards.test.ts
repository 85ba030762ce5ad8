import fc from "fast-check";
import { expect, test } from "vitest";
import type { PostedCard } from "../../src/domain/ports/messaging.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { propertyRuns } from "../support/property-runs.ts";

const NOON = Date.UTC(2026, 10, 23, 12);

const listCard = (messageId: string, changes: Partial<PostedCard> = {}): PostedCard => ({
  messageId,
  roomId: "war room",
  kind: "customers",
  command: "customers status=error",
  senderId: "ada",
  rows: [{ row: 16, customerId: "customer-16", title: "Acme" }],
  edits: 0,
  shownAt: NOON,
  ...changes,
});

onEveryDatabase((database) => {
  test("a card that was never saved is not found", async () => {
    const { cards } = await database.open();
    expect(await cards.find("unknown")).toBeUndefined();
    expect(await cards.lastList("war room", "ada")).toBeUndefined();
  });

  test("a card saved again shows what was saved last", async () => {
    const { cards } = await database.open();
    await cards.save(listCard("message"));
    const paged = listCard("message", { command: "customers page=2", edits: 1, shownAt: NOON + 1 });
    await cards.save(paged);
    expect(await cards.find("message")).toEqual(paged);
  });

  test("a card that took the place of others is found under their ids too, and listed once", async () => {
    const { cards, inbox } = await database.open();
    await cards.save(listCard("old message"));
    const moved = listCard("new message", { lastPress: { command: "open 16", senderId: "bob", at: NOON } });
    await inbox.done(0, NOON, { cards: [{ card: moved, replaced: "old message" }] });
    const newest = { ...moved, messageId: "newest message" };
    await inbox.done(0, NOON, { cards: [{ card: newest, replaced: "new message" }] });
    for (const id of ["old message", "new message", "newest message"]) expect(await cards.find(id)).toEqual(newest);
    expect(await cards.recent("war room", "ada")).toEqual([newest]);
    expect(await cards.lastList("war room", "bob")).toEqual(newest);
  });

  test("a card that is kept takes no record's place", async () => {
    const { cards } = await database.open();
    await cards.keep(listCard("message", { kind: "unknown" }));
    expect(await cards.find("message")).toMatchObject({ kind: "unknown" });
    await cards.save(listCard("message"));
    await cards.keep(listCard("message", { kind: "unknown" }));
    expect(await cards.find("message")).toEqual(listCard("message"));
  });

  test("the last list is the sender's own newest, even where others listed since", async () => {
    const { cards } = await database.open();
    await cards.save(listCard("ada's first"));
    await cards.save(listCard("ada's second", { shownAt: NOON + 1 }));
    await cards.save(listCard("bob's", { senderId: "bob", shownAt: NOON + 2 }));
    expect(await cards.lastList("war room", "ada")).toMatchObject({ messageId: "ada's second" });
  });

  test("who has listed nothing opens rows of the newest list in the room", async () => {
    const { cards } = await database.open();
    await cards.save(listCard("ada's"));
    await cards.save(listCard("bob's", { senderId: "bob", shownAt: NOON + 1 }));
    expect(await cards.lastList("war room", "cyd")).toMatchObject({ messageId: "bob's" });
  });

  test("cards that list no customers, and lists of other rooms, are no last list", async () => {
    const { cards } = await database.open();
    await cards.save(listCard("detail", { kind: "customer" }));
    await cards.save(listCard("elsewhere", { roomId: "quiet room" }));
    expect(await cards.lastList("war room", "ada")).toBeUndefined();
  });

  test("what a person saw last in a room is what that person asked for, newest first, ten at most", async () => {
    const { cards } = await database.open();
    for (let nth = 0; nth < 12; nth += 1)
      await cards.save(listCard(`ada's ${nth}`, { kind: nth % 2 ? "customer" : "summary", shownAt: NOON + nth }));
    await cards.save(listCard("bob's", { senderId: "bob", shownAt: NOON + 99 }));
    await cards.save(listCard("elsewhere", { roomId: "quiet room", shownAt: NOON + 99 }));
    const recent = await cards.recent("war room", "ada");
    expect(recent.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 10 }, (_, at) => `ada's ${11 - at}`));
  });

  test("whatever a card says comes back as it was, controls and half characters included", async () => {
    const { cards } = await database.open();
    const text = fc.string({ unit: "binary", maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(text, text, fc.maxSafeNat(), async (command, title, shownAt) => {
        const card = listCard("message", { command, shownAt, rows: [{ row: 1, customerId: title, title }] });
        await cards.save(card);
        expect(await cards.find("message")).toEqual(card);
      }),
      { ...propertyRuns(30), examples: [["\u0000 \ud83d", "'; drop table cards; --", NOON]] },
    );
  });
});
