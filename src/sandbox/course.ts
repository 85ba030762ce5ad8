import { z } from "zod";

/** How the sandbox's time goes: when the wall's clock showed `wall`, it was `at`, and it goes `speed` times as fast since. */
export const CourseSchema = z.object({ wall: z.number(), at: z.number(), speed: z.number().min(0) });
export type Course = Readonly<z.output<typeof CourseSchema>>;

/** As on the wall. */
export const WALL_COURSE: Course = { wall: 0, at: 0, speed: 1 };

/** Time that does not pass by itself. */
export const standingAt = (at: number): Course => ({ wall: 0, at, speed: 0 });

/** Whole milliseconds, as every clock here shows them. */
export const timeAt = ({ wall, at, speed }: Course, now: number): number =>
  Math.floor(at + (now - wall) * speed);

/** From now on at another speed: it goes on from where it is. */
export const atSpeed = (course: Course, speed: number, now: number): Course => ({
  wall: now,
  at: timeAt(course, now),
  speed,
});

export const putForward = (course: Course, ms: number): Course => ({ ...course, at: course.at + ms });

/** How long by the wall's clock until `time` has come; `Infinity` when it never does by itself. */
export function wallMsUntil(course: Course, time: number, now: number): number {
  const left = time - timeAt(course, now);
  return left <= 0 ? 0 : Math.ceil(left / course.speed);
}
