import { pausedAt } from "../../src/sandbox/clock/clock-mode.ts";
import { createVirtualTime, type VirtualTime } from "../../src/sandbox/clock/virtual-time.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A clock that stands still until a test advances it. */
export const pausedTime = (at = "2026-05-01T08:00:00Z"): VirtualTime => createVirtualTime(pausedAt(Date.parse(at)));
