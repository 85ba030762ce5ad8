import { expect, test } from "vitest";
import {
  type AlertNoticeKind,
  type DesiredState,
  desiredState,
  type NotifiedState,
  noticeFor,
  notifiedStateOf,
} from "../../../src/domain/alerts/reconcile.ts";
import { isWatched, NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import { alertOf, fieldFilter, HOUR, muteOf, notifiedOf, roomOf, watchOf } from "../../support/alert-fixtures.ts";

const flapping = { since: 0, changedAt: 0, unchangedObservations: 0 };
const desired = (alert = alertOf(), room = roomOf(), inhibited = false) =>
  desiredState({ alert, inhibited }, room, HOUR / 2);

test("ALERTS 18: a space should believe that it is open while it is open or heals, and closed once it is", () => {
  expect(desired()).toBe("open");
  expect(desired(alertOf({ state: "healing" }))).toBe("open");
  expect(desired(alertOf({ state: "closed" }))).toBe("closed");
});

test("ALERTS 18: what no watch wants, what is muted, and what is held back stays as it was", () => {
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

test("ALERTS 18, 23: the end of what was told is told whatever was arranged since", () => {
  const closed = alertOf({ state: "closed" });
  expect(desired(closed, roomOf({ watches: [] }))).toBe("closed");
  expect(desired(closed, roomOf({ mutes: [muteOf()] }))).toBe("closed");
  expect(desired(closed, roomOf(), true)).toBe("closed");
});

test("ALERTS 13, 18, 23: that it flaps is told where it would be told that it is open", () => {
  const flaps = alertOf({ flapping });
  expect(desired(flaps)).toBe("flapping");
  expect(desired(alertOf({ flapping, state: "closed" }))).toBe("flapping");
  expect(desired(flaps, roomOf({ mutes: [muteOf()] }))).toBe("unchanged");
  expect(desired(flaps, roomOf({ watches: [] }))).toBe("unchanged");
  expect(desired(flaps, roomOf(), true)).toBe("unchanged");
});

test("ALERTS 1: a space hears of its own scope alone", () => {
  for (const state of ["open", "closed"] as const)
    expect(desired(alertOf({ state }), roomOf({ scope: "of-a-sub-partner" }))).toBe("unchanged");
});

test("a drill is for its own space, with watches or without", () => {
  expect(desired(alertOf({ drill: "hq" }), roomOf({ watches: [] }))).toBe("open");
  expect(desired(alertOf({ drill: "lab" }))).toBe("unchanged");
});

const key = alertOf().key;
test("ALERTS 17: every watch wants errors, and of the rest what it says", () => {
  const wants = (kind: "stuck" | "warnings") =>
    [NO_WATCH_OPTIONS, { ...NO_WATCH_OPTIONS, [kind]: true }].map((some) =>
      isWatched(watchOf({ options: some }), alertOf({ key: { ...key, kind } }), 0),
    );
  expect(isWatched(watchOf(), alertOf(), 0)).toBe(true);
  expect([wants("stuck"), wants("warnings")]).toEqual([
    [false, true],
    [false, true],
  ]);
});

const STATES = [undefined, "open", "closed", "flapping"] as const;
const TABLE: readonly (readonly [DesiredState, readonly (AlertNoticeKind | undefined)[]])[] = [
  // Of who was told: nothing, that it is open, closed, flapping.
  ["open", ["alert", undefined, "reopen", "flapping-end"]],
  ["closed", [undefined, "recovery", undefined, "recovery"]],
  ["flapping", [undefined, "flapping", "flapping", undefined]],
  ["unchanged", [undefined, undefined, undefined, undefined]],
];

test.each(TABLE)("ALERTS 19: where it should be believed %s, what is owed depends on what was told", (want, owed) => {
  expect(STATES.map((state) => noticeFor(want, alertOf(), state && notifiedOf({ state })))).toEqual(owed);
});

test("ALERTS 10, 19: a failed retry is owed to who believes that it is open, once, and not while another one is under way", () => {
  const told: NotifiedState = notifiedOf({ failures: 1 });
  expect(noticeFor("open", alertOf({ failures: 2 }), told)).toBe("retry");
  expect(noticeFor("open", alertOf({ failures: 1 }), told)).toBeUndefined();
  expect(noticeFor("open", alertOf({ failures: 2, retrying: true }), told)).toBeUndefined();
  expect(noticeFor("unchanged", alertOf({ failures: 2 }), told)).toBeUndefined();
  expect(noticeFor("open", alertOf({ failures: 2 }), { ...told, state: "closed" })).toBe("reopen");
});

test("ALERTS 28: what is announced is what was so when it was said", () => {
  expect(notifiedStateOf(alertOf({ state: "healing" }))).toBe("open");
  expect(notifiedStateOf(alertOf({ state: "closed" }))).toBe("closed");
  expect(notifiedStateOf(alertOf({ state: "closed", flapping }))).toBe("flapping");
});

test("ALERTS 19: whatever is owed, once it is told nothing more is", () => {
  for (const alert of [alertOf(), alertOf({ state: "closed" }), alertOf({ flapping }), alertOf({ failures: 3 })]) {
    for (const state of STATES) {
      if (noticeFor(desired(alert), alert, state && notifiedOf({ state })) === undefined) continue;
      expect(
        noticeFor(desired(alert), alert, { state: notifiedStateOf(alert), failures: alert.failures }),
      ).toBeUndefined();
    }
  }
});
