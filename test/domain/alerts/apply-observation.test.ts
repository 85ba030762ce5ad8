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
import { alertOf, customerOf, problemWithCode } from "../../support/alert-fixtures.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { HOUR, MINUTE } from "../../support/time.ts";

/** The fields of the alert, which the histories of `lifecycle.test.ts` do not show. */

const NOW = 10 * HOUR;
const STATUS = { bad: "error", moving: "updating", good: "provisioned" } as const;

function observation(seen: Observation["class"], status = seen === "absent" ? undefined : STATUS[seen]): Observation {
  const { key } = alertOf();
  const subject = customerOf("acme", status === undefined ? {} : { calling: status });
  return { key, class: seen, ...(status !== undefined && { status }), subject };
}

const contextOf = (kind: Reading["kind"], but: Partial<ObservationContext> = {}): ObservationContext => ({
  now: NOW,
  reading: { id: 7, kind },
  reopenMs: HOUR / 2,
  nextId: 42,
  ...but,
});

const closed = closeAlert(alertOf(), "recovered", NOW - MINUTE);

test("ALERTS 9: a new alert has its number, the time of the reading and the status before", () => {
  const opened = applyObservation(
    undefined,
    { ...observation("bad"), previousStatus: "provisioned" },
    contextOf("quick-poll", { awayMs: MINUTE }),
  );
  expect(opened).toEqual({
    ...alertOf({ id: 42, openedAt: NOW, badSince: NOW, previousStatus: "provisioned", lateMs: MINUTE }),
    subject: observation("bad").subject,
  });
});

test("ALERTS 15: an alert of the baseline is marked", () => {
  expect(applyObservation(undefined, observation("bad"), contextOf("page", { baseline: true }))).toMatchObject({
    baseline: true,
  });
  expect(applyObservation(undefined, observation("bad"), contextOf("page"))).toMatchObject({ baseline: false });
});

test("ALERTS 8: a key that was never BAD has no alert", () => {
  for (const seen of ["good", "moving", "absent"] as const)
    expect(applyObservation(undefined, observation(seen), contextOf("sweep"))).toBeUndefined();
});

test("ALERTS 8: without a change, the same object is returned", () => {
  const open = alertOf({ subject: observation("bad").subject });
  expect(applyObservation(open, observation("bad"), contextOf("sweep"))).toBe(open);
  for (const seen of ["good", "moving", "absent"] as const) {
    expect(applyObservation(open, observation(seen), contextOf("page"))).toBe(open);
    expect(applyObservation(closed, observation(seen), contextOf("sweep"))).toBe(closed);
  }
  expect(applyObservation(open, observation("absent"), contextOf("quick-poll"))).toBe(open);
});

test("ALERTS 11: one reading counts once, however often it finds the package", () => {
  const once = applyObservation(alertOf(), observation("good"), contextOf("sweep"));
  expect(applyObservation(once, observation("good"), contextOf("sweep"))).toBe(once);
  expect(
    applyObservation(once, observation("good"), contextOf("sweep", { reading: { id: 8, kind: "sweep" } })),
  ).toMatchObject({ state: "closed", reason: "recovered", closedAt: NOW });
});

test("ALERTS 12: a re-opening changes badSince and keeps openedAt", () => {
  expect(applyObservation(closed, observation("bad"), contextOf("page"))).toMatchObject({
    id: 1,
    state: "open",
    openedAt: 0,
    badSince: NOW,
    reopenedAt: [NOW],
  });
});

test("ALERTS 12, 15: what is re-opened was not so when the bot began to watch", () => {
  expect(applyObservation({ ...closed, baseline: true }, observation("bad"), contextOf("page"))).toMatchObject({
    baseline: false,
  });
});

test("ALERTS 12: a re-opening removes the reason, the close and the acknowledgement", () => {
  const acked = { ...closed, ack: { personId: "olga", name: "Olga", at: 0 } };
  expect(Object.keys(applyObservation(acked, observation("bad"), contextOf("page")) ?? {})).not.toEqual(
    expect.arrayContaining(["ack"]),
  );
  expect(applyObservation(closed, observation("bad"), contextOf("page"))).not.toHaveProperty("closedAt");
  expect(applyObservation(closed, observation("bad"), contextOf("page"))).not.toHaveProperty("reason");
});

test("ALERTS 14: only a look-up after two absences removes", () => {
  const after = (absentSweeps: number, kind: Reading["kind"]) =>
    applyObservation(alertOf({ absentSweeps }), observation("absent"), contextOf(kind))?.state;
  expect([0, 1, 2, 3].map((absent) => after(absent, "lookup"))).toEqual(["open", "open", "closed", "closed"]);
  expect((["page", "quick-poll", "sweep"] as const).map((kind) => after(2, kind))).toEqual(["open", "open", "open"]);
});

test("ALERTS 14: only consecutive complete sweeps count absences", () => {
  const absences = (kind: Reading["kind"], seen: Observation["class"]) =>
    applyObservation(alertOf({ absentSweeps: 1 }), observation(seen), contextOf(kind))?.absentSweeps;
  expect((["page", "quick-poll", "lookup", "sweep"] as const).map((kind) => absences(kind, "absent"))).toEqual([
    1, 1, 1, 2,
  ]);
  expect((["bad", "moving", "good"] as const).map((seen) => absences("quick-poll", seen))).toEqual([0, 0, 0]);
});

test("ALERTS 14: the customer itself is removed, a package of it is removed", () => {
  const gone = (item: string) => {
    const key = { ...alertOf().key, item };
    return applyObservation(alertOf({ key, absentSweeps: 2 }), { ...observation("absent"), key }, contextOf("lookup"))
      ?.reason;
  };
  expect([gone("*"), gone("calling")]).toEqual(["customer removed", "package removed"]);
});

test("ALERTS 13, 14: a removal ends flapping, also while the item is healthy", () => {
  const flapping = { since: 0, changedAt: 0, unchangedObservations: 1 };
  const healthy = alertOf({ state: "closed", reason: "recovered", closedAt: 0, flapping });
  const absent = applyObservation(healthy, observation("absent"), contextOf("sweep"));
  expect(absent).toMatchObject({ state: "closed", reason: "recovered", absentSweeps: 1 });
  expect(applyObservation(absent, observation("good"), contextOf("sweep"))?.absentSweeps).toBe(0);
  const gone = applyObservation({ ...healthy, absentSweeps: 2 }, observation("absent"), contextOf("lookup"));
  expect(gone).toMatchObject({ state: "closed", reason: "package removed", wasHealthy: true, closedAt: NOW });
  expect(gone?.flapping).toBeUndefined();
});

test("ALERTS 13: a change while flapping restarts the time and the count", () => {
  const flapping = { since: 0, changedAt: 0, unchangedObservations: 4 };
  const open = alertOf({ flapping });
  expect(applyObservation(open, observation("good"), contextOf("sweep"))?.flapping).toEqual({
    since: 0,
    changedAt: NOW,
    changedIn: 7,
    unchangedObservations: 0,
  });
  expect(applyObservation({ ...closed, flapping }, observation("bad"), contextOf("page"))?.flapping).toMatchObject({
    changedAt: NOW,
    unchangedObservations: 0,
  });
  expect(applyObservation(open, observation("bad"), contextOf("sweep"))?.flapping).toBeUndefined();
});

test("ALERTS 8, 26: the generation grows only with changes that are notified", () => {
  const by = (last: Alert, seen: Observation["class"], kind: Reading["kind"]) =>
    (applyObservation(last, observation(seen), contextOf(kind))?.generation ?? 0) - last.generation;
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

test("ALERTS 3, 8, 26: the generation grows with another set of codes, and not with another order", () => {
  const seen = (...codes: readonly number[]) => ({
    ...observation("bad"),
    subject: customerOf("acme", { calling: "error" }, codes.map(problemWithCode)),
  });
  const open = alertOf({ subject: seen(1, 2).subject });
  expect(applyObservation(open, seen(2, 1), contextOf("page"))?.generation).toBe(1);
  expect(applyObservation(open, seen(2, 3), contextOf("page"))?.generation).toBe(2);
});

test("ALERTS 8: after any observations, the fields of an alert are consistent", () => {
  const seen = fc.constantFrom<Observation["class"]>("bad", "bad", "moving", "good", "good", "absent");
  const kind = fc.constantFrom<Reading["kind"]>("page", "quick-poll", "sweep", "sweep", "lookup");
  const minutes = fc.constantFrom(1, 5, 40);
  const observations = fc.array(fc.tuple(seen, kind, minutes), { maxLength: 30 });
  fc.assert(
    fc.property(observations, (all) => {
      let last: Alert | undefined;
      let now = 0;
      for (const [id, [what, kind, later]] of all.entries()) {
        now += later * MINUTE;
        const next = applyObservation(
          last,
          observation(what),
          contextOf(kind, { now, reading: { id, kind }, nextId: (last?.id ?? 0) + 1 }),
        );
        if (next !== undefined) expectConsistent(next, last);
        last = next;
      }
    }),
    propertyRuns(300),
  );
});

function expectConsistent(alert: Alert, last: Alert | undefined): void {
  const { state, reason, closedAt, healedIn, badSince, openedAt, attempt, failures } = alert;
  expect([reason !== undefined, closedAt !== undefined]).toEqual([state === "closed", state === "closed"]);
  expect(healedIn !== undefined).toBe(state === "healing");
  expect((state === "closed" && alert.retrying) || (state !== "open" && alert.suspended)).toBe(false);
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
