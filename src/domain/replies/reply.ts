import type { CustomerRecord } from "../customers/record.ts";
import type { Scope } from "../customers/sweep.ts";
import type { HealthReport } from "../health-report.ts";
import type { AlertChange, Alerts } from "../ports/alerting.ts";
import type { CardRow, OutgoingFile, PostedCard } from "../ports/messaging.ts";
import type { Clock } from "../ports/runtime.ts";
import type { Snapshot, TrendDay } from "../ports/snapshot.ts";
import type { Subpartner, Wholesale } from "../ports/wholesale.ts";
import type { Role } from "../role.ts";
import type { View } from "../views/views.ts";

/** What we answer, and what is to be remembered of it. A reply function posts, saves and deletes nothing itself. */
export interface Reply {
  readonly view: View;
  /** A file that goes out as a message of its own, after the view. */
  readonly file?: { readonly file: OutgoingFile; readonly text: string };
  /** The rows of a list, so that `open 16` can find them. */
  readonly rows?: readonly CardRow[];
  readonly changes?: readonly Change[];
  /** Alerts whose cards, wherever they are, are to be brought up to date. */
  readonly refreshAlerts?: readonly number[];
  /** Whether it stands beside the card that was pressed even where it might take its place. */
  readonly isSeparate?: boolean;
}

export type Change =
  | { readonly kind: "alerting"; readonly change: AlertChange }
  | { readonly kind: "room"; readonly allowed: boolean }
  | { readonly kind: "scope"; readonly scope: Scope };

/** All that a reply function may know and ask. */
export interface ReplyContext {
  readonly wholesale: Wholesale;
  readonly snapshot: Snapshot;
  readonly alerts: Alerts;
  readonly roomId: string;
  /** What the space is called, as far as that is known. */
  readonly roomTitle?: string | undefined;
  /** Who asks, as people call them. */
  readonly sender: { readonly personId: string; readonly name: string };
  /** The card that was pressed. */
  readonly pressed?: PostedCard;
  /** What this space may see: everything, or one sub-partner. */
  readonly scope: Scope;
  readonly subpartners: () => Promise<{ readonly list: readonly Subpartner[]; readonly readAt: number }>;
  /** A chart of the last days, as PNG; undefined where this machine cannot draw. */
  readonly draw: (days: readonly TrendDay[]) => Promise<Uint8Array | undefined>;
  /** Records as CSV, a piece at a time. */
  readonly csv: (records: AsyncIterable<CustomerRecord>) => AsyncIterable<Uint8Array>;
  /** The list that row numbers refer to: the one last shown in this room. */
  readonly lastList: () => Promise<PostedCard | undefined>;
  readonly health: () => Promise<HealthReport>;
  readonly role: Role;
  /** Whether this is a group space, where being allowed for guests has a meaning. */
  readonly isGroupRoom: boolean;
  readonly clock: Clock;
}
