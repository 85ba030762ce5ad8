import type { Filter } from "../customers/filter.ts";
import type { Alert } from "./alert.ts";
import { OPTIONAL_KINDS, type OptionalKind, type WatchOption } from "./kinds.ts";
import { matchesFilter } from "./mute.ts";

/** A filter and options: what a space wants to be told (ALERTS 18). */
export interface Watch {
  readonly roomId: string;
  /** Counts up within its space. */
  readonly number: number;
  readonly filter: Filter;
  readonly options: WatchOptions;
  /** The person who changed it last; told when the space can no longer be reached. */
  readonly ownerId: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** The title of the space at that time, because the bot cannot ask for it once it is no longer a member. */
  readonly space?: string | undefined;
}

/** The optional kinds, and the reports of removals, which are not alerts (ALERTS 17). */
export type WatchSwitch = OptionalKind | "removed";

/** All switches are off by default. */
export interface WatchOptions extends Readonly<Record<WatchSwitch, boolean>> {
  /** An e-mail address or a room id, to which an alert is sent that nobody acknowledges for 30 minutes (ALERTS 24). */
  readonly escalate?: string;
}

const optionsOfKinds = Object.entries(OPTIONAL_KINDS).map(([kind, { watchOption }]) => [kind, watchOption] as const);

/** In the order in which a watch is written and described. */
export const WATCH_SWITCHES = [
  ...optionsOfKinds,
  ["removed", { aliases: [], label: "Also removals", help: "removals" }],
] as readonly (readonly [WatchSwitch, WatchOption])[];

export const NO_WATCH_OPTIONS = Object.fromEntries(WATCH_SWITCHES.map(([name]) => [name, false])) as Readonly<
  Record<WatchSwitch, false>
>;

/** Fields that say which problems a watch is about, and not which customers. */
const PROBLEM_FIELDS: ReadonlySet<string> = new Set(["status", "package.status", "code", "since"]);

/** The customers about whom a watch may tell something one day, healthy ones among them. */
export function watchedCustomers({ filter }: Pick<Watch, "filter">): Filter {
  return filter.filter(({ field }) => !PROBLEM_FIELDS.has(field));
}

/** The title of the space as its watches last recorded it; undefined when none did. */
export function spaceTitleOf(watches: readonly Pick<Watch, "space">[]): string | undefined {
  return watches.findLast(({ space }) => space !== undefined)?.space;
}

/** Every watch wants errors; the optional kinds only where its options request them (ALERTS 17). */
export function isWatched(watch: Watch, alert: Alert, now: number): boolean {
  const { kind } = alert.key;
  return (kind === "error" || watch.options[kind]) && matchesFilter(watch.filter, alert, now);
}
