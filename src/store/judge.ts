import type { Alert } from "../domain/alerts/alert.ts";
import { record } from "../domain/alerts/lifecycle.ts";
import { sightingOf } from "../domain/alerts/sighting.ts";
import { writeAlerts } from "./alert-rows.ts";
import type { Step } from "./outbox-step.ts";
import { recordsById } from "./records.ts";
import { settleAlerts } from "./settle.ts";
import { momentOf, type Witnessing } from "./witness.ts";

/** Holds alerts against what is known of their customers now, and owes what that changes (ALERTS 10, 11, 14). Those that changed. */
export async function judge(step: Step, at: Witnessing, alerts: readonly Alert[]): Promise<readonly Alert[]> {
  const ids = [...new Set(alerts.map(({ key }) => key.customerId))];
  const records = await recordsById(step.tx, at.scope, ids);
  const moment = momentOf(step, at);
  const changed = alerts.flatMap((alert) => {
    const known = records.get(alert.key.customerId);
    if (known === undefined) return [];
    const ageMs = step.now - (known.since[alert.key.item] ?? step.now);
    const after = record(alert, sightingOf(alert.key, known.customer, ageMs), moment);
    return after === undefined || after === alert ? [] : [after];
  });
  await writeAlerts(step.tx, changed, step.now);
  await settleAlerts(step, changed);
  return changed;
}

/** The customers of which an item is missing once too often: it is to be looked up before it counts as removed (ALERTS 14). */
export const missedTwice = (alerts: readonly Alert[]): readonly string[] =>
  alerts.filter(({ absent, state }) => absent > 1 && state !== "closed").map(({ key }) => key.customerId);
