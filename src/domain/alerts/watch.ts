import type { WatchOptions } from "../commands/command.ts";
import type { Filter } from "../customers/filter.ts";
import type { Alert } from "./alert.ts";
import { matchesFilter } from "./mute.ts";

/** What a space wants to be told (ALERTS 18). */
export interface Watch {
  readonly roomId: string;
  /** Counts up in its space. */
  readonly number: number;
  readonly filter: Filter;
  readonly options: WatchOptions;
  /** Who set it up last, and is told when the space can no longer be reached. */
  readonly ownerId: string;
  readonly since: number;
  /** What the space was called then: where the bot is out of, nobody tells it any more. */
  readonly space?: string | undefined;
}

/** What their space was called last, as far as that is known. */
export function spaceTitleOf(watches: readonly Pick<Watch, "space">[]): string | undefined {
  return watches.findLast(({ space }) => space !== undefined)?.space;
}

/** Whether this watch wants to hear of this alert: every one wants errors, other kinds where it says so (ALERTS 17). */
export function isWatched(watch: Watch, alert: Alert, now: number): boolean {
  const { kind } = alert.key;
  return (kind === "error" || watch.options[kind]) && matchesFilter(watch.filter, alert, now);
}
