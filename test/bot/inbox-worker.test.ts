import { expect, onTestFinished, test } from "vitest";
import { createInboxWorker } from "../../src/bot/inbox-worker.ts";
import { onFile } from "../support/databases.ts";
import { MINUTE, pausedTime } from "../support/time.ts";
import { until } from "../support/until.ts";
import { createTestLog } from "../wholesale/scripted-api.ts";

const EVENT = {
  idempotencyKey: "messages:created:1",
  roomId: "noc",
  resource: "messages",
  event: "created",
  body: "{}",
};

onFile((database) => {
  test("an event whose lease ran out under a slow answer is claimed again, and not answered a second time", async () => {
    const { inbox } = await database.open();
    const time = pausedTime();
    const log = createTestLog();
    const answered: number[] = [];
    const claimed: number[] = [];
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const worker = createInboxWorker({
      inbox: {
        ...inbox,
        renew: () => Promise.reject(new Error("The database is away")),
        claim: async (holder, now, leaseMs) => {
          const event = await inbox.claim(holder, now, leaseMs);
          if (event !== undefined) claimed.push(event.id);
          return event;
        },
      },
      log,
      ...time,
      holder: "one",
      processEvent: async ({ id }) => {
        answered.push(id);
        await slow;
        await inbox.done(id, time.clock());
      },
    });
    await inbox.add(EVENT, time.clock());
    worker.start();
    onTestFinished(() => worker.stop(MINUTE));
    await expect.poll(() => claimed).toHaveLength(1);
    await until(() => {
      time.advance(5_000);
      expect(claimed.length).toBeGreaterThan(1);
    });
    finish();
    await expect.poll(() => inbox.waiting()).toBe(0);
    expect(answered).toHaveLength(1);
  });
});
