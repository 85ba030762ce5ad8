import type { Refusal } from "../access.ts";
import type { ErrorCodes } from "../alerts/error-codes.ts";
import type { AuditRow } from "../audit.ts";
import type { Distance } from "../commands/suggest.ts";
import type { CustomerRecord } from "../customers/record.ts";
import type { Scope } from "../customers/sweep.ts";
import type { HealthReport } from "../health-report.ts";
import type { AlertChange, Alerts, Outbox } from "../ports/alerting.ts";
import type { Audit } from "../ports/audit.ts";
import type { CardRow, DescribedFile, Gate, PostedCard } from "../ports/messaging.ts";
import type { Clock } from "../ports/runtime.ts";
import type { Snapshot, TrendDay } from "../ports/snapshot.ts";
import type { Subpartner } from "../ports/wholesale.ts";
import type { Role } from "../role.ts";
import type { Button, NoticeView, View } from "../views/views.ts";
import type { WebexStatus } from "../webex-status.ts";
import type { ScopedWholesale } from "./scoped-wholesale.ts";

/** The answer, and the changes that go with it. A reply function itself posts and saves nothing. */
export interface Reply {
  readonly view: View;
  /** A file that goes out as a message of its own, after the view. */
  readonly file?: DescribedFile;
  /** The view again, while the file is sent and afterwards, where that may take long. */
  readonly viewWithFile?: (state: FileState) => View;
  /** The customers that it shows, by their rows, so that `open 16` and `history` can find them. */
  readonly rows?: readonly CardRow[];
  /** The command that "yes" stands for, where the view asks something. */
  readonly offer?: string;
  readonly changes?: readonly Change[];
  /** True if the answer is a new message even when it could replace the pressed card. */
  readonly isSeparate?: boolean;
  /** Why the gate refused what was asked for, as to escalate to a stranger; for the audit. */
  readonly refused?: Refusal["because"];
}

export type FileState = "in progress" | "sent" | "not sent";

export type Change =
  | { readonly kind: "alerting"; readonly change: AlertChange }
  | { readonly kind: "room"; readonly allowed: boolean }
  | { readonly kind: "scope"; readonly scope: Scope }
  /** The clock of the space; none without a zone. */
  | { readonly kind: "zone"; readonly zone?: string };

export interface ReplyContext {
  readonly wholesale: ScopedWholesale;
  readonly snapshot: Snapshot;
  readonly alerts: Alerts;
  readonly outbox: Pick<Outbox, "contents">;
  /** The entries of error codes. */
  readonly codes: ErrorCodes;
  readonly audit: Pick<Audit, "find" | "stream" | "peopleNamed">;
  /** True if a message of the bot is still in its space. Throws a `Failure` when Webex does not answer. */
  readonly isPosted: (messageId: string) => Promise<boolean>;
  /** Tells if somebody whom the sender names, such as the recipient of escalations, may see customers (PRODUCT 5). */
  readonly refusal: Gate["refusal"];
  readonly roomId: string;
  readonly roomTitle?: string | undefined;
  /** `name` is the name for people. */
  readonly sender: { readonly personId: string; readonly name: string };
  readonly pressed?: PostedCard;
  /** The customers that this space may see: all, or those of one sub-partner. */
  readonly scope: Scope;
  readonly subpartners: () => Promise<{ readonly list: readonly Subpartner[]; readonly readAt: number }>;
  /** A chart as PNG; undefined when this machine cannot draw. */
  readonly draw: (days: readonly TrendDay[]) => Promise<Uint8Array | undefined>;
  /** Records as CSV, in chunks. */
  readonly csv: (records: AsyncIterable<CustomerRecord>) => AsyncIterable<Uint8Array>;
  readonly auditCsv: (rows: AsyncIterable<AuditRow>) => AsyncIterable<Uint8Array>;
  /** The list last shown in this room, which row numbers refer to. */
  readonly lastList: () => Promise<PostedCard | undefined>;
  /** The time zone that this space has chosen. */
  readonly zone: () => Promise<string | undefined>;
  /** The last state of the status page of Webex; undefined where it is not read. */
  readonly webexStatus: () => WebexStatus | undefined;
  readonly health: () => Promise<HealthReport>;
  readonly role: Role;
  /** How many single-letter edits lie between two words. */
  readonly distance: Distance;
  readonly isGroupRoom: boolean;
  readonly clock: Clock;
}

/** A reply of a title and a few sentences. */
export function textReply(title: string, lines: readonly string[], buttons: readonly Button[] = []): Reply {
  return { view: { ...NOTICE, title, lines, buttons } };
}

const NOTICE = { kind: "notice", tone: "info", facts: [] } as const satisfies Partial<NoticeView>;
