import { openDatabase } from "../../src/store/database.ts";
import type { Home } from "./databases.ts";

/** What the database says of alerts, and of what spaces were told of them. */
export type AlertLedger = Awaited<ReturnType<typeof readAlertLedger>>;
type Owed = AlertLedger["outbox"][number];

export async function readAlertLedger(home: Home) {
  const { db, close } = await openDatabase(home);
  try {
    const alerts = await db.selectFrom("alerts").selectAll().orderBy("id").execute();
    const announced = await db.selectFrom("announced").selectAll().execute();
    const outbox = await db.selectFrom("outbox").selectAll().orderBy("id").execute();
    const steps = await db.selectFrom("transitions").selectAll().orderBy("id").execute();
    const sweeps = await db.selectFrom("sweeps").selectAll().orderBy("id").execute();
    return { alerts, announced, outbox, steps, sweeps };
  } finally {
    await close();
  }
}

/** A space that watches, and the items of which it wants to hear. */
export interface AlertRoom {
  readonly roomId: string;
  readonly wants: (item: string) => boolean;
}

/** What a space was told of an alert, and when. */
interface Belief {
  readonly at: number;
  readonly kind: string;
  readonly unsure: boolean;
}

/** All that one space was told, by the alert; what a baseline told it of comes first. */
export function beliefsOf(
  { announced, outbox }: AlertLedger,
  roomId: string,
): ReadonlyMap<number, readonly Belief[]> {
  const beliefs = new Map<number, Belief[]>();
  const sent = outbox
    .filter(
      ({ target, state, urgent, alertId }) =>
        target === roomId && state === "sent" && urgent === 0 && alertId !== 0,
    )
    .sort((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0));
  const baselines = new Map(
    outbox
      .filter(({ target, kind }) => target === roomId && kind === "baseline")
      .map(({ messageId, sentAt }) => [messageId, sentAt ?? 0]),
  );
  for (const { alertId, messageId, roomId: room } of announced) {
    const at = room === roomId ? baselines.get(messageId) : undefined;
    if (at !== undefined) beliefs.set(alertId, [{ at, kind: "baseline", unsure: false }]);
  }
  for (const { alertId, kind, sentAt, maybeSent } of sent) {
    const told = beliefs.get(alertId) ?? [];
    told.push({ at: sentAt ?? 0, kind, unsure: maybeSent === 1 });
    beliefs.set(alertId, told);
  }
  return beliefs;
}

/** Recoveries that a space was told of before anything else, or twice without a doubt about the first. */
export function recoveriesAlone(ledger: AlertLedger, roomId: string): readonly unknown[] {
  return [...beliefsOf(ledger, roomId)].flatMap(([alertId, told]) =>
    told.flatMap(({ kind, unsure, at }, index) => {
      const before = told[index - 1]?.kind;
      const isAlone = kind === "recovery" && !unsure && (before === undefined || before === "recovery");
      return isAlone ? [{ roomId, alertId, at, told }] : [];
    }),
  );
}

/** Alerts of which a space was told though it does not want to hear of their items. */
export function unwanted(ledger: AlertLedger, { roomId, wants }: AlertRoom): readonly Owed[] {
  const items = new Map(ledger.alerts.map(({ id, item }) => [id, item]));
  return ledger.outbox.filter(
    ({ target, state, kind, alertId }) =>
      target === roomId && state === "sent" && kind === "alert" && !wants(items.get(alertId) ?? ""),
  );
}
