import { pausedAt } from "../../src/sandbox/clock/clock-mode.ts";
import { createVirtualTime, type VirtualTime } from "../../src/sandbox/clock/virtual-time.ts";

/** A time that stands still until a test puts it forward. */
export const pausedTime = (at = "2026-05-01T08:00:00Z"): VirtualTime => createVirtualTime(pausedAt(Date.parse(at)));
