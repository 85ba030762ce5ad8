import { z } from "zod";
import { parseDuration } from "../domain/duration.ts";
import type { BotStatus } from "./bots.ts";
import { ok, readJson } from "./exchange.ts";
import type { Routes } from "./routes.ts";
import type { VirtualTime } from "./virtual-time.ts";

const CLOCK_LIMITS = { speed: 3_600, forwardMs: 366 * 24 * 60 * 60_000 };
const SPEED_ERROR = `must be a number from 0, which stands still, to ${CLOCK_LIMITS.speed}`;
const DURATION_ERROR =
  "must be a time such as 90s, 5m, 4h or 1d, or a number of milliseconds, up to 366 days";

const durationSchema = z
  .union([z.number(), z.string().transform((text) => parseDuration(text) ?? Number.NaN)], {
    error: DURATION_ERROR,
  })
  .pipe(z.int({ error: DURATION_ERROR }).min(1, DURATION_ERROR).max(CLOCK_LIMITS.forwardMs, DURATION_ERROR));

const ClockChangeSchema = z
  .strictObject({
    speed: z
      .number({ error: SPEED_ERROR })
      .min(0, SPEED_ERROR)
      .max(CLOCK_LIMITS.speed, SPEED_ERROR)
      .optional(),
    forward: durationSchema.optional(),
  })
  .refine(({ speed, forward }) => speed !== undefined || forward !== undefined, {
    error: 'must have a speed, such as {"speed": 60}, or a leap, such as {"forward": "4h"}',
  });

/** The time of the world, and of the bot that the sandbox started: when a change is answered, both go by it. */
export function clockRoutes(time: VirtualTime, bots: Pick<BotStatus, "setClockMode">): Routes<undefined> {
  return {
    "GET /sandbox/clock": () => ok(clockState(time)),
    "POST /sandbox/clock": async (ask) => {
      const { speed, forward } = readJson(ask, ClockChangeSchema);
      if (forward !== undefined) time.advance(forward);
      if (speed !== undefined) time.setSpeed(speed);
      await bots.setClockMode(time.mode());
      return ok(clockState(time));
    },
  };
}

/** What the clock shows, in epoch milliseconds, and how fast it goes. */
export const clockState = (time: VirtualTime) => ({ now: time.clock(), speed: time.mode().speed });
