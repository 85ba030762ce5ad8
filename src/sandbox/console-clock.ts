import { z } from "zod";
import { parseDuration } from "../domain/duration.ts";
import type { Bots } from "./bots.ts";
import { ok, readJson } from "./exchange.ts";
import type { Routes } from "./routes.ts";
import type { VirtualTime } from "./virtual-time.ts";

const MOST = { speed: 3_600, forwardMs: 366 * 24 * 60 * 60_000 };
const SPEED = `must be a number from 0, which stands still, to ${MOST.speed}`;
const SPAN = "must be a time such as 90s, 5m, 4h or 1d, or a number of milliseconds, up to 366 days";

const span = z
  .union([z.number(), z.string().transform((text) => parseDuration(text) ?? Number.NaN)], { error: SPAN })
  .pipe(z.int({ error: SPAN }).min(1, SPAN).max(MOST.forwardMs, SPAN));

const ChangeSchema = z
  .strictObject({
    speed: z.number({ error: SPEED }).min(0, SPEED).max(MOST.speed, SPEED).optional(),
    forward: span.optional(),
  })
  .refine(({ speed, forward }) => speed !== undefined || forward !== undefined, {
    error: 'must have a speed, such as {"speed": 60}, or a leap, such as {"forward": "4h"}',
  });

/** The time of the world, and of the bot that the sandbox started: when a change is answered, both go by it. */
export function clockRoutes(time: VirtualTime, bots: Pick<Bots, "follow">): Routes<undefined> {
  return {
    "GET /sandbox/clock": () => ok(clockOf(time)),
    "POST /sandbox/clock": async (ask) => {
      const { speed, forward } = readJson(ask, ChangeSchema);
      if (forward !== undefined) time.forward(forward);
      if (speed !== undefined) time.setSpeed(speed);
      await bots.follow(time.course());
      return ok(clockOf(time));
    },
  };
}

/** What the clock shows, in epoch milliseconds, and how fast it goes. */
export const clockOf = (time: VirtualTime) => ({ now: time.clock(), speed: time.course().speed });
