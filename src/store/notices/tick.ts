import type { Watching } from "../../domain/alerts/blind.ts";
import type { OutboxDeps } from "./step.ts";
import { endMutes, endStorms, oweDigests } from "./tick-ends.ts";
import { oweEscalations } from "./tick-escalations.ts";
import { oweReminders } from "./tick-reminders.ts";
import { tellBlindness } from "./tick-sight.ts";

/**
 * All that time alone brings. Each scope and each space is a transaction of its own that looks again at what it found, so
 * that nothing is held up for long, and of several instances that tick at once one owes it.
 */
export async function tick(deps: OutboxDeps, watching: Watching): Promise<void> {
  const { now } = watching;
  await tellBlindness(deps, watching);
  await endMutes(deps, now);
  await oweReminders(deps, now);
  await oweEscalations(deps, now);
  await endStorms(deps, now);
  await oweDigests(deps, now);
}
