import fc from "fast-check";
import { expect, test } from "vitest";
import type { Alert } from "../../../src/domain/alerts/alert.ts";
import {
  applyObservation,
  closeAlert,
  type ObservationContext,
  type Reading,
} from "../../../src/domain/alerts/lifecycle.ts";
import type { Observation } from "../../../src/domain/alerts/observation.ts";
import { alertOf, customerOf, HOUR, MINUTE } from "../../support/alert-fixtures.ts";
import { propertyRuns } from "../../support/property-runs.ts";

/** What the table of `lifecycle.test.ts` does not show: what is remembered, and what is not. */

const NOW = 10 * HOUR;
const STATUS = { bad: "error", moving: "updating", good: "provisioned" } as const;

function sighting(seen: Observation["class"], status = seen === "absent" ? undefined : STATUS[seen]): Observation {
  const { key } = alertOf();
  const subject = customerOf("acme", status === undefined ? {} : { calling: status });
  return { key, class: seen, ...(status !== undefined && { status }), subject };
}

const moment = (kind: Reading["kind"], but: Partial<ObservationContext> = {}): ObservationContext => ({
  now: NOW,
  reading: { id: 7, kind },
  reopenMs: HOUR / 2,
  nextId: 42,
  ...but,
});

const closed = closeAlert(alertOf(), "recovered", NOW - MINUTE);

test("ALERTS 9: an opening is remembered with its number, when it was seen, and what it was before", () => {
  const opened = applyObservation(
    undefined,
    { ...sighting("bad"), previousStatus: "provisioned" },
    moment("quick-poll", { awayMs: MINUTE }),
  );
  expect(opened).toEqual({
    ...alertOf({ id: 42, openedAt: NOW, badSince: NOW, previousStatus: "provisioned", lateMs: MINUTE }),
    subject: sighting("bad").subject,
  });
});

test("ALERTS 15: what was in error before the bot first looked is marked", () => {
  expect(applyObservation(undefined, sighting("bad"), moment("page", { baseline: true }))).toMatchObject({
    baseline: true,
  });
  expect(applyObservation(undefined, sighting("bad"), moment("page"))).toMatchObject({ baseline: false });
});

test("ALERTS 8: what was never in error is not remembered", () => {
  for (const seen of ["good", "moving", "absent"] as const)
    expect(applyObservation(undefined, sighting(seen), moment("sweep"))).toBeUndefined();
});

test("ALERTS 8: where nothing is news, the alert is the very same", () => {
  const open = alertOf({ subject: sighting("bad").subject });
  expect(applyObservation(open, sighting("bad"), moment("sweep"))).toBe(open);
  for (const seen of ["good", "moving", "absent"] as const) {
    expect(applyObservation(open, sighting(seen), moment("page"))).toBe(open);
    expect(applyObservation(closed, sighting(seen), moment("sweep"))).toBe(closed);
  }
  expect(applyObservation(open, sighting("absent"), moment("quick-poll"))).toBe(open);
});

test("ALERTS 11: one reading is one sighting, however often it meets the package", () => {
  const once = applyObservation(alertOf(), sighting("good"), moment("sweep"));
  expect(applyObservation(once, sighting("good"), moment("sweep"))).toBe(once);
  expect(
    applyObservation(once, sighting("good"), moment("sweep", { reading: { id: 8, kind: "sweep" } })),
  ).toMatchObject({
    state: "closed",
    reason: "recovered",
    closedAt: NOW,
  });
});

test("ALERTS 12: re-opened, it is bad since now, and open since it was", () => {
  expect(applyObservation(closed, sighting("bad"), moment("page"))).toMatchObject({
    id: 1,
    state: "open",
    openedAt: 0,
    badSince: NOW,
    reopenedAt: [NOW],
  });
});

test("ALERTS 12: what it was closed for, and who had it, is forgotten", () => {
  const acked = { ...closed, ack: { personId: "olga", name: "Olga", at: 0 } };
  expect(Object.keys(applyObservation(acked, sighting("bad"), moment("page")) ?? {})).not.toEqual(
    expect.arrayContaining(["ack"]),
  );
  expect(applyObservation(closed, sighting("bad"), moment("page"))).not.toHaveProperty("closedAt");
  expect(applyObservation(closed, sighting("bad"), moment("page"))).not.toHaveProperty("reason");
});

test("ALERTS 14: only a look-up after two absences removes, whoever asks for it", () => {
  const after = (absentSweeps: number, kind: Reading["kind"]) =>
    applyObservation(alertOf({ absentSweeps }), sighting("absent"), moment(kind))?.state;
  expect([0, 1, 2, 3].map((absent) => after(absent, "lookup"))).toEqual(["open", "open", "closed", "closed"]);
  expect((["page", "quick-poll", "sweep"] as const).map((kind) => after(2, kind))).toEqual(["open", "open", "open"]);
});

test("ALERTS 14: absences count in complete sweeps alone, and in a row", () => {
  const absences = (kind: Reading["kind"], seen: Observation["class"]) =>
    applyObservation(alertOf({ absentSweeps: 1 }), sighting(seen), moment(kind))?.absentSweeps;
  expect((["page", "quick-poll", "lookup", "sweep"] as const).map((kind) => absences(kind, "absent"))).toEqual([
    1, 1, 1, 2,
  ]);
  expect((["bad", "moving", "good"] as const).map((seen) => absences("quick-poll", seen))).toEqual([0, 0, 0]);
});

test("ALERTS 14: the customer itself is removed, a package of it is removed", () => {
  const gone = (item: string) => {
    const key = { ...alertOf().key, item };
    return applyObservation(alertOf({ key, absentSweeps: 2 }), { ...sighting("absent"), key }, moment("lookup"))
      ?.reason;
  };
  expect([gone("*"), gone("calling")]).toEqual(["customer removed", "package removed"]);
});

test("ALERTS 13: a change while it flaps starts both of its counts anew", () => {
  const flapping = { since: 0, changedAt: 0, unchangedObservations: 4 };
  const open = alertOf({ flapping });
  expect(applyObservation(open, sighting("good"), moment("sweep"))?.flapping).toEqual({
    since: 0,
    changedAt: NOW,
    changedIn: 7,
    unchangedObservations: 0,
  });
  expect(applyObservation({ ...closed, flapping }, sighting("bad"), moment("page"))?.flapping).toMatchObject({
    changedAt: NOW,
    unchangedObservations: 0,
  });
  expect(applyObservation(open, sighting("bad"), moment("sweep"))?.flapping).toBeUndefined();
});

test("ALERTS 26: the generation grows with what is worth telling, and with nothing else", () => {
  const by = (last: Alert, seen: Observation["class"], kind: Reading["kind"]) =>
    (applyObservation(last, sighting(seen), moment(kind))?.generation ?? 0) - last.generation;
  const flapping = { since: 0, changedAt: 0, unchangedObservations: 4 };
  // Failed again, recovered, removed, re-opened, steady.
  expect(by(alertOf({ retrying: true }), "bad", "page")).toBe(1);
  expect(by(alertOf({ state: "healing", healedIn: 1 }), "good", "quick-poll")).toBe(1);
  expect(by(alertOf({ absentSweeps: 2 }), "absent", "lookup")).toBe(1);
  expect(by(closed, "bad", "quick-poll")).toBe(1);
  expect(by(alertOf({ flapping }), "bad", "sweep")).toBe(1);
  // Tried again, healing, bad again before it had recovered, missed.
  expect(by(alertOf(), "moving", "sweep")).toBe(0);
  expect(by(alertOf(), "good", "sweep")).toBe(0);
  expect(by(alertOf({ state: "healing", healedIn: 1 }), "bad", "sweep")).toBe(0);
  expect(by(alertOf(), "absent", "sweep")).toBe(0);
});

test("ALERTS 8: whatever is seen in whatever order, an alert is in one piece", () => {
  const seen = fc.constantFrom<Observation["class"]>("bad", "bad", "moving", "good", "good", "absent");
  const kind = fc.constantFrom<Reading["kind"]>("page", "quick-poll", "sweep", "sweep", "lookup");
  const minutes = fc.constantFrom(1, 5, 40);
  const sightings = fc.array(fc.tuple(seen, kind, minutes), { maxLength: 30 });
  fc.assert(
    fc.property(sightings, (all) => {
      let last: Alert | undefined;
      let now = 0;
      for (const [id, [what, kind, later]] of all.entries()) {
        now += later * MINUTE;
        const next = applyObservation(
          last,
          sighting(what),
          moment(kind, { now, reading: { id, kind }, nextId: (last?.id ?? 0) + 1 }),
        );
        if (next !== undefined) expectWhole(next, last);
        last = next;
      }
    }),
    propertyRuns(300),
  );
});

function expectWhole(alert: Alert, last: Alert | undefined): void {
  const { state, reason, closedAt, healedIn, badSince, openedAt, attempt, failures } = alert;
  expect([reason !== undefined, closedAt !== undefined]).toEqual([state === "closed", state === "closed"]);
  expect(healedIn !== undefined).toBe(state === "healing");
  expect(state !== "open" && (alert.retrying || alert.suspended)).toBe(false);
  expect(badSince).toBeGreaterThanOrEqual(openedAt);
  expect(attempt).toBeGreaterThan(failures);
  if (last === undefined) return;
  if (alert.id !== last.id) {
    expect([last.state, last.flapping, alert.generation]).toEqual(["closed", undefined, 1]);
    return;
  }
  expect(alert.generation).toBeGreaterThanOrEqual(last.generation);
  expect(alert.reopenedAt.slice(0, last.reopenedAt.length)).toEqual(last.reopenedAt);
}
