import { z } from "zod";

/** The mode of a virtual clock: at the system time `wall` it showed `at`, and it has run `speed` times as fast since. */
export const ClockModeSchema = z.object({ wall: z.number(), at: z.number(), speed: z.number().min(0) });
export type ClockMode = Readonly<z.output<typeof ClockModeSchema>>;

export const WALL_CLOCK: ClockMode = { wall: 0, at: 0, speed: 1 };

export const pausedAt = (at: number): ClockMode => ({ wall: 0, at, speed: 0 });

/** The virtual time in whole epoch milliseconds. */
export const timeAt = ({ wall, at, speed }: ClockMode, now: number): number => Math.floor(at + (now - wall) * speed);

/** Changes the speed from now on; the time shown stays the same. */
export const withSpeed = (mode: ClockMode, speed: number, now: number): ClockMode => ({
  wall: now,
  at: timeAt(mode, now),
  speed,
});

export const advancedBy = (mode: ClockMode, ms: number): ClockMode => ({ ...mode, at: mode.at + ms });

/** The system milliseconds until the virtual time is `time`; `Infinity` while the clock is paused. */
export function wallMsUntil(mode: ClockMode, time: number, now: number): number {
  const left = time - timeAt(mode, now);
  return left <= 0 ? 0 : Math.ceil(left / mode.speed);
}
