import { openDatabase } from "../../src/store/database.ts";
import type { DatabaseLocation } from "./databases.ts";

/** What the database says of alerts, and of what spaces were told of them. */
export type AlertRows = Awaited<ReturnType<typeof readAlertRows>>;
type OutboxRow = AlertRows["outbox"][number];

export async function readAlertRows(home: DatabaseLocation) {
  const { db, close } = await openDatabase(home);
  try {
    const alerts = await db.selectFrom("alerts").selectAll().orderBy("id").execute();
    const notifiedStates = await db.selectFrom("notifiedStates").selectAll().execute();
    const outbox = await db.selectFrom("outbox").selectAll().orderBy("id").execute();
    const steps = await db.selectFrom("transitions").selectAll().orderBy("id").execute();
    const sweeps = await db.selectFrom("sweeps").selectAll().orderBy("id").execute();
    return { alerts, notifiedStates, outbox, steps, sweeps };
  } finally {
    await close();
  }
}

/** A space that watches, and the items of which it wants to hear. */
export interface AlertRoom {
  readonly roomId: string;
  readonly isWatching: (item: string) => boolean;
}

/** What a space was told of an alert, and when. */
interface SentNotice {
  readonly at: number;
  readonly kind: string;
  readonly possiblySent: boolean;
}

/** All that one space was told, by the alert; what a baseline told it of comes first. */
export function sentNoticesOf(
  { notifiedStates, outbox }: AlertRows,
  roomId: string,
): ReadonlyMap<number, readonly SentNotice[]> {
  const beliefs = new Map<number, SentNotice[]>();
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
    if (at !== undefined) beliefs.set(alertId, [{ at, kind: "baseline", possiblySent: false }]);
  }
  for (const { alertId, kind, sentAt, possiblySent } of sent) {
    const told = beliefs.get(alertId) ?? [];
    told.push({ at: sentAt ?? 0, kind, possiblySent: possiblySent === 1 });
    beliefs.set(alertId, told);
  }
  return beliefs;
}

/** Recoveries that a space was told of before anything else, or twice without a doubt about the first. */
export function recoveriesWithoutAlert(ledger: AlertRows, roomId: string): readonly unknown[] {
  return [...sentNoticesOf(ledger, roomId)].flatMap(([alertId, told]) =>
    told.flatMap(({ kind, possiblySent, at }, index) => {
      const before = told[index - 1]?.kind;
      const isAlone = kind === "recovery" && !possiblySent && (before === undefined || before === "recovery");
      return isAlone ? [{ roomId, alertId, at, told }] : [];
    }),
  );
}

/** Alerts of which a space was told though it does not want to hear of their items. */
export function unwatchedAlerts(ledger: AlertRows, { roomId, isWatching }: AlertRoom): readonly OutboxRow[] {
  const items = new Map(ledger.alerts.map(({ id, item }) => [id, item]));
  return ledger.outbox.filter(
    ({ recipient, state, kind, alertId }) =>
      recipient === roomId && state === "sent" && kind === "alert" && !isWatching(items.get(alertId) ?? ""),
  );
}
