import type { Alert } from "../alerts/alert.ts";
import type { Button } from "./button.ts";

/** What a message says of an alert. `present` is a card that somebody asked for, or one that was brought up to date. */
export type AlertUpdate =
  | "opened"
  | "retry failed"
  | "re-opened"
  | "recovered"
  | "removed"
  | "flapping"
  | "flapping-end"
  | "reminder"
  | "escalated"
  | "current";

/** What is said in front of a message that nobody asked for. */
export interface Marks {
  /** It may have been posted before (ALERTS 28). */
  readonly possiblyRepeated?: boolean;
  /** It was open all along, while it was muted (ALERTS 23). */
  readonly wasMuted?: boolean;
}

/** One alert: the root of a thread, a reply in it, or the root brought up to date (ALERTS 21, 30). */
export interface AlertView {
  readonly kind: "alert";
  readonly update: AlertUpdate;
  readonly alert: Alert;
  readonly marks: Marks;
  /** Until when this space has muted it, and who did; absent when it has not. */
  readonly muted?: { readonly until: number; readonly by: string };
  /** The steps of a drill with their times, and what else belongs under the facts. */
  readonly facts: readonly { readonly title: string; readonly value: string }[];
  readonly now: number;
  readonly buttons: readonly Button[];
}

/** Several alerts: a flush, a reminder, `alerts`, a catch-up, a digest. */
export interface AlertsView {
  readonly kind: "alerts";
  readonly tone: "bad" | "warning" | "good" | "info";
  readonly title: string;
  /** Sentences under the title: the filter, the counts, "I was away 7 h". */
  readonly lines: readonly string[];
  readonly marks: Marks;
  /** Headed by a code, or by what became of them. */
  readonly groups: readonly AlertGroup[];
  /** How many are not listed. */
  readonly more: number;
  readonly now: number;
  readonly buttons: readonly Button[];
}

export interface AlertGroup {
  /** `Code 2560: 3 packages of 3 customers`, `Recovered`; empty where there is but one group. */
  readonly title: string;
  readonly alerts: readonly Alert[];
}

/** Very many at once, as totals (ALERTS 21). */
export interface StormView {
  readonly kind: "storm";
  readonly state: "active" | "over";
  readonly marks: Marks;
  readonly since: number;
  /** When it ended. */
  readonly endedAt?: number;
  /** What they are told for: `in error`, or `in error or stuck` (ALERTS 17). */
  readonly what: string;
  /** Packages told of in this storm; how many of them are still so, and how many of those somebody has taken. */
  readonly notified: number;
  readonly open: number;
  readonly acked: number;
  readonly customers: number;
  /** Still open, commonest first. */
  readonly byPackage: readonly { readonly item: string; readonly count: number }[];
  readonly byCode: readonly { readonly code: number; readonly count: number; readonly customers: number }[];
  /** The customers with most packages in error, at most ten. */
  readonly worst: readonly {
    readonly title: string;
    readonly packages: readonly string[];
    readonly codes: readonly number[];
  }[];
  /** The code that 5 or more customers share: "common cause: code 2560". */
  readonly commonCode?: number;
  readonly now: number;
  readonly buttons: readonly Button[];
}
