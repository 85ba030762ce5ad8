import { describe, expect, test } from "vitest";
import type { Alert } from "../../../src/domain/alerts/alert.ts";
import { type AlertCard, planEdit } from "../../../src/domain/alerts/card-edits.ts";
import { alertOf } from "../../support/alert-fixtures.ts";
import { MINUTE } from "../../support/time.ts";

const REOPEN = 30 * MINUTE;
const OPEN = alertOf({ id: 1 });
const OVER = alertOf({ id: 2, state: "closed", reason: "recovered", closedAt: 0 });
const REMOVED = alertOf({ id: 3, state: "closed", reason: "package removed", closedAt: 0 });
const FLAPPING = { ...OVER, flapping: { since: 0, changedAt: 0, unchangedObservations: 0 } };

const plan = (card: Partial<AlertCard>, alerts: readonly Alert[], now = 0) =>
  planEdit({ kind: "alerts", postedAt: 0, edits: 0, isOver: false, ...card }, alerts, { now, reopenMs: REOPEN });

describe("ALERTS 30: Webex allows ten edits of a message, two of them for presses", () => {
  test.each([0, 1, 2, 3])("edit %i shows any change", (edits) => {
    expect(plan({ edits }, [OPEN, OVER])).toEqual({ next: "edit", isOver: false, pointsToThread: false });
  });

  test("the one after the changes points to the thread, and then only the end is shown", () => {
    expect(plan({ edits: 4 }, [OPEN])).toEqual({ next: "edit", isOver: false, pointsToThread: true });
    for (const edits of [5, 6, 7]) expect(plan({ edits }, [OPEN])).toEqual({ next: "none" });
  });

  test("the end, a re-opening, and the last end are shown; the last one waits until nothing can be re-opened", () => {
    expect(plan({ edits: 5 }, [OVER])).toEqual({ next: "edit", isOver: true, pointsToThread: false });
    expect(plan({ edits: 6, isOver: true }, [OPEN])).toEqual({ next: "edit", isOver: false, pointsToThread: true });
    expect(plan({ edits: 7 }, [OVER], REOPEN)).toEqual({ next: "wait", until: REOPEN + 1 });
    expect(plan({ edits: 7 }, [OVER], REOPEN + 1)).toMatchObject({ next: "edit", isOver: true });
    expect(plan({ edits: 8 }, [OVER], REOPEN + 1)).toEqual({ next: "none" });
  });

  test("what was removed is not re-opened, and what flaps is not over", () => {
    expect(plan({ edits: 7 }, [REMOVED])).toMatchObject({ next: "edit", isOver: true });
    expect(plan({ edits: 7 }, [FLAPPING], 2 * REOPEN)).toEqual({ next: "none" });
  });

  test("a card that shows the end shows it once more, since its thread may have told a re-opening meanwhile", () => {
    expect(plan({ edits: 5, isOver: true }, [OVER])).toMatchObject({ next: "edit", isOver: true });
    expect(plan({ edits: 7, isOver: true }, [OVER], REOPEN)).toEqual({ next: "wait", until: REOPEN + 1 });
  });

  test("ALERTS 21: the card of a storm is edited after 5, 10, 20 … minutes, and at its end", () => {
    const storm = { kind: "storm", postedAt: 0 } as const;
    expect(plan(storm, [OPEN], MINUTE)).toEqual({ next: "wait", until: 5 * MINUTE });
    expect(plan({ ...storm, edits: 2 }, [OPEN], MINUTE)).toEqual({ next: "wait", until: 20 * MINUTE });
    expect(plan({ ...storm, edits: 2 }, [OPEN], 20 * MINUTE)).toMatchObject({ next: "edit" });
    expect(plan({ ...storm, edits: 2 }, [OVER], MINUTE)).toMatchObject({ next: "edit", isOver: true });
  });
});
