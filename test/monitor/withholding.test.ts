import { expect, test } from "vitest";
import { tidyAlerting } from "../../src/alerting/retention.ts";
import type { Refusal, Shown } from "../../src/domain/access.ts";
import type { Recipient } from "../../src/domain/alerts/notice.ts";
import type { View } from "../../src/domain/views/views.ts";
import { Failure } from "../../src/errors.ts";
import { createCallStatus } from "../../src/health.ts";
import { startDelivery } from "../../src/monitor/deliver.ts";
import {
  alert,
  closed,
  OPS,
  type OutboxHarness,
  onEveryOutbox,
  TIMINGS,
  WAITED,
  WAR,
} from "../alerting/outbox-fixtures.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { everyFault } from "../support/logs.ts";
import { DAY, HOUR, MINUTE } from "../support/time.ts";

const GUESTS: Refusal = { because: "guests", guests: 1 };
const NOC = "noc@x.example";

/** The delivery loop on a real outbox, with a gate that refuses what `refusal` says. */
function deliveryOf({ outbox }: OutboxHarness) {
  const state: {
    now: number;
    refusal: Refusal | undefined;
    isMember: boolean | undefined;
    failure: Failure | undefined;
  } = { now: WAITED, refusal: undefined, isMember: true, failure: undefined };
  const messages = createCallStatus(() => state.now);
  const asked: Shown[] = [];
  const sent: string[] = [];
  const send = async (to: object, { kind, ...view }: View, shown: Shown) => {
    asked.push(shown);
    if (shown !== "no customers" && state.refusal !== undefined) return { withheld: state.refusal };
    if (state.failure !== undefined) throw state.failure;
    sent.push(`${Object.values(to)[0]}: ${"title" in view ? view.title : kind}`);
    return { messageId: `m${sent.length}`, roomId: WAR, edits: 0, at: state.now };
  };
  const fail = (fields: unknown): never => {
    throw new Error("The delivery failed.", { cause: fields });
  };
  /** Runs the loop once. What a delivery makes due while it ends is left for the next run. */
  const run = () =>
    new Promise<void>((isDone) => {
      let pauses = 0;
      const loop = startDelivery({
        webexStatus: () => undefined,
        outbox,
        gate: {
          refusal: async (_: Recipient, shown: Shown) => (shown === "no customers" ? undefined : state.refusal),
          notify: send,
          edit: ({ messageId }, view, shown) => send({ messageId: `edit of ${messageId}` }, view, shown),
        },
        presence: { isTokenAccepted: async () => true, isMember: async () => state.isMember },
        cards: { save: async () => undefined },
        onCommit: () => undefined,
        recordPost: messages.record,
        holder: "ada",
        pauseMs: 1,
        random: () => 0.5,
        log: everyFault({ info() {}, warn() {}, error: (_, fields) => fail(fields) }),
        clock: () => state.now,
        // The first pause is over at once; in the second one everything is under way.
        async sleep() {
          pauses += 1;
          if (pauses === 2) void loop.stop().then(isDone);
        },
      });
    });
  /** Delivers everything that is due. */
  const deliver = async (): Promise<readonly string[]> => {
    const before = sent.length;
    await run();
    await run();
    return sent.slice(before);
  };
  return { state, asked, deliver, isHealthy: () => messages.check("Webex messages", false).ok };
}

/** An alert that the space was told and that nobody acknowledged, so that its escalation waits. */
async function escalated(harness: OutboxHarness) {
  const delivery = deliveryOf(harness);
  const { deliver, state } = delivery;
  await harness.watch(WAR, { escalate: NOC });
  await harness.put(alert(1));
  await harness.reconcile(WAR, NOON);
  await deliver();
  state.now += HOUR;
  await harness.runScheduled(state.now);
  return delivery;
}

onEveryOutbox((open) => {
  test("PRODUCT 5: guests hold back what names customers; the space is told once, and then gets a baseline", async () => {
    const harness = await open();
    const { deliver, state } = deliveryOf(harness);
    await harness.completeSweep();
    await harness.queueAlerts(2);
    state.refusal = GUESTS;
    expect(await deliver()).toEqual(["war room: Alerts are held back in this space"]);
    await harness.put(closed(alert(1), WAITED));
    await harness.reconcile(WAR, WAITED);
    await harness.enqueue(WAR, "outage", WAITED + MINUTE, { since: NOON });
    state.now += MINUTE;
    expect(await deliver()).toEqual([expect.stringContaining("Wholesale API cannot be read")]);
    state.now += HOUR;
    expect(await deliver()).toEqual([]);
    expect(await harness.queue(WAR)).toMatchObject({ attempts: 0, failingSince: null, withheldAt: WAITED });
    state.refusal = undefined;
    state.now += MINUTE;
    // What came and went meanwhile follows by itself.
    expect((await deliver())[0]).toMatch(/^war room: Watching 0 customers/);
    expect(await harness.noticeStates(WAR)).toContain("baseline sent");
    expect(await harness.queue(WAR)).toMatchObject({ withheldAt: null });
    state.refusal = GUESTS;
    await harness.put(closed(alert(2), state.now));
    await harness.reconcile(WAR, state.now);
    state.now += TIMINGS.intervalMs;
    expect(await deliver()).toEqual(["war room: Alerts are held back in this space"]);
  });

  test("PRODUCT 5: where it is not known who would see a message, it waits, uncounted and without a word", async () => {
    const harness = await open();
    const { deliver, state } = deliveryOf(harness);
    await harness.queueAlerts();
    state.refusal = { because: "unsure" };
    for (let minutes = 0; minutes < 30; minutes += 1) {
      expect(await deliver()).toEqual([]);
      state.now += MINUTE;
    }
    expect(await harness.queue(WAR)).toMatchObject({ attempts: 0, failingSince: null, withheldAt: null });
    state.refusal = undefined;
    expect(await deliver()).toHaveLength(1);
    expect(await harness.noticeStates(WAR)).toEqual(["alert sent"]);
  });

  test("ALERTS 32: while Webex does not say who would see a message, the delivery counts as failing", async () => {
    const harness = await open();
    const { deliver, state, isHealthy } = deliveryOf(harness);
    await harness.queueAlerts();
    state.refusal = { because: "unsure" };
    await deliver();
    expect(isHealthy()).toBe(false);
    state.refusal = undefined;
    state.now += MINUTE;
    await deliver();
    expect(isHealthy()).toBe(true);
  });

  test("ALERTS 32: guests are no failure of the delivery", async () => {
    const harness = await open();
    const { deliver, state, isHealthy } = deliveryOf(harness);
    await harness.queueAlerts();
    state.refusal = GUESTS;
    await deliver();
    expect(isHealthy()).toBe(true);
  });

  test.each([
    ["refused in a space that the bot is in", false, true],
    ["to a space that the bot is no longer in", true, false],
  ] as const)("ALERTS 29, 32: after a message %s, the delivery is healthy: %s", async (_, healthy, isMember) => {
    const harness = await open();
    const { deliver, state, isHealthy } = deliveryOf(harness);
    await harness.queueAlerts();
    state.isMember = isMember;
    state.failure = new Failure("webex.forbidden", "", "");
    await deliver();
    expect(isHealthy()).toBe(healthy);
  });

  test("ALERTS 29, 32: a refused message counts as a failure of the delivery until one is accepted", async () => {
    const harness = await open();
    const { deliver, state, isHealthy } = deliveryOf(harness);
    await harness.queueAlerts();
    state.failure = new Failure("webex.conflict", "", "");
    await deliver();
    expect(isHealthy()).toBe(false);
    expect(await harness.noticeStates(WAR)).toEqual(["alert dead"]);
    state.failure = undefined;
    state.now += MINUTE;
    await harness.runScheduled(state.now);
    expect(await deliver()).toHaveLength(1);
    expect(isHealthy()).toBe(true);
  });

  test("ALERTS 29: a room whose members cannot be read, and in which the bot is not, is suspended", async () => {
    const harness = await open();
    const { deliver, state } = deliveryOf(harness);
    await harness.queueAlerts();
    state.refusal = { because: "unsure" };
    state.isMember = undefined;
    await deliver();
    expect(await harness.queue(WAR)).toMatchObject({ suspendedAt: null });
    state.isMember = false;
    state.now += MINUTE;
    await deliver();
    expect(await harness.queue(WAR)).toMatchObject({ suspendedAt: state.now });
  });

  test("PRODUCT 5: an escalation to an outsider is not sent, and is asked about less and less often", async () => {
    const harness = await open();
    const { deliver, state } = await escalated(harness);
    state.refusal = { because: "outsider" };
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      // The space that watches is told once.
      const told = tries === 0 ? [`${WAR}: Alerts of this space cannot be escalated to ${NOC}`] : [];
      expect(await deliver()).toEqual(told);
      const { dueAt } = await harness.queue(`email:${NOC}`);
      waits.push(((dueAt ?? 0) - state.now) / MINUTE);
      state.now = dueAt ?? 0;
    }
    expect(waits).toEqual([1, 1, 2, 4, 8, 16, 32, 60]);
    state.refusal = undefined;
    expect(await deliver()).toEqual([expect.stringContaining("noc@x.example: ")]);
  });

  test("PRODUCT 5: every message says whose customers it names; outages and plain reports say that they name none", async () => {
    const harness = await open();
    const { deliver, asked } = deliveryOf(harness);
    await harness.bind(WAR, "acme");
    await harness.watch(WAR);
    await harness.put(alert(1, { key: { scope: "acme", customerId: "c1", item: "webex_calling", kind: "error" } }));
    await harness.reconcile(WAR, NOON);
    expect(await deliver()).toHaveLength(1);
    await harness.enqueue(OPS, "report", WAITED, { lines: ["A report"] });
    await harness.enqueue("quiet room", "outage", WAITED, { since: NOON });
    expect(await deliver()).toHaveLength(2);
    await harness.enqueue("quiet room", "digest", WAITED, { since: NOON });
    expect(await deliver()).toHaveLength(1);
    expect(asked).toEqual([{ scopes: ["acme"] }, "no customers", "no customers", { scopes: [""] }]);
  });

  test("PRODUCT 5, ALERTS 30: the card in a room with a guest is not edited, not even by what happens elsewhere", async () => {
    const harness = await open();
    const { deliver, state } = deliveryOf(harness);
    await harness.queueAlerts();
    await deliver();
    const ack = { personId: "ada", name: "Ada", at: WAITED, roomId: "room B", note: "call 555" };
    await harness.change("room B", { kind: "ack", alerts: [1], ack }, WAITED);
    state.refusal = GUESTS;
    for (let minutes = 0; minutes < 20; minutes += 1) {
      expect(await deliver()).toEqual([]);
      state.now += MINUTE;
    }
    expect(await harness.cards(WAR)).toMatchObject([{ attempts: 0 }]);
    state.refusal = undefined;
    expect(await deliver()).toEqual([expect.stringMatching(/^edit of m1/)]);
  });

  test("what a person may not see is dropped in the end", async () => {
    const harness = await open();
    const { state } = await escalated(harness);
    await tidyAlerting(harness.db, state.now + 29 * DAY);
    expect(await harness.noticeStates(`email:${NOC}`)).toEqual(["escalation pending"]);
    await tidyAlerting(harness.db, state.now + 31 * DAY);
    expect(await harness.noticeStates(`email:${NOC}`)).toEqual([]);
  });
});
