import { expect, test } from "vitest";
import { afterDeliveryFailure, type DeliveryFailure, nextTryOfDead } from "../../src/domain/alerts/delivery-policy.ts";
import type { Presence } from "../../src/domain/ports/messaging.ts";
import { Failure } from "../../src/errors.ts";
import { confirmFailure, toDeliveryFailure } from "../../src/monitor/delivery-failure.ts";
import { createDeliveryPause } from "../../src/monitor/delivery-pause.ts";
import { MINUTE, SECOND } from "../support/time.ts";

const ROOM = { roomId: "war room" };
const PASSING: DeliveryFailure = { kind: "retryable", possiblySent: false };

const presenceOf = (answer: boolean | undefined): Presence => ({
  isTokenAccepted: async () => answer,
  isMember: async () => answer,
});

const rateLimit = (retryAfterS?: number) =>
  new Failure("webex.busy", "", "", { retryable: true, ...(retryAfterS !== undefined && { retryAfterS }) });

test("ALERTS 29: Retry-After counts for 5 min at most; without one, for 5 s", () => {
  expect(toDeliveryFailure(rateLimit(7))).toEqual({ kind: "busy", waitMs: 7 * SECOND, isRateLimit: true });
  expect(toDeliveryFailure(rateLimit(3600))).toMatchObject({ waitMs: 5 * MINUTE });
  expect(toDeliveryFailure(rateLimit())).toMatchObject({ waitMs: 5 * SECOND });
  const locked = new Failure("webex.locked", "", "", { retryable: true, retryAfterS: 9 });
  expect(toDeliveryFailure(locked)).toEqual({ kind: "busy", waitMs: 9 * SECOND, isRateLimit: false });
});

test.each([
  ["unauthorized", false, { kind: "unauthorized" }],
  ["unauthorized", true, PASSING],
  ["unauthorized", undefined, PASSING],
  ["gone", false, { kind: "gone" }],
  ["gone", true, PASSING],
  ["gone", undefined, PASSING],
  ["rejected", false, { kind: "rejected" }],
] as const)("ALERTS 29: %s is believed only if Webex confirms it (%s)", async (kind, answer, believed) => {
  expect(await confirmFailure({ kind }, ROOM, presenceOf(answer))).toEqual(believed);
});

test.each(["webex.forbidden", "webex.not_found"])(
  "ALERTS 29: however often %s is the answer, a space that the bot is in is not silenced",
  async (code) => {
    for (let attempts = 1, now = 0; attempts <= 500; attempts += 1) {
      const refused = toDeliveryFailure(new Failure(code, "", ""));
      const failure = await confirmFailure(refused, ROOM, presenceOf(attempts % 3 === 0 ? undefined : true));
      const decision = afterDeliveryFailure(failure, { attempts, since: 0, now }, 0.5);
      // Given up for now after a day, and tried again.
      const next =
        decision.next === "dead" ? nextTryOfDead("alert", attempts, now) : decision.next === "retry" && decision.at;
      expect(next).toBeGreaterThan(now);
      now = Number(next);
    }
  },
);

test("a person is not looked up like a room", async () => {
  expect(await confirmFailure({ kind: "gone" }, { personId: "ada" }, presenceOf(true))).toEqual({ kind: "gone" });
});

test("ALERTS 29: one room's 429 delays that room alone; a second room's within 30 s delays all", async () => {
  let now = 0;
  const pause = createDeliveryPause({ presence: presenceOf(true), clock: () => now });
  const busy = { kind: "busy", waitMs: 2 * MINUTE } as const;
  pause.rateLimited(ROOM, busy);
  pause.rateLimited(ROOM, busy);
  expect(await pause.mayDeliver()).toBe(true);
  now += 31 * SECOND;
  pause.rateLimited({ roomId: "other" }, busy);
  expect(await pause.mayDeliver()).toBe(true);
  now += 30 * SECOND;
  pause.rateLimited(ROOM, busy);
  expect(await pause.mayDeliver()).toBe(false);
  now += 2 * MINUTE;
  expect(await pause.mayDeliver()).toBe(true);
});

test("ALERTS 29: while the token is refused nothing is sent, and Webex is asked about it once a minute", async () => {
  let now = 0;
  let asked = 0;
  let isAccepted: boolean | undefined;
  const isTokenAccepted = async () => {
    asked += 1;
    return isAccepted;
  };
  const pause = createDeliveryPause({ presence: { isTokenAccepted }, clock: () => now });
  pause.tokenRefused();
  for (const answer of [false, undefined, true]) {
    isAccepted = answer;
    expect(await pause.mayDeliver()).toBe(false);
    now += MINUTE;
    expect(await pause.mayDeliver()).toBe(answer === true);
  }
  expect(asked).toBe(3);
  expect(await pause.mayDeliver()).toBe(true);
  expect(asked).toBe(3);
});
