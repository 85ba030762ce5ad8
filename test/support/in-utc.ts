import { clockOf, UTC, writeTimes } from "../../src/domain/views/time-mark.ts";

/** A view, or a part of one, with the times in its texts written as in a plain text. */
export function inUtc<T>(value: T): T {
  return JSON.parse(writeTimes(JSON.stringify(value), clockOf(UTC)));
}
