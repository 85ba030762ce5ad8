import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Inbox } from "../../src/domain/ports/store.ts";
import { GONE } from "../../src/domain/unanswered.ts";
import { Failure } from "../../src/errors.ts";
import { onEveryDatabase, onFile, onPostgres } from "../support/databases.ts";
import { event, LEASE, NOON } from "./inbox-fixtures.ts";

const message = (roomId: string, name: string) => ({
  ...event(roomId, `messages:created:${name}`),
  body: JSON.stringify({ data: { id: name } }),
});

/** The name of the message that is taken up next. */
async function claimName(inbox: Inbox, now = NOON, holder = "ada"): Promise<string | undefined> {
  const event = await inbox.claim(holder, now, LEASE);
  return event && JSON.parse(event.body).data.id;
}

async function claimId(inbox: Inbox, now = NOON, holder = "ada"): Promise<number> {
  const event = await inbox.claim(holder, now, LEASE);
  if (event === undefined) throw new Error("No event was due.");
  return event.id;
}

onEveryDatabase((database) => {
  test("an event comes out as it went in", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("war room", "first"), NOON);
    expect(await inbox.claim("ada", NOON, LEASE)).toEqual({
      id: expect.any(Number),
      roomId: "war room",
      resource: "messages",
      event: "created",
      body: '{"data":{"id":"first"}}',
      receivedAt: NOON,
      attempts: 0,
    });
  });

  test("an event that is delivered twice is taken in once, even after its answer", async () => {
    const { inbox } = await database.open();
    expect(await inbox.add(message("war room", "first"), NOON)).toBe(true);
    expect(await inbox.add(message("war room", "first"), NOON + 1)).toBe(false);
    await inbox.done(await claimId(inbox), NOON);
    expect(await inbox.add(message("war room", "first"), NOON + 2)).toBe(false);
    expect(await inbox.claim("ada", NOON + 3, LEASE)).toBeUndefined();
  });

  test("of many simultaneous deliveries of one event, one is taken in", async () => {
    const instances = [await database.open(), await database.open()];
    const answers = await Promise.all(
      [...instances, ...instances].map(({ inbox }) => inbox.add(message("war room", "first"), NOON)),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  test("a room is answered one event at a time, in the order of arrival", async () => {
    const { inbox } = await database.open();
    for (const name of ["first", "second"]) await inbox.add(message("war room", name), NOON);
    const first = await claimId(inbox);
    expect(await inbox.claim("bob", NOON, LEASE)).toBeUndefined();
    await inbox.done(first, NOON);
    expect(await claimName(inbox)).toBe("second");
  });

  test("of two claims at once that chose different events of one room, one goes without", async () => {
    const { inbox } = await database.open();
    const ask = (senderId: string, name: string) => inbox.add({ ...message("war room", name), senderId }, NOON);
    await ask("ana", "answered");
    await inbox.done(await claimId(inbox), NOON);
    await ask("ben", "postponed");
    await inbox.postpone(await claimId(inbox), "ada", NOON + 1);
    await ask("ana", "question");
    // Ben, who waits longest, is not due for the first claim.
    const claims = await Promise.all([inbox.claim("ada", NOON, LEASE), inbox.claim("bob", NOON + 1, LEASE)]);
    expect(claims.map((event) => event !== undefined)).toEqual([true, false]);
  });

  test("rooms do not wait for each other, and the longest due goes first", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("late room", "late"), NOON + 2);
    await inbox.add(message("early room", "early"), NOON + 1);
    expect(await claimName(inbox, NOON + 2)).toBe("early");
    expect(await claimName(inbox, NOON + 2)).toBe("late");
  });

  test("turns go round by person: one who asked much does not keep the others waiting", async () => {
    const { inbox } = await database.open();
    const ask = (senderId: string, roomId: string, name: string) =>
      inbox.add({ ...message(roomId, name), senderId }, NOON);
    for (let n = 0; n < 40; n += 1) await ask("ana", `room ${n % 12}`, `ana ${n}`);
    await ask("ben", "room 0", "ben 1");
    await ask("ben", "war room", "ben 2");
    const answered: string[] = [];
    for (let now = NOON; answered.length < 4; now += 1) {
      const event = await inbox.claim("ada", now, LEASE);
      if (event === undefined) throw new Error("No event was due.");
      answered.push(JSON.parse(event.body).data.id);
      await inbox.done(event.id, now);
    }
    expect(answered).toEqual(["ana 0", "ben 2", "ana 1", "ben 1"]);
  });

  test("of one person with many events under way, the next is another person's", async () => {
    const { inbox } = await database.open();
    for (let n = 0; n < 8; n += 1) await inbox.add({ ...message(`room ${n}`, `ana ${n}`), senderId: "ana" }, NOON);
    await inbox.add({ ...message("war room", "ben"), senderId: "ben" }, NOON + 1);
    const names: (string | undefined)[] = [];
    for (let n = 0; n < 3; n += 1) names.push(await claimName(inbox, NOON + 2));
    expect(names).toEqual(["ana 0", "ben", "ana 1"]);
  });

  test("turns of one person go round by room", async () => {
    const { inbox } = await database.open();
    for (const [room, name] of [
      ["a", "a 1"],
      ["a", "a 2"],
      ["b", "b 1"],
    ] as const)
      await inbox.add({ ...message(room, name), senderId: "ana" }, NOON);
    await inbox.done(await claimId(inbox), NOON + 1);
    expect(await claimName(inbox, NOON + 1)).toBe("b 1");
  });

  test("a question that was given up stays for 30 days, and its failure goes with it", async () => {
    const { inbox, outbox } = await database.open();
    const day = 24 * 60 * LEASE;
    await inbox.add({ ...message("war room", "first"), senderId: "ana" }, NOON);
    const id = await claimId(inbox);
    await inbox.postpone(id, "ada", NOON, { code: "webex.forbidden", since: NOON });
    expect(await inbox.claim("ada", NOON, LEASE)).toMatchObject({ failure: { code: "webex.forbidden", since: NOON } });
    await inbox.giveUp(id, "webex.forbidden", NOON);
    expect(await inbox.waiting()).toBe(0);
    expect(await inbox.tidy(NOON + 28 * day)).toBe(0);
    expect(await outbox.contents()).toMatchObject([
      { kind: "question", recipient: "A space of unknown name", count: 1 },
    ]);
    expect(await inbox.tidy(NOON + 30 * day)).toBe(1);
  });

  test("a postponed event holds up the later ones of its room, and no other room", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("war room", "first"), NOON);
    await inbox.add(message("war room", "second"), NOON);
    await inbox.add(message("quiet room", "other"), NOON + 1);
    await inbox.postpone(await claimId(inbox), "ada", NOON + 5000);
    expect(await claimName(inbox, NOON + 1)).toBe("other");
    expect(await claimName(inbox, NOON + 4999)).toBeUndefined();
    expect(await claimName(inbox, NOON + 5000)).toBe("first");
  });

  test("an event whose lease has run out is taken up again, and its attempts are counted", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("war room", "first"), NOON);
    await inbox.add(message("war room", "second"), NOON);
    await inbox.claim("ada", NOON, LEASE);
    expect(await inbox.claim("bob", NOON + LEASE - 1, LEASE)).toBeUndefined();
    expect(await inbox.claim("bob", NOON + LEASE, LEASE)).toMatchObject({ attempts: 1 });
    expect(await inbox.claim("cyd", NOON + 2 * LEASE, LEASE)).toMatchObject({ attempts: 2 });
  });

  test("a renewed lease lasts longer, and one that was lost cannot be renewed", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("war room", "first"), NOON);
    const id = await claimId(inbox);
    expect(await inbox.renew(id, "ada", NOON + 1000, LEASE)).toBe(true);
    expect(await inbox.claim("bob", NOON + LEASE, LEASE)).toBeUndefined();
    expect(await inbox.claim("bob", NOON + LEASE + 1000, LEASE)).toMatchObject({ id });
    expect(await inbox.renew(id, "ada", NOON + LEASE + 1001, LEASE)).toBe(false);
    await inbox.done(id, NOON + LEASE + 1002);
    expect(await inbox.renew(id, "bob", NOON + LEASE + 1003, LEASE)).toBe(false);
  });

  test("a message that Webex does not know holds up no later one, and does not count as a turn of its author", async () => {
    const { inbox } = await database.open();
    for (const name of ["deleted", "next"]) await inbox.add({ ...message("war room", name), senderId: "ana" }, NOON);
    const id = await claimId(inbox);
    await inbox.postpone(id, "ada", NOON + 5000, { code: GONE, since: NOON });
    expect(await claimName(inbox)).toBe("next");
    await inbox.giveUp(id, GONE, NOON + 1);
    expect(await inbox.endedAt("ana", 0, NOON)).toBeUndefined();
  });

  test("messages that Webex does not know wait behind those not tried yet", async () => {
    const { inbox } = await database.open();
    const ask = (roomId: string, name: string) => inbox.add({ ...message(roomId, name), senderId: "ben" }, NOON);
    await ask("old room", "answered");
    await inbox.done(await claimId(inbox), NOON);
    for (const room of ["forged 1", "forged 2"]) await ask(room, room);
    for (const id of [await claimId(inbox), await claimId(inbox)])
      await inbox.postpone(id, "ada", NOON + 1, { code: GONE, since: NOON });
    await ask("old room", "question");
    expect(await claimName(inbox, NOON + 1)).toBe("question");
  });

  test("a message that Webex does not know puts its author behind nobody", async () => {
    const { inbox } = await database.open();
    const ask = (senderId: string, name: string, now: number) => inbox.add({ ...message(name, name), senderId }, now);
    await ask("ana", "of ana", NOON);
    await inbox.done(await claimId(inbox), NOON + 1);
    await ask("ben", "forged", NOON + 2);
    await inbox.giveUp(await claimId(inbox, NOON + 2), GONE, NOON + 3);
    await ask("ana", "more of ana", NOON + 4);
    await ask("ben", "of ben", NOON + 4);
    expect(await claimName(inbox, NOON + 4)).toBe("of ben");
  });

  test("an answered event does not come back by being postponed", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("war room", "first"), NOON);
    const id = await claimId(inbox);
    await inbox.done(id, NOON);
    await inbox.postpone(id, "ada", NOON);
    expect(await inbox.claim("ada", NOON + 1, LEASE)).toBeUndefined();
  });

  test("whoever lost an event cannot give it back from under its new holder", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("war room", "first"), NOON);
    const id = await claimId(inbox);
    await inbox.claim("bob", NOON + LEASE, LEASE);
    await inbox.postpone(id, "ada", NOON + LEASE);
    expect(await inbox.claim("cyd", NOON + LEASE, LEASE)).toBeUndefined();
  });

  test("the next due time is that of the next event whose turn it can be", async () => {
    const { inbox } = await database.open();
    expect(await inbox.nextDue()).toBeUndefined();
    await inbox.add(message("war room", "first"), NOON);
    await inbox.add(message("war room", "second"), NOON);
    expect(await inbox.nextDue()).toBe(NOON);
    const id = await claimId(inbox);
    expect(await inbox.nextDue()).toBe(NOON + LEASE);
    await inbox.postpone(id, "ada", NOON + 9000);
    expect(await inbox.nextDue()).toBe(NOON + 9000);
  });

  test("what waits is what has no answer yet", async () => {
    const { inbox } = await database.open();
    expect(await inbox.waiting()).toBe(0);
    for (const name of ["first", "second", "third"]) await inbox.add(message("war room", name), NOON);
    const id = await claimId(inbox);
    expect(await inbox.waiting()).toBe(3);
    await inbox.done(id, NOON);
    expect(await inbox.waiting()).toBe(2);
  });

  test("tidying forgets old answered events, and never one that waits", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("war room", "old"), NOON - 2);
    await inbox.done(await claimId(inbox), NOON);
    await inbox.add(message("war room", "new"), NOON);
    await inbox.done(await claimId(inbox), NOON);
    await inbox.add(message("war room", "unanswered"), NOON - 1);
    expect(await inbox.tidy(NOON)).toBe(1);
    expect(await inbox.add(message("war room", "old"), NOON)).toBe(true);
    expect(await inbox.add(message("war room", "new"), NOON)).toBe(false);
    expect(await claimName(inbox)).toBe("unanswered");
  });
});

onEveryDatabase((database) => {
  test("the time of the last event is known, also when all are old", async () => {
    const { inbox } = await database.open();
    expect(await inbox.lastReceivedAt()).toBeUndefined();
    for (const [name, at] of [
      ["old", NOON - 2],
      ["last", NOON - 1],
    ] as const) {
      await inbox.add(message("war room", name), at);
      await inbox.done(await claimId(inbox), at);
    }
    expect(await inbox.tidy(NOON)).toBe(1);
    expect(await inbox.lastReceivedAt()).toBe(NOON - 1);
  });
});

onFile((database) => {
  test.each(["deleted", "replaced", "overwritten"])(
    "an event is not stored, so not acknowledged, once the file was %s",
    async (what) => {
      const { inbox } = await database.open();
      const path = join(database.location().dataDir, "bot.db");
      await inbox.add(message("war room", "first"), NOON);
      if (what !== "overwritten") renameSync(path, `${path}.away`);
      if (what !== "deleted") writeFileSync(path, "x".repeat(8192));
      for (const name of ["first", "second", "second"])
        await expect(inbox.add(message("war room", name), NOON)).rejects.toBeInstanceOf(Failure);
      if (what === "overwritten") return;
      renameSync(`${path}.away`, path);
      expect(await inbox.add(message("war room", "third"), NOON)).toBe(true);
    },
  );

  test("leases of a process that is gone end at the next start", async () => {
    const { inbox } = await database.open();
    await inbox.add(message("war room", "first"), NOON);
    await inbox.claim("ada", NOON, LEASE);
    expect(await inbox.release()).toBe(1);
    expect(await claimName(inbox, NOON, "bob")).toBe("first");
  });
});

onPostgres((database) => {
  test("starting an instance takes nothing from the others", async () => {
    const [running, starting] = [await database.open(), await database.open()];
    await running.inbox.add(message("war room", "first"), NOON);
    await running.inbox.claim("ada", NOON, LEASE);
    expect(await starting.inbox.release()).toBe(0);
    expect(await claimName(starting.inbox, NOON, "bob")).toBeUndefined();
  });
});
