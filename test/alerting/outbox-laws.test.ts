import fc from "fast-check";
import { expect, test } from "vitest";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import type { Notice } from "../../src/domain/alerts/notice.ts";
import { notifiedStateOf } from "../../src/domain/alerts/reconcile.ts";
import type { OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { muteChange } from "./alert-fixtures.ts";
import { postedInThread } from "./deliver-messages.ts";
import { alert, closed, LEASE_MS, type OutboxHarness, onEveryOutbox, reopened, TIMINGS } from "./outbox-fixtures.ts";

const STEPS = [
  ...["break", "heal", "fail again", "wait", "wait long", "run scheduled", "claim", "deliver", "lose the answer"],
  ...["crash", "be refused for now", "be busy", "mute", "queue baseline"],
] as const;
type StepName = (typeof STEPS)[number];

/** Mostly changes, waits and deliveries. */
const name = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<StepName>("break", "heal", "wait", "wait long", "claim", "deliver"),
  },
  { weight: 1, arbitrary: fc.constantFrom(...STEPS) },
);
const histories = fc.array(fc.record({ name, which: fc.nat(2) }), { minLength: 30, maxLength: 60, size: "max" });

const QUIET = TIMINGS.intervalMs + TIMINGS.waitMs;

/** One room and three alerts. `posted` are the messages that the room has, in order. */
function createStage(harness: OutboxHarness, roomId: string, firstId: number) {
  const alerts = new Map<number, Alert>();
  const posted: OutgoingMessage[] = [];
  /** The posted messages that were never recorded as sent. */
  const lost: OutgoingMessage[] = [];
  let now = NOON;
  let message: OutgoingMessage | undefined;

  const save = async (next: Alert): Promise<void> => {
    alerts.set(next.id, next);
    await harness.put(next);
    await harness.reconcile(roomId, now);
  };
  const claim = async (): Promise<void> => {
    message ??= await harness.claim(now);
  };
  const postUnrecorded = async (): Promise<void> => {
    if (message === undefined) return;
    await harness.outbox.beginPost(message, now);
    posted.push(message);
    lost.push(message);
  };
  const forget = (): void => {
    message = undefined;
  };
  const fail = async (failure: Parameters<OutboxHarness["outbox"]["failed"]>[1]): Promise<void> => {
    if (message !== undefined) await harness.outbox.failed(message, failure, now, 0.5);
    forget();
  };
  const deliver = async (): Promise<void> => {
    if (message !== undefined) {
      posted.push(message);
      await harness.outbox.delivered(message, postedInThread(message, `m${posted.length}`), now);
    }
    forget();
  };

  const play: Record<StepName, (id: number) => unknown> = {
    break: (id) => {
      const last = alerts.get(id);
      if (last === undefined) return save(alert(id, { openedAt: now, badSince: now }));
      return last.state === "closed" ? save(reopened(last, now)) : undefined;
    },
    heal: (id) => {
      const last = alerts.get(id);
      return last?.state === "open" ? save(closed(last, now)) : undefined;
    },
    "fail again": (id) => {
      const last = alerts.get(id);
      if (last?.state !== "open") return undefined;
      return save({ ...last, failures: last.failures + 1, generation: last.generation + 1 });
    },
    wait: () => {
      now += MINUTE / 2;
    },
    "wait long": () => {
      now += 10 * MINUTE;
    },
    "run scheduled": () => harness.runScheduled(now),
    claim,
    deliver,
    "lose the answer": async () => {
      await postUnrecorded();
      return fail({ kind: "retryable", possiblySent: true });
    },
    crash: async () => {
      if (posted.length % 2 === 0) await postUnrecorded();
      forget();
      now += LEASE_MS;
    },
    "be refused for now": () => fail({ kind: "retryable", possiblySent: false }),
    "be busy": () => fail({ kind: "busy", waitMs: 1000 }),
    mute: () => harness.change(roomId, muteChange(now, now + 5 * MINUTE), now),
    "queue baseline": () => harness.enqueueSummaryNotice(roomId, "baseline", now),
  };
  return {
    alerts,
    posted,
    lost,
    play: ({ name, which }: { name: StepName; which: number }) => play[name](firstId + which),
    /** Mutes end, leases run out, and everything that waits is delivered. */
    async rest() {
      forget();
      now += HOUR;
      await harness.runScheduled(now);
      for (let message = 0; message < 20; message++) {
        now += QUIET;
        await claim();
        await deliver();
      }
    },
  };
}

onEveryOutbox((open) => {
  test("ALERTS a, b, e, 28: at rest a space was notified of the present state, in order, and lost messages were repeated", async () => {
    const harness = await open();
    await harness.completeSweep();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        round += 1;
        const roomId = `room ${round}`;
        await harness.watch(roomId);
        const stage = createStage(harness, roomId, round * 10);
        for (const one of steps) await stage.play(one);
        await stage.rest();
        await expectLaws(harness, roomId, stage);
        await harness.db.deleteFrom("alerts").execute();
        await harness.db.deleteFrom("outbox").execute();
        await harness.db.deleteFrom("watches").execute();
        await harness.db.deleteFrom("recipientQueues").execute();
      }),
      propertyRuns(15),
    );
  });
});

async function expectLaws(
  harness: OutboxHarness,
  roomId: string,
  { alerts, posted, lost }: ReturnType<typeof createStage>,
) {
  const notified = new Map((await harness.notified(roomId)).map((one) => [one.alertId, one]));
  expect(await harness.outbox.state()).toMatchObject({ waiting: 0, dead: 0 });
  for (const message of lost) expect(posted.slice(posted.indexOf(message) + 1).some(isRepeatOf(message))).toBe(true);
  for (const one of alerts.values()) {
    const known = notified.get(one.id);
    // An alert that closed before its message was made came and went.
    if (known === undefined) expect(one.state).toBe("closed");
    else expect(known.state).toBe(notifiedStateOf(one));
    if (one.state === "open") expect(known?.failures).toBe(one.failures);
    const generations = posted.flatMap((message) =>
      message.alerts.filter(({ id }) => id === one.id).map(({ generation }) => generation),
    );
    expect(generations).toEqual([...generations].sort((a, b) => a - b));
    // "Came and went" tells the beginning and the end at once (ALERTS 20).
    const isAbout = ({ alertId, kind }: Notice) => alertId === one.id && kind !== "came-and-went";
    const [first] = posted.flatMap(({ notices }) => notices.filter(isAbout));
    const knower = posted.find((message) => message.alerts.some(({ id }) => id === one.id));
    if (first !== undefined && knower?.notices[0]?.kind !== "baseline") expect(first.kind).toBe("alert");
  }
}

/** True for a message that repeats the lost one, in its present kind. */
function isRepeatOf({ notices: [lost] }: OutgoingMessage): (message: OutgoingMessage) => boolean {
  return ({ notices }) =>
    notices.some(
      ({ possiblySent, alertId, kind }) =>
        possiblySent && alertId === lost?.alertId && (alertId !== 0 || kind === lost.kind),
    );
}
