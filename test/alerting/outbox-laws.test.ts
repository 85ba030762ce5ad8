import fc from "fast-check";
import { expect, test } from "vitest";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { notifiedStateOf } from "../../src/domain/alerts/reconcile.ts";
import type { OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import { MINUTE, NOON } from "../store/sweep-fixtures.ts";
import { propertyRuns } from "../support/property-runs.ts";
import {
  alert,
  closed,
  HOUR,
  LEASE_MS,
  type OutboxHarness,
  onEveryOutbox,
  reopened,
  TIMINGS,
} from "./outbox-fixtures.ts";

const STEPS = [
  ...["break", "heal", "fail again", "wait", "wait long", "tick", "claim", "deliver", "lose the answer"],
  ...["crash", "be refused for now", "be busy", "mute", "cover"],
] as const;
type StepName = (typeof STEPS)[number];

/** Most of the time something changes, time passes, and what is due goes out. */
const name = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<StepName>("break", "heal", "wait", "wait long", "claim", "deliver"),
  },
  { weight: 1, arbitrary: fc.constantFrom(...STEPS) },
);
const story = fc.array(fc.record({ name, which: fc.nat(2) }), { minLength: 30, maxLength: 60, size: "max" });

const QUIET = TIMINGS.intervalMs + TIMINGS.waitMs;

/** One space and three alerts, on which a story is played; `said` is what the space could read, in its order. */
function createStage(bench: OutboxHarness, roomId: string, firstId: number) {
  const alerts = new Map<number, Alert>();
  const said: OutgoingMessage[] = [];
  /** Those of which nobody knows that they were posted. */
  const lost: OutgoingMessage[] = [];
  let now = NOON;
  let flush: OutgoingMessage | undefined;

  const save = async (next: Alert): Promise<void> => {
    alerts.set(next.id, next);
    await bench.put(next);
    await bench.reconcile(roomId, now);
  };
  const claim = async (): Promise<void> => {
    flush ??= await bench.claim(now);
  };
  const postInVain = (): void => {
    if (flush === undefined) return;
    said.push(flush);
    lost.push(flush);
  };
  const over = (): void => {
    flush = undefined;
  };
  const setBack = async (setback: Parameters<OutboxHarness["outbox"]["failed"]>[1]): Promise<void> => {
    if (flush !== undefined) await bench.outbox.failed(flush, setback, now, 0.5);
    over();
  };
  const deliver = async (): Promise<void> => {
    if (flush !== undefined) {
      said.push(flush);
      await bench.outbox.delivered(flush, { messageId: `m${said.length}` }, now);
    }
    over();
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
    tick: () => bench.runScheduled(now),
    claim,
    deliver,
    "lose the answer": () => {
      postInVain();
      return setBack({ kind: "retryable", possiblySent: true });
    },
    crash: () => {
      if (said.length % 2 === 0) postInVain();
      over();
      now += LEASE_MS;
    },
    "be refused for now": () => setBack({ kind: "retryable", possiblySent: false }),
    "be busy": () => setBack({ kind: "busy", waitMs: 1000 }),
    mute: () => bench.muteFor(roomId, now, 5 * MINUTE),
    cover: () => bench.enqueueSummaryNotice(roomId, "baseline", now),
  };
  return {
    alerts,
    said,
    lost,
    play: ({ name, which }: { name: StepName; which: number }) => play[name](firstId + which),
    /** Lets everything come to rest: mutes end, leases run out, and what is owed gets through. */
    async rest() {
      over();
      now += HOUR;
      await bench.runScheduled(now);
      for (let message = 0; message < 20; message++) {
        now += QUIET;
        await claim();
        await deliver();
      }
    },
  };
}

onEveryOutbox((open) => {
  test("ALERTS a, b, e, 28: whatever happens, at rest the space knows what is so, in order, and what may be lost was repeated", async () => {
    const bench = await open();
    await bench.read();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        round += 1;
        const roomId = `room ${round}`;
        await bench.watch(roomId);
        const stage = createStage(bench, roomId, round * 10);
        for (const one of steps) await stage.play(one);
        await stage.rest();
        await expectLaws(bench, roomId, stage);
        await bench.db.deleteFrom("alerts").execute();
        await bench.db.deleteFrom("outbox").execute();
        await bench.db.deleteFrom("watches").execute();
        await bench.db.deleteFrom("recipientQueues").execute();
      }),
      propertyRuns(15),
    );
  });
});

async function expectLaws(
  bench: OutboxHarness,
  roomId: string,
  { alerts, said, lost }: ReturnType<typeof createStage>,
) {
  const told = new Map((await bench.told(roomId)).map((one) => [one.alertId, one]));
  expect(await bench.outbox.state()).toMatchObject({ waiting: 0, dead: 0 });
  for (const flush of lost) expect(said.slice(said.indexOf(flush) + 1).some(isRepeatOf(flush))).toBe(true);
  for (const one of alerts.values()) {
    const known = told.get(one.id);
    // What opened and closed before anybody could be told is nobody's news.
    if (known === undefined) expect(one.state).toBe("closed");
    else expect(known.state).toBe(notifiedStateOf(one));
    if (one.state === "open") expect(known?.failures).toBe(one.failures);
    const generations = said.flatMap((flush) =>
      flush.alerts.filter(({ id }) => id === one.id).map(({ generation }) => generation),
    );
    expect(generations).toEqual([...generations].sort((a, b) => a - b));
    const kinds = said.flatMap(({ notices }) => notices.filter(({ alertId }) => alertId === one.id));
    const first = said.find((flush) => flush.alerts.some(({ id }) => id === one.id));
    if (kinds[0] !== undefined && first?.notices[0]?.kind !== "baseline") expect(kinds[0].kind).toBe("alert");
  }
}

/** Whether a message says, marked, what the lost one said, or what has become of it. */
function isRepeatOf({ notices: [lost] }: OutgoingMessage): (flush: OutgoingMessage) => boolean {
  return ({ notices }) =>
    notices.some(
      ({ possiblySent, alertId, kind }) =>
        possiblySent && alertId === lost?.alertId && (alertId !== 0 || kind === lost.kind),
    );
}
