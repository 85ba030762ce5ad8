import { expect, test } from "vitest";
import { createProcessEvent } from "../../src/bot/process-event.ts";
import type { Log } from "../../src/domain/ports/runtime.ts";
import type { InboxEvent, Store } from "../../src/domain/ports/store.ts";
import { Failure } from "../../src/errors.ts";
import { onFile, type TestDatabase } from "../support/databases.ts";

const T = Date.parse("2026-11-23T15:00:00Z");
const MINUTE = 60_000;

onFile((database) => {
  test("an answered event is done, and does not come again", async () => {
    const story = await begin(database, async () => undefined);
    await story.settle(await story.claim(T));
    expect(await story.store.inbox.waiting()).toBe(0);
    expect(story.logged).toEqual([]);
  });

  test("an event older than 15 minutes is dropped, and the log says so", async () => {
    let answers = 0;
    const story = await begin(database, async () => {
      answers += 1;
    });
    story.now = T + 16 * MINUTE;
    await story.settle(await story.claim(story.now));
    expect(answers).toBe(0);
    expect(await story.store.inbox.waiting()).toBe(0);
    expect(story.logged).toEqual(["warn inbox.dropped"]);
  });

  test("trouble that passes puts an event off, longer each time", async () => {
    const story = await begin(database, async () => {
      throw new Failure("http.unreachable", "No answer.", "Wait.", { retryable: true });
    });
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      await story.settle(await story.claim(story.now));
      const due = (await story.store.inbox.nextDue()) ?? 0;
      waits.push((due - story.now) / 1000);
      story.now = due;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test("a Retry-After is waited for", async () => {
    const story = await begin(database, async () => {
      throw new Failure("webex.busy", "Slow down.", "Wait.", { retryable: true, retryAfter: 90 });
    });
    await story.settle(await story.claim(T));
    expect(await story.store.inbox.nextDue()).toBe(T + 90_000);
  });

  test("a later event of the room waits for the one that was put off", async () => {
    const story = await begin(database, async () => {
      throw new Failure("webex.busy", "Slow down.", "Wait.", { retryable: true });
    });
    await story.store.inbox.add({ key: "later", roomId: "r", resource: "messages", event: "created", body: "{}" }, T);
    await story.settle(await story.claim(T));
    expect(await story.store.inbox.claim("me", T, MINUTE)).toBeUndefined();
  });

  test("trouble that would stay, and our own mistakes, end the event with one line in the log", async () => {
    for (const trouble of [new Failure("webex.forbidden", "No.", "Ask."), new TypeError("our own")]) {
      const story = await begin(database, async () => {
        throw trouble;
      });
      await story.settle(await story.claim(T));
      expect(await story.store.inbox.waiting()).toBe(0);
      expect(story.logged).toEqual(["error answer.failed"]);
    }
  });
});

interface Story {
  readonly store: Store;
  readonly logged: string[];
  now: number;
  readonly settle: (event: InboxEvent) => Promise<void>;
  claim(now: number): Promise<InboxEvent>;
}

let events = 0;

/** One event in the inbox at time T, and what becomes of it. */
async function begin(database: TestDatabase, handleEvent: () => Promise<void>): Promise<Story> {
  const store = await database.open();
  events += 1;
  await store.inbox.add({ key: `k${events}`, roomId: "r", resource: "messages", event: "created", body: "{}" }, T);
  const logged: string[] = [];
  const log: Log = {
    info: (event) => void logged.push(`info ${event}`),
    warn: (event) => void logged.push(`warn ${event}`),
    error: (event) => void logged.push(`error ${event}`),
  };
  const story: Story = {
    store,
    logged,
    now: T,
    settle: createProcessEvent({
      inbox: store.inbox,
      log,
      clock: () => story.now,
      holder: "me",
      handleEvent,
    }),
    async claim(now) {
      const event = await store.inbox.claim("me", now, MINUTE);
      if (event === undefined) throw new Error("nothing to claim");
      return event;
    },
  };
  return story;
}
