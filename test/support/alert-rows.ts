import type { Visited } from "./visit.ts";

/** The rows of alerts and of the notices about them. */
export type AlertRows = Visited<"readAlertRows">;
type OutboxRow = AlertRows["outbox"][number];

/** A space that watches, and the items that its watches match. */
export interface AlertRoom {
  readonly roomId: string;
  readonly isWatching: (item: string) => boolean;
}

/** A notice about an alert that a space got, and when. */
interface SentNotice {
  readonly at: number;
  readonly kind: string;
  readonly possiblySent: boolean;
}

/** The notices that one space got, by alert; an alert of its baseline card comes first. */
export function sentNoticesOf(
  { notifiedStates, outbox }: AlertRows,
  roomId: string,
): ReadonlyMap<number, readonly SentNotice[]> {
  const notices = new Map<number, SentNotice[]>();
  const sent = outbox
    .filter(
      ({ recipient, state, urgent, alertId }) =>
        recipient === roomId && state === "sent" && urgent === 0 && alertId !== 0,
    )
    .sort((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0));
  const baselines = new Map(
    outbox
      .filter(({ recipient, kind }) => recipient === roomId && kind === "baseline")
      .map(({ messageId, sentAt }) => [messageId, sentAt ?? 0]),
  );
  for (const { alertId, messageId, roomId: room } of notifiedStates) {
    const at = room === roomId ? baselines.get(messageId) : undefined;
    if (at !== undefined) notices.set(alertId, [{ at, kind: "baseline", possiblySent: false }]);
  }
  for (const { alertId, kind, sentAt, possiblySent } of sent) {
    const own = notices.get(alertId) ?? [];
    own.push({ at: sentAt ?? 0, kind, possiblySent: possiblySent === 1 });
    notices.set(alertId, own);
  }
  return notices;
}

/** Recoveries that were a space's first notice of an alert, or its second recovery though the first was certainly sent. */
export function recoveriesWithoutAlert(rows: AlertRows, roomId: string): readonly unknown[] {
  return [...sentNoticesOf(rows, roomId)].flatMap(([alertId, notices]) =>
    notices.flatMap(({ kind, possiblySent, at }, index) => {
      const before = notices[index - 1]?.kind;
      const isAlone = kind === "recovery" && !possiblySent && (before === undefined || before === "recovery");
      return isAlone ? [{ roomId, alertId, at, notices }] : [];
    }),
  );
}

/** Alerts that a space was notified of although its watches do not match their items. */
export function unwatchedAlerts(rows: AlertRows, { roomId, isWatching }: AlertRoom): readonly OutboxRow[] {
  const items = new Map(rows.alerts.map(({ id, item }) => [id, item]));
  return rows.outbox.filter(
    ({ recipient, state, kind, alertId }) =>
      recipient === roomId && state === "sent" && kind === "alert" && !isWatching(items.get(alertId) ?? ""),
  );
}
