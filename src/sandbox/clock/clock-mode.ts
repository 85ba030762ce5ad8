import { z } from "zod";

/** How the sandbox's time goes: when the wall's clock showed `wall`, it was `at`, and it goes `speed` times as fast since. */
export const ClockModeSchema = z.object({ wall: z.number(), at: z.number(), speed: z.number().min(0) });
export type ClockMode = Readonly<z.output<typeof ClockModeSchema>>;

/** As on the wall. */
export const WALL_CLOCK: ClockMode = { wall: 0, at: 0, speed: 1 };

/** Time that does not pass by itself. */
export const pausedAt = (at: number): ClockMode => ({ wall: 0, at, speed: 0 });

/** Whole milliseconds, as every clock here shows them. */
export const timeAt = ({ wall, at, speed }: ClockMode, now: number): number => Math.floor(at + (now - wall) * speed);

/** From now on at another speed: it goes on from where it is. */
export const withSpeed = (course: ClockMode, speed: number, now: number): ClockMode => ({
  wall: now,
  at: timeAt(course, now),
  speed,
});

export const advancedBy = (course: ClockMode, ms: number): ClockMode => ({ ...course, at: course.at + ms });

/** How long by the wall's clock until `time` has come; `Infinity` when it never does by itself. */
export function wallMsUntil(course: ClockMode, time: number, now: number): number {
  const left = time - timeAt(course, now);
  return left <= 0 ? 0 : Math.ceil(left / course.speed);
}
