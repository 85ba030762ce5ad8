import type { Filter } from "../customers/filter.ts";
import { matches } from "../customers/predicate.ts";
import type { Alert } from "./alert.ts";

/** Keeps a space quiet about the alerts of a filter for a while (ALERTS 23). */
export interface Mute {
  readonly roomId: string;
  /** Counts up within its space. */
  readonly number: number;
  readonly filter: Filter;
  readonly from: number;
  /** At most 7 days after `from`; earlier when somebody ended it. */
  readonly until: number;
  readonly because: string;
  readonly personId: string;
  readonly by: string;
}

export const MAX_MUTE_MS = 7 * 86_400_000;

/** Matches the customer as it was at the last BAD observation, with the item of the alert alone. */
export function matchesFilter(
  filter: Filter,
  { subject, openedAt }: Pick<Alert, "subject" | "openedAt">,
  now: number,
): boolean {
  return matches(filter, { customer: subject, firstSeenAt: openedAt, changedAt: openedAt, since: {} }, now);
}

/** The mute that covers this alert at `now`; of several, the one that ends last. */
export function activeMute(
  alert: Pick<Alert, "subject" | "openedAt">,
  mutes: readonly Mute[],
  now: number,
): Mute | undefined {
  return mutes
    .filter(({ from, until, filter }) => from <= now && now < until && matchesFilter(filter, alert, now))
    .reduce<Mute | undefined>((last, mute) => (last && last.until > mute.until ? last : mute), undefined);
}

/** True if a mute that has ended covered some of the time that the alert has been BAD; its notice then carries the mark. */
export function wasMuted(alert: Alert, mutes: readonly Mute[], now: number): boolean {
  return mutes.some(
    ({ from, until, filter }) =>
      from < until && until <= now && until > alert.badSince && matchesFilter(filter, alert, now),
  );
}
