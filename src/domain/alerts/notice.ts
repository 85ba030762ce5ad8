import type { Scope } from "../customers/sweep.ts";
import type { Unanswered } from "../unanswered.ts";
import type { AlertKind } from "./kinds.ts";
import type { AlertNoticeKind } from "./reconcile.ts";
import type { DoubtedList } from "./visibility.ts";

/** A space, or a person 1:1 by id or e-mail address. */
export type Recipient = { readonly roomId: string } | { readonly personId: string } | { readonly email: string };

/** The recipient that an e-mail address, or the id of a room, names. */
export function recipientNamed(name: string): Recipient {
  return name.includes("@") ? { email: name } : { roomId: name };
}

/** An `AlertNoticeKind`, an `escalation` and a `came-and-went` name one alert; all others concern a whole space or person. */
export type NoticeKind =
  | AlertNoticeKind
  /** The summary notices (ALERTS 15, 16). */
  | "baseline"
  | "catch-up"
  | "reminder"
  | "storm-end"
  /** A removed package or customer (ALERTS 17); part of the next grouped message. */
  | "removals"
  | "digest"
  | "outage"
  | "outage-end"
  | "escalation"
  /** An alert that was over before its notice was sent (ALERTS 20). */
  | "came-and-went"
  | "follow"
  | "suspended"
  | "report";

/** A row of the outbox: (recipient, alert, generation, kind) is unique (ALERTS 26). */
export interface Notice {
  readonly id: number;
  readonly recipient: Recipient;
  readonly kind: NoticeKind;
  /** 0 for a notice that is not about one alert. */
  readonly alertId: number;
  readonly generation: number;
  readonly queuedAt: number;
  /** It may have been posted already, so it is sent again with a mark and never dropped (ALERTS 28). */
  readonly possiblySent: boolean;
  /** Webex has refused messages with this notice for long, so it is sent apart: others must not be refused with it. */
  readonly isRefused?: boolean;
  /** Facts that the present state does not contain. */
  readonly details: NoticeDetails;
}

export interface NoticeDetails {
  /** The alert was muted before (ALERTS 23). */
  readonly wasMuted?: boolean;
  /** Of a `came-and-went`: the alert as it was. */
  readonly cameAndWent?: ShortAlert;
  /** The length of the absence (ALERTS 16) or outage (31), in milliseconds. */
  readonly awayMs?: number;
  /** The time of the backup that was restored (ALERTS 19). */
  readonly restoredFrom?: number;
  /** Changes found at the end of an outage. */
  readonly changes?: number;
  readonly cause?: string;
  /** The list that is not believed, if that is the cause (ALERTS 6). */
  readonly list?: DoubtedList;
  readonly since?: number;
  /** The outage was announced before. */
  readonly isOngoing?: boolean;
  /** The scope and the space that it is about, for a recipient that gets such notices of several. */
  readonly scope?: Scope;
  readonly roomId?: string;
  readonly space?: string | undefined;
  /** The text of a `report`, `removals` or a `follow`: a title, then lines. */
  readonly lines?: readonly string[];
  /** Of a `report`: the questions of the space that were given up. */
  readonly unanswered?: readonly Unanswered[];
  /** A message was given up, and a button sends it again (ALERTS 29). */
  readonly isGivenUp?: boolean;
  /** `lines` contain customer data, which guests must not see (PRODUCT 5). */
  readonly namesCustomers?: boolean;
}

/** An alert that was over before the space could be told: it came and went (ALERTS 20). Times are those of the readings. */
export interface ShortAlert {
  /** `Contoso · Meetings`, as it was then. */
  readonly title: string;
  readonly kind: AlertKind;
  readonly codes: readonly number[];
  readonly from: number;
  readonly to: number;
  /** When the item failed again, if it did before the message was made. Never stored in the outbox. */
  readonly againFrom?: number;
}

export const SUMMARY_KINDS = ["baseline", "catch-up"] as const satisfies readonly NoticeKind[];

/** While such a notice waits for a space, no other notice is queued for it (ALERTS 15, 16). */
export function isSummaryNotice(kind: NoticeKind): boolean {
  return SUMMARY_KINDS.some((one) => one === kind);
}

const STANDALONE_KINDS: readonly NoticeKind[] = [
  "outage",
  "outage-end",
  "baseline",
  "catch-up",
  "follow",
  "suspended",
  "report",
  "escalation",
  "digest",
  "came-and-went",
];

/** Never in one message with notices of single alerts; the next grouped message does not wait for it (ALERTS 20). */
export function isStandalone(kind: NoticeKind): boolean {
  return STANDALONE_KINDS.includes(kind);
}
