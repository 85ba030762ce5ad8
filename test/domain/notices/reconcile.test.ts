import { expect, test } from "vitest";
import {
  type AlertNotice,
  type Announced,
  type Desired,
  desiredOf,
  owedFor,
  stateOf,
} from "../../../src/domain/notices/reconcile.ts";
import { isWanted } from "../../../src/domain/notices/watch.ts";
import { alertOf, HOUR, muteOf, only, roomOf, toldOf, watchOf } from "../../support/alerts.ts";

const flapping = { since: 0, changedAt: 0, steady: 0 };
const desired = (alert = alertOf(), room = roomOf(), heldBack = false) =>
  desiredOf({ alert, heldBack }, room, HOUR / 2);

test("ALERTS 18: a space should believe that it is open while it is open or heals, and closed once it is", () => {
  expect(desired()).toBe("open");
  expect(desired(alertOf({ state: "healing" }))).toBe("open");
  expect(desired(alertOf({ state: "closed" }))).toBe("closed");
});

test("ALERTS 18: what no watch wants, what is muted, and what is held back stays as it was", () => {
  expect(desired(alertOf(), roomOf({ watches: [] }))).toBe("hold");
  expect(desired(alertOf(), roomOf({ watches: [watchOf({ filter: only("package", "suite") })] }))).toBe(
    "hold",
  );
  expect(desired(alertOf(), roomOf({ mutes: [muteOf()] }))).toBe("hold");
  expect(desired(alertOf(), roomOf(), true)).toBe("hold");
});

test("ALERTS 18: one of several watches is enough", () => {
  const suite = watchOf({ filter: only("package", "suite") });
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
  expect(desired(flaps, roomOf({ mutes: [muteOf()] }))).toBe("hold");
  expect(desired(flaps, roomOf({ watches: [] }))).toBe("hold");
  expect(desired(flaps, roomOf(), true)).toBe("hold");
});

test("ALERTS 1: a space hears of its own scope alone", () => {
  for (const state of ["open", "closed"] as const)
    expect(desired(alertOf({ state }), roomOf({ scope: "of-a-sub-partner" }))).toBe("hold");
});

test("a drill is for its own space, with watches or without", () => {
  expect(desired(alertOf({ drill: "hq" }), roomOf({ watches: [] }))).toBe("open");
  expect(desired(alertOf({ drill: "lab" }))).toBe("hold");
});

const key = alertOf().key;
const options = { stuck: false, warnings: false, removed: false };

test("ALERTS 17: every watch wants errors, and of the rest what it says", () => {
  const wants = (kind: "stuck" | "warnings") =>
    [options, { ...options, [kind]: true }].map((some) =>
      isWanted(watchOf({ options: some }), alertOf({ key: { ...key, kind } }), 0),
    );
  expect(isWanted(watchOf(), alertOf(), 0)).toBe(true);
  expect([wants("stuck"), wants("warnings")]).toEqual([
    [false, true],
    [false, true],
  ]);
});

const STATES = [undefined, "open", "closed", "flapping"] as const;
const TABLE: readonly (readonly [Desired, readonly (AlertNotice | undefined)[]])[] = [
  // Of who was told: nothing, that it is open, closed, flapping.
  ["open", ["alert", undefined, "reopen", "steady"]],
  ["closed", [undefined, "recovery", undefined, "recovery"]],
  ["flapping", [undefined, "flapping", "flapping", undefined]],
  ["hold", [undefined, undefined, undefined, undefined]],
];

test.each(TABLE)(
  "ALERTS 19: where it should be believed %s, what is owed depends on what was told",
  (want, owed) => {
    expect(STATES.map((state) => owedFor(want, alertOf(), state && toldOf({ state })))).toEqual(owed);
  },
);

test("ALERTS 10, 19: a failed retry is owed to who believes that it is open, once, and not while another one is under way", () => {
  const told: Announced = toldOf({ failures: 1 });
  expect(owedFor("open", alertOf({ failures: 2 }), told)).toBe("retry");
  expect(owedFor("open", alertOf({ failures: 1 }), told)).toBeUndefined();
  expect(owedFor("open", alertOf({ failures: 2, retrying: true }), told)).toBeUndefined();
  expect(owedFor("hold", alertOf({ failures: 2 }), told)).toBeUndefined();
  expect(owedFor("open", alertOf({ failures: 2 }), { ...told, state: "closed" })).toBe("reopen");
});

test("ALERTS 28: what is announced is what was so when it was said", () => {
  expect(stateOf(alertOf({ state: "healing" }))).toBe("open");
  expect(stateOf(alertOf({ state: "closed" }))).toBe("closed");
  expect(stateOf(alertOf({ state: "closed", flapping }))).toBe("flapping");
});

test("ALERTS 19: whatever is owed, once it is told nothing more is", () => {
  for (const alert of [
    alertOf(),
    alertOf({ state: "closed" }),
    alertOf({ flapping }),
    alertOf({ failures: 3 }),
  ]) {
    for (const state of STATES) {
      if (owedFor(desired(alert), alert, state && toldOf({ state })) === undefined) continue;
      expect(
        owedFor(desired(alert), alert, { state: stateOf(alert), failures: alert.failures }),
      ).toBeUndefined();
    }
  }
});
