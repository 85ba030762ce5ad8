import { expect, test } from "vitest";
import { startDelivery } from "../../src/monitor/deliver.ts";
import { type OutboxHarness, onEveryOutbox, WAITED } from "../alerting/outbox-fixtures.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { SILENT_LOG } from "../support/logs.ts";

const PAUSE_MS = 50;

const neverDue = (): never => {
  throw new Error("Nothing is due.");
};

/** The second wait of the delivery loop, after its first look, in milliseconds; and whether a transaction ends it. */
async function waitOf({ outbox }: OutboxHarness, now: number) {
  const waits: number[] = [];
  let commit = (): void => undefined;
  let endedByCommit = false;
  await new Promise<void>((isDone) => {
    const loop = startDelivery({
      webexStatus: () => undefined,
      outbox,
      onCommit: (listener) => {
        commit = listener;
      },
      gate: { refusal: neverDue, notify: neverDue, edit: neverDue },
      presence: { isTokenAccepted: async () => true, isMember: neverDue },
      cards: { save: neverDue },
      recordPost: neverDue,
      holder: "ada",
      pauseMs: PAUSE_MS,
      random: () => 0.5,
      log: SILENT_LOG,
      clock: () => now,
      async sleep(milliseconds, signal) {
        waits.push(milliseconds);
        if (waits.length === 1) return;
        commit();
        endedByCommit = signal?.aborted ?? false;
        void loop.stop().then(isDone);
      },
    });
  });
  return { waitMs: waits[1], endedByCommit };
}

onEveryOutbox((open) => {
  test("a message is sent when it is due, and not at the next look", async () => {
    const harness = await open();
    await harness.queueAlerts();
    expect(await waitOf(harness, WAITED - 700)).toMatchObject({ waitMs: 700 });
    expect(await waitOf(harness, WAITED - 1)).toMatchObject({ waitMs: PAUSE_MS });
  });

  test("while nothing is due soon, the outbox is looked at every 5 s, and after each transaction", async () => {
    const harness = await open();
    expect(await waitOf(harness, NOON)).toEqual({ waitMs: 5_000, endedByCommit: true });
    await harness.queueAlerts();
    expect(await waitOf(harness, NOON)).toEqual({ waitMs: 5_000, endedByCommit: true });
  });
});
