import type { Alert } from "../alerts/alert.ts";
import type { Customer } from "../customers/customer.ts";
import type { Transition } from "../customers/transition.ts";
import type { SnapshotSummary } from "../ports/snapshot.ts";

/** A button is a command: pressing it says `command`, as if its presser had typed it. */
export interface Button {
  readonly title: string;
  readonly command: string;
  /** The main thing to do here. */
  readonly main?: boolean;
  /** The inputs of the card whose values belong to the command; none when absent. */
  readonly inputs?: readonly string[];
}

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

/**
 * What a reply shows, in the domain's words: no glyphs, no colours, no Adaptive Card. `src/cards` renders each view twice,
 * as a card from the template of the same name in `cards/`, and as a plain text that stands alone.
 * Strings in a view may be foreign (names, ids, descriptions): `cards` puts every one through `plain()`.
 */
export type View =
  | CustomersView
  | CustomerView
  | FindView
  | HelpView
  | NoticeView
  | SummaryView
  | HistoryView
  | SubpartnersView
  | AlertView
  | AlertsView
  | StormView;

/** How old what is shown is, and where it was read. */
export type Freshness =
  | {
      readonly source: "live";
      /** Epoch milliseconds. */
      readonly readAt: number;
    }
  | {
      readonly source: "snapshot";
      /** The end of the last complete sweep; absent before the first one. */
      readonly readAt?: number;
      /** When the view was made: the card says "as of 40 s ago". */
      readonly now: number;
      /** How many customers a first sweep, still under way, has read so far. */
      readonly readSoFar?: number;
    };

export interface CustomersView {
  readonly kind: "customers";
  /** The filter that was understood, as people would type it; empty for all customers. */
  readonly filter: string;
  readonly page: number;
  /** The number of the first row; rows count on from it, and `open 16` means row 16. */
  readonly firstRow: number;
  readonly customers: readonly Customer[];
  readonly hasMore: boolean;
  /** How many match in all; only the snapshot knows. */
  readonly total?: number;
  /** The sub-partner that the space is bound to. */
  readonly subpartner?: string;
  /** Rows that could not be read and are not shown. */
  readonly unreadable: number;
  readonly freshness: Freshness;
  /** Sentences that belong under the heading, such as a warning about the data. */
  readonly notes: readonly string[];
  /** At most five; the one that `takes` the picker opens the chosen customer. */
  readonly buttons: readonly Button[];
}

export interface CustomerView {
  readonly kind: "customer";
  readonly customer: Customer;
  /** Since when the bot has seen each item in its present status, by `itemKey`; empty when it has not yet. */
  readonly since: Readonly<Record<string, number>>;
  readonly subpartner?: string;
  /** Its open alerts, as far as this space may know them. */
  readonly alerts: readonly Alert[];
  readonly freshness: Freshness;
  readonly notes: readonly string[];
  readonly buttons: readonly Button[];
}

export interface FindView {
  readonly kind: "find";
  readonly notes: readonly string[];
  readonly externalId: string;
  readonly orgId: string;
  /** Every status to choose from, in the API's spelling, and those chosen now. */
  readonly statuses: readonly string[];
  readonly chosen: readonly string[];
  readonly max: number;
  readonly buttons: readonly Button[];
}

export interface HelpView {
  readonly kind: "help";
  readonly title: string;
  readonly intro: string;
  readonly topics: readonly { readonly usage: string; readonly does: string }[];
  readonly buttons: readonly Button[];
}

/** A few sentences: a slip explained, a failure with its cure, a fact that was asked for. */
export interface NoticeView {
  readonly kind: "notice";
  readonly tone: "info" | "warning" | "failure";
  readonly title: string;
  readonly lines: readonly string[];
  readonly facts: readonly { readonly title: string; readonly value: string }[];
  readonly buttons: readonly Button[];
}

/** Counts as bars: by status, by package, by error code. */
export interface SummaryView {
  readonly kind: "summary";
  readonly filter: string;
  readonly summary: SnapshotSummary;
  readonly subpartner?: string;
  readonly freshness: Freshness;
  readonly notes: readonly string[];
  readonly buttons: readonly Button[];
}

/** What the bot saw change, newest first: of one customer, or of all. */
export interface HistoryView {
  readonly kind: "history";
  /** The customer whose history it is; absent for `changes`. */
  readonly title?: string;
  readonly transitions: readonly Transition[];
  readonly hasMore: boolean;
  /** Since when the bot has looked at all, so that an empty history can be judged. */
  readonly observedSince?: number;
  readonly subpartner?: string;
  readonly now: number;
  readonly buttons: readonly Button[];
}

export interface SubpartnersView {
  readonly kind: "subpartners";
  readonly subpartners: readonly {
    readonly orgId: string;
    readonly name: string;
    readonly state: string;
    readonly isBound: boolean;
  }[];
  readonly freshness: Freshness;
  readonly buttons: readonly Button[];
}
