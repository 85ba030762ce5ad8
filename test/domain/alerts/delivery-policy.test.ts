import fc from "fast-check";
import { expect, test } from "vitest";
import { afterDeliveryFailure, type DeliveryFailure } from "../../../src/domain/alerts/delivery-policy.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { DAY, HOUR, MINUTE } from "../../support/time.ts";

const retryable = { kind: "retryable", possiblySent: false } as const;
const first = { attempts: 1, since: 0, now: 0 };

test("ALERTS 29: after a 429 it waits as long as requested, however often", () => {
  const busy: DeliveryFailure = { kind: "busy", waitMs: 7 * MINUTE };
  expect(afterDeliveryFailure(busy, first, 0.5)).toEqual({ next: "retry", at: 7 * MINUTE });
  expect(afterDeliveryFailure(busy, { attempts: 999, since: 0, now: 9 * DAY }, 0.5)).toEqual({
    next: "retry",
    at: 9 * DAY + 7 * MINUTE,
  });
});

test("ALERTS 29: a retryable failure is tried again after 1 s, doubling up to 5 min", () => {
  const waits = Array.from({ length: 12 }, (_, at) =>
    afterDeliveryFailure(retryable, { ...first, attempts: at + 1 }, 0.5),
  );
  const seconds = waits.map((after) => (after.next === "retry" ? after.at / 1_000 : after.next));
  expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
});

test("ALERTS 29: with jitter, and always later than now", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, jitter) => {
      const after = afterDeliveryFailure(retryable, { attempts, since: 0, now: HOUR }, jitter);
      const waitMs = after.next === "retry" ? after.at - HOUR : 0;
      expect(waitMs).toBeGreaterThanOrEqual(750);
      expect(waitMs).toBeLessThanOrEqual(1.25 * 5 * MINUTE);
    }),
    propertyRuns(200),
  );
});

test("ALERTS 29: after 24 h it is dead", () => {
  expect(afterDeliveryFailure(retryable, { attempts: 300, since: 0, now: DAY - 1 }, 0.5)).toMatchObject({
    next: "retry",
  });
  expect(afterDeliveryFailure(retryable, { attempts: 300, since: 0, now: DAY }, 0.5)).toEqual({ next: "dead" });
});

test("ALERTS 29: a refused message is dead, a space that is gone is suspended, and a refused token waits", () => {
  expect(afterDeliveryFailure({ kind: "rejected" }, first, 0.5)).toEqual({ next: "dead" });
  expect(afterDeliveryFailure({ kind: "gone" }, first, 0.5)).toEqual({ next: "suspend" });
  expect(afterDeliveryFailure({ kind: "unauthorized" }, { ...first, now: 9 * DAY }, 0.5)).toEqual({
    next: "retry",
    at: 9 * DAY + MINUTE,
  });
});
