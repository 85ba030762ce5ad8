import { expect, test } from "vitest";
import { createProcessEvent } from "../../src/bot/process-event.ts";
import type { Log } from "../../src/domain/ports/runtime.ts";
import type { InboxEvent, Store } from "../../src/domain/ports/store.ts";
import { Failure } from "../../src/errors.ts";
import { onFile, type TestDatabase } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";

const T = Date.parse("2026-11-23T15:00:00Z");

onFile((database) => {
  test("an answered event is done and not claimed again", async () => {
    const event = await begin(database, async () => undefined);
    await event.process(await event.claim(T));
    expect(await event.store.inbox.waiting()).toBe(0);
    expect(event.logged).toEqual([]);
  });

  test("an event older than 15 minutes is dropped, and the log says so", async () => {
    let answers = 0;
    const event = await begin(database, async () => {
      answers += 1;
    });
    event.now = T + 16 * MINUTE;
    await event.process(await event.claim(event.now));
    expect(answers).toBe(0);
    expect(await event.store.inbox.waiting()).toBe(0);
    expect(event.logged).toEqual(["warn inbox.dropped"]);
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
    await event.store.inbox.add(
      { idempotencyKey: "later", roomId: "r", resource: "messages", event: "created", body: "{}" },
      T,
    );
    await event.process(await event.claim(T));
    expect(await event.store.inbox.claim("me", T, MINUTE)).toBeUndefined();
  });

  test("a lasting failure, and a bug, end the event with one line in the log", async () => {
    for (const error of [new Failure("webex.forbidden", "No.", "Ask."), new TypeError("a bug")]) {
      const event = await begin(database, async () => {
        throw error;
      });
      await event.process(await event.claim(T));
      expect(await event.store.inbox.waiting()).toBe(0);
      expect(event.logged).toEqual(["error answer.failed"]);
    }
  });
});

interface EventCase {
  readonly store: Store;
  readonly logged: string[];
  now: number;
  readonly process: (claimed: InboxEvent) => Promise<void>;
  claim(now: number): Promise<InboxEvent>;
}

let events = 0;

/** One event in the inbox at time T. */
async function begin(database: TestDatabase, handleEvent: () => Promise<void>): Promise<EventCase> {
  const store = await database.open();
  events += 1;
  await store.inbox.add(
    { idempotencyKey: `k${events}`, roomId: "r", resource: "messages", event: "created", body: "{}" },
    T,
  );
  const logged: string[] = [];
  const log: Log = {
    info: (event) => void logged.push(`info ${event}`),
    warn: (event) => void logged.push(`warn ${event}`),
    error: (event) => void logged.push(`error ${event}`),
  };
  const event: EventCase = {
    store,
    logged,
    now: T,
    process: createProcessEvent({
      inbox: store.inbox,
      log,
      clock: () => event.now,
      holder: "me",
      handleEvent,
    }),
    async claim(now) {
      const claimed = await store.inbox.claim("me", now, MINUTE);
      if (claimed === undefined) throw new Error("nothing to claim");
      return claimed;
    },
  };
  return event;
}
