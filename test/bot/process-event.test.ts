import { expect, test } from "vitest";
import { createProcessEvent } from "../../src/bot/process-event.ts";
import { createTurns } from "../../src/bot/turns.ts";
import type { EventEnd, InboxEvent, Store } from "../../src/domain/ports/store.ts";
import { Failure } from "../../src/errors.ts";
import { onFile, type TestDatabase } from "../support/databases.ts";
import { everyFault } from "../support/logs.ts";
import { MINUTE } from "../support/time.ts";
import { NOTHING_LATE } from "../support/under-way.ts";

const MESSAGE = { roomId: "r", resource: "messages", event: "created", body: "{}" };
const T = Date.parse("2026-11-23T15:00:00Z");

onFile((database) => {
  test("an answered event is done and not claimed again", async () => {
    const event = await begin(database, async () => ({}));
    await event.process(await event.claim(T));
    expect(await event.store.inbox.waiting()).toBe(0);
    expect(event.logged).toEqual([]);
  });

  test("an event older than 15 minutes is dropped: the log, outbox and the space say so", async () => {
    let answers = 0;
    const event = await begin(database, async () => {
      answers += 1;
      return {};
    });
    event.now = T + 16 * MINUTE;
    await event.process(await event.claim(event.now));
    expect(answers).toBe(0);
    expect(await event.store.inbox.waiting()).toBe(0);
    expect(event.logged).toEqual(["warn inbox.dropped"]);
    expect((await event.store.outbox.contents()).map(({ kind, cause }) => [kind, cause])).toEqual([
      ["report", undefined],
      ["question", "event.late"],
    ]);
  });

  test("a retryable failure postpones an event, longer each time", async () => {
    const event = await begin(database, async () => {
      throw new Failure("http.unreachable", "No answer.", "Wait.", { retryable: true });
    });
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      await event.process(await event.claim(event.now));
      const due = (await event.store.inbox.nextDue()) ?? 0;
      waits.push((due - event.now) / 1000);
      event.now = due;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test("a Retry-After is waited for", async () => {
    const event = await begin(database, async () => {
      throw new Failure("webex.busy", "Slow down.", "Wait.", { retryable: true, retryAfterS: 90 });
    });
    await event.process(await event.claim(T));
    expect(await event.store.inbox.nextDue()).toBe(T + 90_000);
  });

  test("a later event of the room waits for the postponed one", async () => {
    const event = await begin(database, async () => {
      throw new Failure("webex.busy", "Slow down.", "Wait.", { retryable: true });
    });
    await event.store.inbox.add({ idempotencyKey: "later", senderId: "ana", ...MESSAGE }, T);
    await event.process(await event.claim(T));
    expect(await event.store.inbox.claim("me", T, MINUTE)).toBeUndefined();
  });

  const failing = (code: string, outcomeUnknown = false) => new Failure(code, "No.", "Ask.", { outcomeUnknown });

  test.each([
    ["a refusal", failing("webex.forbidden"), [1, 2, 4, 8, 16, 32, 60, 57], true],
    ["an answer that cannot be read", failing("webex.unexpected"), [1, 2, 4, 8, 16, 32, 60, 57], true],
    ["a message that is gone", failing("event.gone"), [1, 2, 4, 3], false],
    ["an answer that may have been posted", failing("webex.unexpected", true), [], true],
    ["a bug", new TypeError("a bug"), [], true],
  ])("%s is tried again for a while, then kept for outbox; the space is told", async (_, error, waits, isTold) => {
    const event = await begin(database, async () => {
      throw error;
    });
    const waited: number[] = [];
    for (;;) {
      await event.process(await event.claim(event.now));
      const due = await event.store.inbox.nextDue();
      if (due === undefined) break;
      waited.push((due - event.now) / 1000);
      event.now = due;
    }
    expect(waited).toEqual(waits);
    expect(event.logged.at(-1)).toBe(isTold ? "error answer.failed" : "info event.gone");
    const code = error instanceof Failure ? error.code : "event.bug";
    const contents = await event.store.outbox.contents();
    expect(contents.filter(({ kind }) => kind === "question")).toMatchObject([{ count: 1, cause: code, since: T }]);
    expect(contents.some(({ kind }) => kind === "report")).toBe(isTold);
  });

  test("the note names every question that was given up, and one that is given up again after a crash once", async () => {
    const event = await begin(database, async () => ({}));
    const { inbox, outbox } = event.store;
    for (const [nth, at] of [T, T + 2 * MINUTE].entries())
      await inbox.add({ idempotencyKey: `late ${nth}`, senderId: "bob", ...MESSAGE }, at);
    event.now = T + 18 * MINUTE;
    const first = await event.claim(event.now);
    await event.process(first);
    await event.process(first);
    for (let more = 0; more < 2; more += 1) await event.process(await event.claim(event.now));
    const claimed = await outbox.claim("me", event.now + MINUTE, MINUTE);
    expect(claimed?.notices.map(({ details }) => details.unanswered?.map(({ askedAt }) => askedAt))).toEqual([
      [T, T, T + 2 * MINUTE],
    ]);
    // The text of a message that is under way is made already.
    await outbox.reportUnanswered(
      "r",
      { eventId: 99, askedAt: T + 3 * MINUTE, code: "event.late" },
      event.now + MINUTE,
    );
    expect(await outbox.state()).toMatchObject({ waiting: 2 });
  });

  test("a refusal that passes within its time is no loss", async () => {
    let tries = 0;
    const event = await begin(database, async () => {
      tries += 1;
      if (tries < 3) throw failing("webex.forbidden");
      return {};
    });
    for (let round = 0; round < 3; round += 1) {
      await event.process(await event.claim(event.now));
      event.now = (await event.store.inbox.nextDue()) ?? event.now;
    }
    expect(await event.store.inbox.waiting()).toBe(0);
    expect(await event.store.outbox.contents()).toEqual([]);
  });

  test("whoever asked more than QUESTIONS_PER_MINUTE waits, is told once, and is answered then", async () => {
    const event = await begin(database, async () => ({}), 2);
    for (const name of ["second", "third", "fourth"])
      await event.store.inbox.add(
        { idempotencyKey: `${name} ${events}`, senderId: "ana", ...MESSAGE, roomId: `room ${name}` },
        T,
      );
    for (let round = 0; round < 4; round += 1) await event.process(await event.claim(T));
    expect(event.told).toEqual(["ana"]);
    expect(await event.store.inbox.nextDue()).toBe(T + MINUTE);
    event.now = T + MINUTE;
    for (let round = 0; round < 2; round += 1) await event.process(await event.claim(event.now));
    expect(await event.store.inbox.waiting()).toBe(0);
  });
});

interface EventCase {
  readonly store: Store;
  readonly logged: string[];
  readonly told: string[];
  now: number;
  readonly process: (claimed: InboxEvent) => Promise<void>;
  claim(now: number): Promise<InboxEvent>;
}

let events = 0;

/** One event in the inbox at time T. */
async function begin(
  database: TestDatabase,
  handleEvent: () => Promise<EventEnd>,
  perMinute = 1_000,
): Promise<EventCase> {
  const store = await database.open();
  events += 1;
  await store.inbox.add({ idempotencyKey: `k${events}`, senderId: "ana", ...MESSAGE }, T);
  const logged: string[] = [];
  const log = everyFault({
    info: (event) => void logged.push(`info ${event}`),
    warn: (event) => void logged.push(`warn ${event}`),
    error: (event) => void logged.push(`error ${event}`),
  });
  const told: string[] = [];
  const event: EventCase = {
    store,
    logged,
    told,
    now: T,
    process: createProcessEvent({
      ...store,
      log,
      clock: () => event.now,
      holder: "me",
      waitForTurn: createTurns({
        ...store,
        perMinute,
        tellToWait: async (personId) => void told.push(personId),
        clock: () => event.now,
        log,
      }),
      handleEvent,
      underWay: NOTHING_LATE,
    }),
    async claim(now) {
      const claimed = await store.inbox.claim("me", now, MINUTE);
      if (claimed === undefined) throw new Error("nothing to claim");
      return claimed;
    },
  };
  return event;
}
