import type { Filter } from "../customers/filter.ts";
import { matches } from "../customers/predicate.ts";
import type { Alert } from "./alert.ts";

/** What a space does not want to be told for a while (ALERTS 23): tracked all the same. */
export interface Mute {
  readonly roomId: string;
  /** Counts up in its space. */
  readonly number: number;
  readonly filter: Filter;
  readonly from: number;
  /** 7 days after `from` at most, or when somebody ended it. */
  readonly until: number;
  readonly because: string;
  readonly personId: string;
  /** As people call them. */
  readonly by: string;
}

export const MAX_MUTE_MS = 7 * 86_400_000;

/** Whether a filter means this alert: the customer as it was last seen bad, with this one item. */
export function matchesFilter(
  filter: Filter,
  { subject, openedAt }: Pick<Alert, "subject" | "openedAt">,
  now: number,
): boolean {
  return matches(filter, { customer: subject, firstSeenAt: openedAt, changedAt: openedAt, since: {} }, now);
}

/** The mute that keeps this alert from being told now, the longest one of several. */
export function activeMute(
  alert: Pick<Alert, "subject" | "openedAt">,
  mutes: readonly Mute[],
  now: number,
): Mute | undefined {
  return mutes
    .filter(({ from, until, filter }) => from <= now && now < until && matchesFilter(filter, alert, now))
    .reduce<Mute | undefined>((last, mute) => (last && last.until > mute.until ? last : mute), undefined);
}

/** Whether some of the time that it has been bad was muted: then it is told as that, now that it may be. */
export function wasMuted(alert: Alert, mutes: readonly Mute[], now: number): boolean {
  return mutes.some(
    ({ from, until, filter }) =>
      from < until && until <= now && until > alert.badSince && matchesFilter(filter, alert, now),
  );
}
