import { expect, test } from "vitest";
import { buildMessage } from "../../src/domain/alerts/messages.ts";
import { buildCardEdit } from "../../src/domain/alerts/refreshed-view.ts";
import type { View } from "../../src/domain/views/views.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { inUtc } from "../support/in-utc.ts";
import { MINUTE, SECOND } from "../support/time.ts";
import { ackChange } from "./alert-fixtures.ts";
import { alert, closed, type OutboxHarness, onEveryOutbox, WAITED, WAR, WINDOW } from "./outbox-fixtures.ts";

const LEASE_MS = 10 * MINUTE;

const asidesIn = (view: View): readonly string[] => {
  const passed = "marks" in view ? (view.marks?.cameAndWent ?? []) : [];
  return inUtc([...passed, ...(view.kind === "alerts" ? view.lines : [])]);
};

const passed = (id: number) => `Came and went: ext-c${id} · Calling · 2560 · 12:00–12:00 UTC`;

/** The content of the next edit that the engine makes. */
async function nextEdit({ outbox }: OutboxHarness, now: number): Promise<View> {
  const edit = await outbox.claimEdit(now, LEASE_MS);
  if (edit === undefined) throw new Error("No card owes an edit.");
  await outbox.recordEdit(edit, "shown", now);
  return buildCardEdit(edit, now);
}

/** Puts an alert and tells the room of it. */
async function tell(
  { put, reconcile, deliverNext }: OutboxHarness,
  at: number,
  one: ReturnType<typeof alert>,
  toldAt = at + MINUTE,
) {
  await put(one);
  await reconcile(WAR, at);
  return deliverNext(toldAt);
}

onEveryOutbox((open) => {
  test.each([
    { others: 1, kind: "alert" },
    { others: 2, kind: "alerts" },
  ])("ALERTS 20, 30: an edit of a card of $others keeps what came and went", async ({ others, kind }) => {
    const harness = await open();
    await harness.queueAlerts(others + 1);
    await harness.put(closed(alert(1), NOON + 20 * SECOND));
    await harness.deliverNext(WAITED, "root");
    await tell(harness, WINDOW, closed(alert(2), WINDOW));
    const view = await nextEdit(harness, WINDOW + MINUTE);
    expect({ kind: view.kind, asides: asidesIn(view) }).toEqual({ kind, asides: [passed(1)] });
  });

  test("ALERTS 20, 30: an edit of a card keeps what was removed", async () => {
    const harness = await open();
    await harness.queueAlerts(2);
    await harness.enqueue(WAR, "removals", NOON, { lines: ["Customer removed", "Contoso"] });
    await harness.deliverNext(WAITED, "root");
    await tell(harness, WINDOW, closed(alert(2), WINDOW));
    expect(asidesIn(await nextEdit(harness, WINDOW + MINUTE))).toEqual(["Customer removed: Contoso"]);
  });

  test("ALERTS 20, 21: the card of a storm keeps what came and went before it, while it grows and after", async () => {
    const harness = await open();
    await harness.queueAlerts(12);
    await harness.put(closed(alert(1), NOON + 20 * SECOND));
    await harness.deliverNext(WAITED, "root");
    const growth = await tell(harness, WAITED, alert(20, { previousStatus: "provisioned" }), WINDOW);
    expect(growth.storm?.step).toBe("edit");
    expect(asidesIn(buildMessage(growth, WINDOW).view)).toEqual([passed(1)]);
    await harness.change(WAR, ackChange("ada", [2]), WINDOW);
    expect(asidesIn(await nextEdit(harness, WINDOW + 60 * MINUTE))).toEqual([passed(1)]);
  });
});
