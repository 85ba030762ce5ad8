import { expect, test } from "vitest";
import { OPTIONAL_KIND_NAMES, type OptionalKind } from "../../../src/domain/alerts/kinds.ts";
import {
  type AlertNoticeKind,
  type DesiredState,
  desiredState,
  type NotifiedState,
  noticeFor,
  notifiedStateOf,
} from "../../../src/domain/alerts/reconcile.ts";
import { isWatched, NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import {
  alertOf,
  customerOf,
  fieldFilter,
  muteOf,
  notifiedOf,
  problemWithCode,
  roomOf,
  watchOf,
} from "../../support/alert-fixtures.ts";
import { HOUR } from "../../support/time.ts";

const flapping = { since: 0, changedAt: 0, unchangedObservations: 0 };
const desired = (alert = alertOf(), room = roomOf(), inhibited = false) =>
  desiredState({ alert, inhibited }, room, HOUR / 2);

test("ALERTS 18: the desired state is open while the alert is open or healing, and closed afterwards", () => {
  expect(desired()).toBe("open");
  expect(desired(alertOf({ state: "healing" }))).toBe("open");
  expect(desired(alertOf({ state: "closed" }))).toBe("closed");
});

test("ALERTS 18: an alert that is not watched, is muted or is inhibited stays unchanged", () => {
  expect(desired(alertOf(), roomOf({ watches: [] }))).toBe("unchanged");
  expect(desired(alertOf(), roomOf({ watches: [watchOf({ filter: fieldFilter("package", "suite") })] }))).toBe(
    "unchanged",
  );
  expect(desired(alertOf(), roomOf({ mutes: [muteOf()] }))).toBe("unchanged");
  expect(desired(alertOf(), roomOf(), true)).toBe("unchanged");
});

test("ALERTS 18: one of several watches is enough", () => {
  const suite = watchOf({ filter: fieldFilter("package", "suite") });
  expect(desired(alertOf(), roomOf({ watches: [suite, watchOf({ number: 2 })] }))).toBe("open");
});

test("ALERTS 18, 23: a close is notified in spite of changed watches and mutes", () => {
  const closed = alertOf({ state: "closed" });
  expect(desired(closed, roomOf({ watches: [] }))).toBe("closed");
  expect(desired(closed, roomOf({ mutes: [muteOf()] }))).toBe("closed");
  expect(desired(closed, roomOf(), true)).toBe("closed");
});

test("ALERTS 13, 18, 23: flapping is notified under the same conditions as open", () => {
  const flaps = alertOf({ flapping });
  expect(desired(flaps)).toBe("flapping");
  expect(desired(alertOf({ flapping, state: "closed" }))).toBe("flapping");
  expect(desired(flaps, roomOf({ mutes: [muteOf()] }))).toBe("unchanged");
  expect(desired(flaps, roomOf({ watches: [] }))).toBe("unchanged");
  expect(desired(flaps, roomOf(), true)).toBe("unchanged");
});

test("ALERTS 1: alerts of another scope stay unchanged", () => {
  for (const state of ["open", "closed"] as const)
    expect(desired(alertOf({ state }), roomOf({ scope: "of-a-sub-partner" }))).toBe("unchanged");
});

test("a drill is for its own space, with watches or without", () => {
  expect(desired(alertOf({ drill: "hq" }), roomOf({ watches: [] }))).toBe("open");
  expect(desired(alertOf({ drill: "lab" }))).toBe("unchanged");
});

const key = alertOf().key;
test("ALERTS 17: every watch wants errors, and the optional kinds that its options request", () => {
  const wants = (kind: OptionalKind) =>
    [NO_WATCH_OPTIONS, { ...NO_WATCH_OPTIONS, [kind]: true }].map((some) =>
      isWatched(watchOf({ options: some }), alertOf({ key: { ...key, kind } }), 0),
    );
  expect(isWatched(watchOf(), alertOf(), 0)).toBe(true);
  expect(OPTIONAL_KIND_NAMES.map(wants)).toEqual(OPTIONAL_KIND_NAMES.map(() => [false, true]));
});

const STATES = [undefined, "open", "closed", "flapping"] as const;
const TABLE: readonly (readonly [DesiredState, readonly (AlertNoticeKind | undefined)[]])[] = [
  // Notified of: nothing, open, closed, flapping.
  ["open", ["alert", undefined, "reopen", "flapping-end"]],
  ["closed", [undefined, "recovery", undefined, "recovery"]],
  ["flapping", ["flapping", "flapping", "flapping", undefined]],
  ["unchanged", [undefined, undefined, undefined, undefined]],
];

test.each(TABLE)("ALERTS 19: the notice for desired %s depends on what was notified", (want, expected) => {
  expect(STATES.map((state) => noticeFor(want, alertOf(), state && notifiedOf({ state })))).toEqual(expected);
});

test("ALERTS 10, 19: a failed retry is notified once to a space that knows the alert as open, and not during the next retry", () => {
  const notified: NotifiedState = notifiedOf({ failures: 1 });
  expect(noticeFor("open", alertOf({ failures: 2 }), notified)).toBe("retry");
  expect(noticeFor("open", alertOf({ failures: 1 }), notified)).toBeUndefined();
  expect(noticeFor("open", alertOf({ failures: 2, retrying: true }), notified)).toBeUndefined();
  expect(noticeFor("unchanged", alertOf({ failures: 2 }), notified)).toBeUndefined();
  expect(noticeFor("open", alertOf({ failures: 2 }), { ...notified, state: "closed" })).toBe("reopen");
});

const withCodes = (...codes: readonly number[]) =>
  alertOf({ subject: customerOf("acme", { calling: "error" }, codes.map(problemWithCode)) });

test("ALERTS 3, 19: a space that knows an open alert is told when its codes change, and not when their order does", () => {
  const notified = notifiedOf({ codes: "2560, 92105" });
  expect(noticeFor("open", withCodes(92105, 2560), notified)).toBeUndefined();
  expect(noticeFor("open", withCodes(92105), notified)).toBe("code-change");
  expect(noticeFor("open", withCodes(), notified)).toBe("code-change");
  expect(noticeFor("open", { ...withCodes(92105), retrying: true }, notified)).toBeUndefined();
  expect(noticeFor("open", { ...withCodes(92105), failures: 1 }, notified)).toBe("retry");
  expect(noticeFor("flapping", withCodes(92105), { ...notified, state: "flapping" })).toBeUndefined();
});

test("ALERTS 12, 19: a re-opening is told also where its recovery was not", () => {
  expect(noticeFor("open", alertOf({ badSince: 5 }), notifiedOf())).toBe("reopen");
});

test("ALERTS 28: the notified state after a message is the state of the alert", () => {
  expect(notifiedStateOf(alertOf({ state: "healing" }))).toBe("open");
  expect(notifiedStateOf(alertOf({ state: "closed" }))).toBe("closed");
  expect(notifiedStateOf(alertOf({ state: "closed", flapping }))).toBe("flapping");
});

test("ALERTS 19: after the notice, there is no difference left", () => {
  for (const alert of [alertOf(), alertOf({ state: "closed" }), alertOf({ flapping }), alertOf({ failures: 3 })]) {
    for (const state of STATES) {
      if (noticeFor(desired(alert), alert, state && notifiedOf({ state })) === undefined) continue;
      expect(
        noticeFor(desired(alert), alert, notifiedOf({ state: notifiedStateOf(alert), failures: alert.failures })),
      ).toBeUndefined();
    }
  }
});
