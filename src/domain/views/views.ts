import type { Alert } from "../alerts/alert.ts";
import type { CodeMemory } from "../alerts/error-codes.ts";
import type { AuditRow } from "../audit.ts";
import type { Customer } from "../customers/customer.ts";
import type { ListedTransition } from "../customers/transition.ts";
import type { SnapshotSummary } from "../ports/snapshot.ts";
import type { Licenses, Subscriber } from "../ports/wholesale.ts";

/** A button carries a command as text. A press is handled as if that person had typed it. */
export interface Button {
  readonly title: string;
  readonly command: string;
  /** A shorter command that means the same, for a plain text; absent where there is none. */
  readonly typed?: string;
  /** True for the primary action of the card. */
  readonly main?: boolean;
  /** The ids of the inputs whose values are added to the command; none when absent. */
  readonly inputs?: readonly string[];
}

/** The news in a message about an alert. `current`: a card that somebody requested, or a refreshed one. */
export type AlertUpdate =
  | "opened"
  | "retry failed"
  | "codes changed"
  | "re-opened"
  | "recovered"
  | "removed"
  | "flapping"
  | "flapping-end"
  | "reminder"
  | "escalated"
  | "current";

/** Marks in front of a notice. */
export interface Marks {
  /** It may have been posted before (ALERTS 28). */
  readonly possiblyRepeated?: boolean;
  /** It was open while it was muted (ALERTS 23). */
  readonly wasMuted?: boolean;
  /** The card is edited no more before its end (ALERTS 30). */
  readonly newestInThread?: boolean;
  /** A line for each alert that was over before the space could be told (ALERTS 20). */
  readonly cameAndWent?: readonly string[];
}

/** One alert: the root of a thread, a reply in the thread, or the refreshed root (ALERTS 21, 30). */
export interface AlertView {
  readonly kind: "alert";
  readonly update: AlertUpdate;
  readonly alert: Alert;
  /** The codes that the space was told before; only where they changed. */
  readonly codesBefore?: string;
  readonly marks: Marks;
  /** Until when this space has muted it, and who did so; absent when it is not muted. */
  readonly muted?: { readonly until: number; readonly by: string };
  /** Further facts, such as the steps of a drill with their times. */
  readonly facts: readonly { readonly title: string; readonly value: string }[];
  /** A line of Webex Status that may explain it; absent where nothing does. */
  readonly webexStatus?: string;
  /** The bot’s memory of its first code; absent where it is over or has none. */
  readonly memory?: CodeMemory | undefined;
  /** Its events, oldest first; only in the answer to `alert`. */
  readonly story?: readonly StoryEvent[];
  readonly now: number;
  readonly buttons: readonly Button[];
}

/** Something that happened to an alert. */
export interface StoryEvent {
  readonly at: number;
  readonly title: string;
  readonly text?: string;
  /** The statuses of a change, in the API's spelling. */
  readonly from?: string;
  readonly to?: string;
}

/** Several alerts: a group, a reminder, a catch-up, a digest, or the answer to `alerts`. */
export interface AlertsView {
  readonly kind: "alerts";
  readonly tone: "bad" | "warning" | "good" | "info";
  readonly title: string;
  /** Sentences under the title, such as the filter and the counts. */
  readonly lines: readonly string[];
  readonly marks: Marks;
  /** Grouped by code or by outcome. */
  readonly groups: readonly AlertGroup[];
  /** A line of Webex Status that may explain it; absent where nothing does. */
  readonly webexStatus?: string;
  /** The code that 5 or more customers share. */
  readonly commonCode?: number | undefined;
  /** The news of each alert, by its number; an alert without news is shown in its present state. */
  readonly updates?: Readonly<Record<number, AlertUpdate>>;
  readonly more: number;
  readonly now: number;
  readonly buttons: readonly Button[];
}

export interface AlertGroup {
  /** `Code 2560: 3 packages of 3 customers`, `Recovered`. */
  readonly title: string;
  readonly alerts: readonly Alert[];
}

export interface StormView {
  readonly kind: "storm";
  readonly state: "active" | "over";
  readonly marks: Marks;
  readonly since: number;
  readonly endedAt?: number;
  /** The condition that the alerts are open for: `in error`, or `in error or stuck` (ALERTS 17). */
  readonly what: string;
  /** The alerts of this storm; how many of them are still open, and how many of those are acknowledged. */
  readonly notified: number;
  readonly open: number;
  readonly acked: number;
  /** How many of the others have recovered, were removed while in error, and enter and leave error again and again. */
  readonly recovered: number;
  readonly removed: number;
  readonly flapping: number;
  /** Alerts of the same codes that were told by name shortly before, and are not counted. */
  readonly before: number;
  readonly customers: number;
  /** Open alerts, most frequent first. */
  readonly byPackage: readonly { readonly item: string; readonly count: number }[];
  readonly byCode: readonly { readonly code: number; readonly count: number; readonly customers: number }[];
  /** The customers with most packages in error, and more than one; at most ten. */
  readonly worst: readonly {
    readonly title: string;
    readonly packages: readonly string[];
    readonly codes: readonly number[];
  }[];
  /** A line of Webex Status that may explain it; absent where nothing does. */
  readonly webexStatus?: string;
  /** The code that 5 or more customers share: "common cause: code 2560". */
  readonly commonCode?: number;
  readonly now: number;
  readonly buttons: readonly Button[];
}

/**
 * The content of a reply or message, without glyphs, colours or Adaptive Cards. `src/cards` renders each view twice: as a card
 * from the template of the same name in `cards/`, and as a complete plain text. Strings in a view may come from outside (names,
 * ids, descriptions); `src/cards` passes each of them through `plain()`.
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
  | SubscribersView
  | AuditView
  | AlertView
  | AlertsView
  | StormView;

/** Where the content was read, and when. */
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
      /** When the view was made, for texts such as "as of 40 s ago". */
      readonly now: number;
      /** The number of customers that a running first sweep has read so far. */
      readonly readSoFar?: number;
    };

export interface CustomersView {
  readonly kind: "customers";
  /** The filter as people type it; empty for all customers. */
  readonly filter: string;
  readonly page: number;
  /** The number of the first row; rows count on from it, and `open 16` means row 16. */
  readonly firstRow: number;
  readonly customers: readonly Customer[];
  /** Why there are none, in place of the usual sentence: no customer has the words that were searched for. */
  readonly nothing?: string;
  readonly hasMore: boolean;
  /** The number of matches on all pages; only the snapshot has it. */
  readonly total?: number;
  /** The sub-partner that the space is bound to. */
  readonly subpartner?: string;
  /** The number of rows that could not be parsed and are not shown. */
  readonly unreadable: number;
  readonly freshness: Freshness;
  /** Sentences under the heading, such as a warning about the data. */
  readonly notes: readonly string[];
  /** At most five. The one with the picker in `inputs` opens the chosen customer. */
  readonly buttons: readonly Button[];
}

export interface CustomerView {
  readonly kind: "customer";
  readonly customer: Customer;
  /** Since when each item has its present status, by `itemKey`; empty when the bot has not read it yet. */
  readonly since: Readonly<Record<string, number>>;
  readonly subpartner?: string;
  /** Its open alerts that this space may see. */
  readonly alerts: readonly Alert[];
  /** The licence ids of its packages; absent in an answer from the snapshot. */
  readonly licenses?: Licenses;
  readonly freshness: Freshness;
  readonly notes: readonly string[];
  readonly buttons: readonly Button[];
}

export interface FindView {
  readonly kind: "find";
  readonly notes: readonly string[];
  readonly text: string;
  /** The choices, in the API's spelling: one status or several at once. */
  readonly statuses: readonly (readonly string[])[];
  /** The choice; empty for any. */
  readonly status: readonly string[];
  readonly packages: readonly (readonly string[])[];
  readonly package: readonly string[];
  /** Error codes, separated by commas. */
  readonly code: string;
  readonly country: string;
  /** Only customers with a package in error. */
  readonly isInErrorOnly: boolean;
  /** With the inputs for ids and for the size of a page. */
  readonly showsIds: boolean;
  readonly externalId: string;
  readonly orgId: string;
  readonly max: number;
  readonly buttons: readonly Button[];
}

export interface HelpView {
  readonly kind: "help";
  readonly title: string;
  readonly lines: readonly string[];
  readonly topics: readonly { readonly usage: string; readonly does: string }[];
  readonly buttons: readonly Button[];
  /** The way to the rest, below the other buttons. */
  readonly more?: Button;
}

/** A few sentences: an explained parse error, a failure with a hint, or a requested fact. */
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

/** The changes of one customer, or of all, newest first. */
export interface HistoryView {
  readonly kind: "history";
  /** The title of the customer; absent for `changes`. */
  readonly title?: string;
  readonly transitions: readonly ListedTransition[];
  readonly hasMore: boolean;
  /** Since when the bot has read customers, so that people can interpret an empty history. */
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

/** People of customers, a page of them. */
export interface SubscribersView {
  readonly kind: "subscribers";
  readonly title: string;
  readonly subscribers: readonly ListedSubscriber[];
  readonly firstRow: number;
  readonly hasMore: boolean;
  /** Rows that could not be read, or that are of others. */
  readonly notShown: number;
  readonly subpartner?: string;
  readonly freshness: Freshness;
  readonly buttons: readonly Button[];
}

export interface ListedSubscriber extends Pick<Subscriber, "email" | "packages" | "status" | "problems"> {
  /** Absent where the title names the customer. */
  readonly customer?: string;
}

/** The questions and changes of people, newest first. */
export interface AuditView {
  readonly kind: "audit";
  /** The filter as people type it; empty for all rows. */
  readonly filter: string;
  readonly rows: readonly AuditRow[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  readonly subpartner?: string;
  readonly notes: readonly string[];
  readonly now: number;
  readonly buttons: readonly Button[];
}
