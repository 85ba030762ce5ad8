import type { Alert } from "../../domain/alerts/alert.ts";
import { record } from "../../domain/alerts/lifecycle.ts";
import { sightingOf } from "../../domain/alerts/sighting.ts";
import { settleAlerts } from "../notices/settle.ts";
import type { Step } from "../notices/step.ts";
import { recordsById } from "../records.ts";
import { writeAlerts } from "./rows.ts";
import { momentOf, type Witnessing } from "./witness.ts";

export interface Judged {
  readonly changed: readonly Alert[];
  /** Those of which the customer says nothing new. */
  readonly same: readonly Alert[];
}

/** Holds alerts against what is known of their customers now, and owes what that changes (ALERTS 10, 11, 14). */
export async function judge(step: Step, at: Witnessing, alerts: readonly Alert[]): Promise<Judged> {
  const ids = [...new Set(alerts.map(({ key }) => key.customerId))];
  const records = await recordsById(step.tx, at.scope, ids);
  const moment = momentOf(step, at);
  const [changed, same]: [Alert[], Alert[]] = [[], []];
  for (const alert of alerts) {
    const known = records.get(alert.key.customerId);
    if (known === undefined) continue;
    const ageMs = step.now - (known.since[alert.key.item] ?? step.now);
    const sighting = sightingOf(alert.key, known.customer, ageMs);
    const after = record(alert, sighting, moment);
    if (after !== undefined && after !== alert) changed.push(after);
    // An item that a look has missed waits for the next sweep, as only those count who is absent.
    else if (sighting.class !== "absent") same.push(alert);
  }
  await writeAlerts(step.tx, changed, step.now);
  await settleAlerts(step, changed);
  return { changed, same };
}

/** The customers of which an item is missing once too often: it is to be looked up before it counts as removed (ALERTS 14). */
export const missedTwice = (alerts: readonly Alert[]): readonly string[] =>
  alerts.filter(({ absent, state }) => absent > 1 && state !== "closed").map(({ key }) => key.customerId);
