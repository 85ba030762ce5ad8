import type { ProvisioningClass } from "../customers/customer.ts";

/** The present state of one item: a package, an add-on or the customer itself. */
export interface ItemState {
  /** The class of the status: good, moving or bad (ALERTS 2). */
  readonly statusClass: ProvisioningClass;
  /** In the API's spelling. */
  readonly status: string;
  /** How long the item has had this status, in milliseconds. */
  readonly ageMs: number;
  /** The API reports errors or warnings for it. */
  readonly hasProblems: boolean;
}

export interface AlertKindRules {
  /** The class of an item for alerts of this kind: an alert opens at `bad` and closes at `good`. */
  readonly classOf: (item: ItemState) => ProvisioningClass;
  /** The status and its age are what the alert is about: a card shows both in place of `words.open`. */
  readonly isAboutAge?: boolean;
  readonly words: AlertKindWords;
}

export interface AlertKindWords {
  readonly tone: "bad" | "warning";
  /** In a count: `3 packages in error`. */
  readonly counted: string;
  /** On the card of an open alert. */
  readonly open: string;
  /** In a reminder of an open alert. */
  readonly stillOpen: string;
  /** On the card of an alert that is closed as recovered. */
  readonly recovered: string;
  /** On the card of an alert whose item was removed; `Package removed` when absent. */
  readonly removed?: string;
}

/** A switch of a watch: people type its name as `stuck=yes`. */
export interface WatchOption {
  /** Other names that people type for it. */
  readonly aliases: readonly string[];
  /** In the description of a watch: `package=calling · Also warnings`. */
  readonly label: string;
  /** Completes "warnings=yes adds …" in the help. */
  readonly help: string;
}

/** A kind that a watch must request, by a switch with the name of the kind (ALERTS 17). */
interface OptionalKindRules extends AlertKindRules {
  readonly watchOption: WatchOption;
}

const STUCK_MS = 2 * 3_600_000;
/** A compliance review takes days. */
const STUCK_IN_REVIEW_MS = 48 * 3_600_000;

/** To add a kind, add an entry here and one to the candidates in `alerting/optional-kinds.ts`. */
export const OPTIONAL_KINDS = {
  stuck: {
    classOf: ({ statusClass, status, ageMs }) => {
      const isStuck = ageMs >= (status === "pending_rpl_review" ? STUCK_IN_REVIEW_MS : STUCK_MS);
      return statusClass === "moving" && isStuck ? "bad" : "good";
    },
    isAboutAge: true,
    words: {
      tone: "warning",
      counted: "stuck",
      open: "Stuck",
      stillOpen: "Still stuck",
      recovered: "No longer stuck",
      removed: "Removed while stuck",
    },
    watchOption: {
      aliases: [],
      label: "Also stuck for 2 h",
      help: "packages that have been in progress for over 2 hours",
    },
  },
  warnings: {
    classOf: ({ statusClass, hasProblems }) => (statusClass === "good" && hasProblems ? "bad" : "good"),
    words: {
      tone: "warning",
      counted: "with warnings",
      open: "Provisioned with warnings",
      stillOpen: "Still with warnings",
      recovered: "Warnings gone",
    },
    watchOption: { aliases: ["warning"], label: "Also warnings", help: "warnings" },
  },
} as const satisfies Readonly<Record<string, OptionalKindRules>>;

export type OptionalKind = keyof typeof OPTIONAL_KINDS;
export type AlertKind = "error" | OptionalKind;

/** Every watch includes `error`. The order is the order in which cards count the kinds. */
export const KIND_RULES: Readonly<Record<AlertKind, AlertKindRules>> = {
  error: {
    classOf: ({ statusClass }) => statusClass,
    words: {
      tone: "bad",
      counted: "in error",
      open: "Error",
      stillOpen: "Still in error",
      recovered: "Recovered",
      removed: "Removed while in error",
    },
  },
  ...OPTIONAL_KINDS,
};

export const ALERT_KINDS = Object.keys(KIND_RULES) as readonly AlertKind[];
export const OPTIONAL_KIND_NAMES = Object.keys(OPTIONAL_KINDS) as readonly OptionalKind[];
