import { expect, test } from "vitest";
import { buildMessage } from "../../src/domain/alerts/messages.ts";
import type { OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import { customerOf, problemWithCode } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { inUtc } from "../support/in-utc.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** Alerts that were over before a space could be told (ALERTS 20). */

const customer = (id: string, status: string) => customerOf(id, { calling: status }, [problemWithCode(2560)]);
const [GOOD, BAD] = ["provisioned", "error"];
const ACME = "Came and went: acme · calling · 2560 · 12:01–12:01 UTC";

onEveryDatabase((database) => {
  /** A room that watches everything and got its baseline, and acme, which was in error for a short time. */
  async function afterShortError() {
    const harness = openEngineHarness(await database.open());
    await harness.sweep([customer("acme", GOOD), customer("globex", GOOD)]);
    await harness.watch("hq");
    await harness.deliver();
    harness.clock.now += MINUTE;
    await harness.recordPage([customer("acme", BAD)]);
    await harness.quickPoll([customer("acme", GOOD)]);
    const end = () => harness.quickPoll([customer("acme", GOOD)]);
    /** Time passes, and the API can be read all the time. */
    const pass = async (ms: number) => {
      const until = harness.clock.now + ms;
      while (harness.clock.now < until) {
        harness.clock.now = Math.min(until, harness.clock.now + 5 * MINUTE);
        await harness.sweep([customer("acme", GOOD), customer("globex", GOOD)]);
      }
    };
    return { ...harness, end, pass };
  }

  /** The notice of the error was refused and is dead, acme recovered, and is in error again: another notice waits. */
  async function afterRefusal() {
    const harness = await afterShortError();
    const { clock, end, recordPage, store, wait } = harness;
    await recordPage([customer("acme", BAD)]);
    await wait(MINUTE);
    const refused = await store.outbox.claim("ada", clock.now, MINUTE);
    if (refused !== undefined) await store.outbox.failed(refused, { kind: "rejected" }, clock.now, 0.5);
    for (const _ of [1, 2]) await end();
    await recordPage([customer("acme", BAD)]);
    return harness;
  }

  const linesOf = (message: OutgoingMessage | undefined, now: number) => {
    if (message === undefined) return [];
    const { view } = buildMessage(message, now);
    return "marks" in view ? inUtc(view.marks.cameAndWent ?? []) : [];
  };

  test("ALERTS 20: the next message has a line for an alert that came and went, once", async () => {
    const { end, recordPage, deliverAll, clock } = await afterShortError();
    await end();
    await recordPage([customer("globex", BAD)]);
    const [first, ...others] = await deliverAll();
    expect(first).toMatchObject({ kinds: ["alert"], alerts: [{ key: { customerId: "globex" } }] });
    expect(linesOf(first?.message, clock.now)).toEqual([ACME]);
    await recordPage([customer("globex", BAD)]);
    expect(others.flatMap(({ message }) => linesOf(message, clock.now))).toEqual([]);
  });

  test("ALERTS 20: the line says so if the package is in error again by then", async () => {
    const { end, recordPage, deliverAll, clock } = await afterShortError();
    await end();
    clock.now += 3 * MINUTE;
    await recordPage([customer("acme", BAD)]);
    const [first] = await deliverAll();
    expect(first).toMatchObject({ kinds: ["alert"] });
    expect(linesOf(first?.message, clock.now)).toEqual([`${ACME}, again from 12:04 UTC`]);
  });

  test("ALERTS 20: where no message follows within an hour, it is one of its own", async () => {
    const { end, pass, deliver, clock } = await afterShortError();
    await end();
    await pass(HOUR - 5 * MINUTE);
    expect(await deliver()).toEqual([]);
    await pass(5 * MINUTE);
    const [only, ...others] = await deliver();
    expect(only && buildMessage(only.message, clock.now).view).toMatchObject({ title: "1 alert came and went" });
    expect(linesOf(only?.message, clock.now)).toEqual([ACME]);
    expect(others).toEqual([]);
    await pass(2 * HOUR);
    expect(await deliver()).toEqual([]);
  });

  test("ALERTS 20, 28: a crash between POST and record repeats the line with its message, and loses nothing", async () => {
    const { end, recordPage, store, wait, clock } = await afterShortError();
    await end();
    await recordPage([customer("globex", BAD)]);
    await wait(MINUTE);
    const lost = await store.outbox.claim("dead", clock.now, MINUTE);
    if (lost !== undefined) await store.outbox.beginPost(lost, clock.now);
    // A second one comes and goes meanwhile.
    await recordPage([customer("acme", BAD)]);
    for (const _ of [1, 2]) await end();
    clock.now += MINUTE;
    const again = await store.outbox.claim("ada", clock.now, MINUTE);
    expect(linesOf(again, clock.now)).toEqual([ACME]);
    expect([...(again?.notices ?? []), ...(again?.cameAndWent ?? [])].map((one) => one.possiblySent)).toEqual([
      true,
      true,
    ]);
    if (again !== undefined) await store.outbox.delivered(again, { messageId: "m" }, clock.now);
    clock.now += 2 * HOUR;
    const last = await store.outbox.claim("ada", clock.now, MINUTE);
    expect(linesOf(last, clock.now)).toEqual(["Came and went: acme · calling · 2560 · 12:02–12:02 UTC"]);
  });

  test("ALERTS 20, 29: one that also waits as a dead notice is named once, and holds up nothing", async () => {
    const { end, pass, quickPoll, wait, deliver, clock } = await afterRefusal();
    for (const _ of [1, 2]) await end();
    await quickPoll([customer("globex", BAD)]);
    await wait(MINUTE);
    const [first] = await deliver();
    await pass(2 * HOUR);
    const later = await deliver();
    expect(linesOf(first?.message, clock.now)).toEqual(["Came and went: acme · calling · 2560 · 12:02–12:02 UTC"]);
    expect(later.map(({ kinds, message }) => [...kinds, ...linesOf(message, clock.now)])).toEqual([["recovery"]]);
  });

  test("ALERTS 26, 29: of a notice that is tried again and a newer one of its alert, one is left", async () => {
    const { end, wait, queued } = await afterRefusal();
    expect(await queued("hq")).toEqual(["alert #1"]);
    await wait(MINUTE);
    expect(await queued("hq")).toEqual(["alert #1", "alert #1"]);
    await end();
    expect(await queued("hq")).toEqual(["alert #1"]);
    await end();
    expect(await queued("hq")).toEqual(["came-and-went #1"]);
  });

  test("ALERTS 29: a notice that is tried again is dropped where a newer one told its alert meanwhile", async () => {
    const { end, pass, wait, deliver, clock } = await afterRefusal();
    await wait(MINUTE / 2);
    expect((await deliver()).map(({ kinds }) => kinds)).toEqual([["alert"]]);
    for (const _ of [1, 2]) await end();
    await wait(MINUTE);
    await pass(2 * HOUR);
    const later = await deliver();
    expect(later.map(({ kinds, message }) => [...kinds, ...linesOf(message, clock.now)])).toEqual([["recovery"]]);
  });

  test("ALERTS 26, 29: a notice that is tried again and a newer one of its alert are one message at once", async () => {
    const { recordPage, end, pass, wait, deliver, store, clock } = await afterShortError();
    await recordPage([customer("acme", BAD)]);
    await wait(MINUTE);
    expect(await deliver()).toHaveLength(1);
    for (const _ of [1, 2]) await end();
    await pass(6 * MINUTE);
    const refused = await store.outbox.claim("ada", clock.now, MINUTE);
    if (refused !== undefined) await store.outbox.failed(refused, { kind: "rejected" }, clock.now, 0.5);
    await recordPage([customer("acme", BAD)]);
    await wait(MINUTE);
    expect((await deliver()).map(({ kinds }) => kinds)).toEqual([["reopen"]]);
  });

  test("ALERTS 20: an alert that is healing waits for the next reading", async () => {
    const { wait, deliver, queued, recordPage, deliverAll, store } = await afterShortError();
    await wait(10 * MINUTE);
    expect(await deliver()).toEqual([]);
    expect(await queued("hq")).toEqual(["alert #1"]);
    await recordPage([customer("acme", BAD)]);
    const [first] = await deliverAll();
    expect(first?.kinds).toEqual(["alert"]);
    expect(await store.outbox.state()).toMatchObject({ cancelled: 0 });
  });

  test("ALERTS 20, 23: what is muted by then is not named", async () => {
    const { end, mute, pass, deliver } = await afterShortError();
    await end();
    await mute("hq", [], 3 * HOUR);
    await pass(2 * HOUR);
    expect(await deliver()).toEqual([]);
  });
});
