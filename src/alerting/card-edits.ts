import type { Selectable } from "kysely";
import { type Alert, isHealing } from "../domain/alerts/alert.ts";
import type { Asides } from "../domain/alerts/asides.ts";
import {
  type AlertCard,
  cardKindOf,
  isAllOver,
  MOST_EDITS,
  PRESS_EDITS,
  planEdit,
} from "../domain/alerts/card-edits.ts";
import type { MessagePlan } from "../domain/alerts/grouping.ts";
import type { StormStep } from "../domain/alerts/storm.ts";
import type { CardEdit, EditOutcome, NotifiedAlert } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "../store/chunks.ts";
import { compiledQuery } from "../store/compiled.ts";
import type { Tables } from "../store/schema.ts";
import { readAlerts } from "./alert-rows.ts";
import { asidesText, parseAsides } from "./card-asides.ts";
import { claimFirstDue } from "./claim-first-due.ts";
import { readAlertMemory } from "./code-memory.ts";
import { withPresentItems } from "./present-items.ts";
import { findQueue, POSTPONED_MS, parseQueue } from "./queue.ts";
import { parseNotifiedState, readRoom } from "./room-state.ts";
import type { AlertingDeps, Db, TransactionContext } from "./transaction.ts";

/** The cards of alerts outside of threads, and the edits that they owe (ALERTS 30). */

interface CardMessage extends Pick<MessagePlan, "form" | "notices"> {
  readonly roomId: string;
  readonly messageId: string;
  /** In the state that the card shows. */
  readonly alerts: readonly Alert[];
  /** The alerts among them whose thread began with another message. */
  readonly rootedElsewhere: readonly number[];
  readonly asides: Asides;
}

const showsHealing = (alerts: readonly Alert[]): number => (alerts.some(isHealing) ? 1 : 0);

/** Records the card of a message that was posted outside of a thread. */
export async function insertAlertCard({ tx, now }: TransactionContext, message: CardMessage): Promise<void> {
  const kind = cardKindOf(message);
  if (kind === undefined) return;
  const { roomId, messageId, alerts, rootedElsewhere, asides } = message;
  const isOver = isAllOver(alerts) ? 1 : 0;
  await tx
    .insertInto("alertCards")
    .values({
      messageId,
      roomId,
      kind,
      postedAt: now,
      edits: 0,
      presses: 0,
      isOver,
      mayShowHealing: showsHealing(alerts),
      changes: 0,
      attempts: 0,
      asides: asidesText(asides),
    })
    .onConflict((conflict) => conflict.column("messageId").doNothing())
    .execute();
  for (const chunk of chunksOf(rootedElsewhere, ROWS_PER_STATEMENT)) {
    const rows = chunk.map((alertId) => ({ messageId, alertId }));
    await tx
      .insertInto("cardAlerts")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

interface Owed {
  readonly alertIds: readonly number[];
  /** In this room alone; otherwise in every room. */
  readonly roomId?: string;
  /** A message that shows the change already. */
  readonly shownBy?: string;
  /** A card that the answer to a press edits to the same content. It owes an edit only if that does not happen. */
  readonly pressed?: string | undefined;
  /** For each alert the card that its thread begins with, and not the others that name it. */
  readonly onRootsAlone?: boolean;
  /** Only cards that do not show everything as over already, so that no edit is spent on the same content. */
  readonly unlessOver?: boolean;
  /** Only cards that may show one of their alerts as healing. */
  readonly ifHealing?: boolean;
}

/** The answer to a press has edited its card by then. After a crash or a failure in between, the card is edited then. */
const PRESS_MS = 60_000;

/** The cards of these alerts owe an edit. */
export async function oweEdits(ctx: TransactionContext, owed: Owed): Promise<void> {
  const { tx, now } = ctx;
  const { alertIds, roomId, shownBy = "", pressed = "", onRootsAlone = false, unlessOver, ifHealing } = owed;
  for (const chunk of chunksOf(alertIds, IDS_PER_STATEMENT)) {
    await tx
      .updateTable("alertCards")
      .set((is) => ({
        editDueAt: is
          .case()
          .when("messageId", "=", pressed)
          .then(is.fn.coalesce("editDueAt", is.val(now + PRESS_MS)))
          .else(now)
          .end(),
        changes: is("changes", "+", 1),
      }))
      .where((is) => {
        const idsOf = (column: "notifiedStates.messageId" | "notifiedStates.storm") =>
          is.selectFrom("notifiedStates").select(column).where("alertId", "in", chunk).where(column, "is not", null);
        const named = is.selectFrom("cardAlerts").select("cardAlerts.messageId").where("alertId", "in", chunk);
        return is.or([
          is("messageId", "in", idsOf("notifiedStates.messageId")),
          is("messageId", "in", idsOf("notifiedStates.storm")),
          ...(onRootsAlone ? [] : [is("messageId", "in", named)]),
        ]);
      })
      .$if(roomId !== undefined, (query) => query.where("roomId", "=", roomId ?? ""))
      .$if(ifHealing === true, (query) =>
        // An edit that is owed may be claimed at this moment, from the state before.
        query.where((is) => is.or([is("mayShowHealing", "=", 1), is("editDueAt", "is not", null)])),
      )
      .$if(unlessOver === true, (query) =>
        query.where((is) => is.or([is("isOver", "=", 0), is("leasedUntil", "is not", null)])),
      )
      // An edit that is under way may overwrite the message, so it must be edited once more.
      .where((is) => is.or([is("messageId", "!=", shownBy), is("leasedUntil", "is not", null)]))
      .execute();
  }
}

/** These alerts were over before the room was told of them. An acknowledgement, or news of another alert, may have shown one. */
export function oweEditsOfPassed(ctx: TransactionContext, roomId: string, alerts: readonly Alert[]): Promise<void> {
  return oweEdits(ctx, { roomId, alertIds: alerts.map(({ id }) => id), unlessOver: true });
}

/**
 * These alerts were healing and are open again, of which nobody is told (ALERTS 11). A card that an acknowledgement or news of
 * another alert edited meanwhile shows them as healing.
 */
export function oweEditsOfReturned(ctx: TransactionContext, alerts: readonly Alert[]): Promise<void> {
  return oweEdits(ctx, { alertIds: alerts.map(({ id }) => id), ifHealing: true });
}

/** A message of a storm edited its first summary, or makes it owe an edit (ALERTS 21). */
export async function recordStormCard(
  { tx, now }: TransactionContext,
  messageId: string,
  step: StormStep,
): Promise<void> {
  if (step === "first") return;
  await tx
    .updateTable("alertCards")
    .set((is) => ({
      changes: is("changes", "+", 1),
      ...(step === "edit" ? { edits: is("edits", "+", 1) } : { editDueAt: now }),
    }))
    .where("messageId", "=", messageId)
    .execute();
}

type CardRow = Selectable<Tables["alertCards"]>;

/** Claims the card whose edit is due first. Throws if that cannot be planned; it is not the first one of the next call. */
export function claimEdit(deps: AlertingDeps, now: number, leaseMs: number): Promise<CardEdit | undefined> {
  return claimFirstDue(deps, now, {
    findDue: async () => (await dueCard(deps.db, { now }))[0]?.messageId,
    claim: (ctx, messageId) => claimCard(ctx, messageId, leaseMs),
    postpone: (messageId) => postpone(deps, messageId, now),
  });
}

/** An edit that another process has claimed meanwhile, or that is due later, stays as it is. */
async function postpone({ db }: AlertingDeps, messageId: string, now: number): Promise<void> {
  await db
    .updateTable("alertCards")
    .set({ editDueAt: now + POSTPONED_MS })
    .where("messageId", "=", messageId)
    .where("editDueAt", "<=", now)
    .where((is) => is.or([is("leasedUntil", "is", null), is("leasedUntil", "<=", now)]))
    .execute();
}

/** When the next edit is due, or what keeps it back runs out; undefined when no card owes one. */
export async function readNextEditDue(db: Db): Promise<number | undefined> {
  const [next] = await nextEditDue(db, {});
  return next?.at ?? undefined;
}

const nextEditDue = compiledQuery((db) =>
  db
    .selectFrom("alertCards")
    .leftJoin("recipientQueues", "recipientQueues.recipient", "alertCards.roomId")
    .select(({ fn, case: when, ref }) =>
      fn
        .min<number | null>(
          when()
            .when("recipientQueues.leasedUntil", ">", ref("editDueAt"))
            .then(ref("recipientQueues.leasedUntil"))
            .when("alertCards.leasedUntil", ">", ref("editDueAt"))
            .then(ref("alertCards.leasedUntil"))
            .else(ref("editDueAt"))
            .end(),
        )
        .as("at"),
    )
    .where("editDueAt", "is not", null)
    .where("recipientQueues.suspendedAt", "is", null),
);

/** A message to the room may change its cards, so an edit waits while one is under way (ALERTS 27). */
const dueCard = compiledQuery((db, { now }: { now: number }) =>
  db
    .selectFrom("alertCards")
    .leftJoin("recipientQueues", "recipientQueues.recipient", "alertCards.roomId")
    .select("alertCards.messageId")
    .where("editDueAt", "<=", now)
    .where((is) => is.or([is("alertCards.leasedUntil", "is", null), is("alertCards.leasedUntil", "<=", now)]))
    .where((is) => is.or([is("recipientQueues.leasedUntil", "is", null), is("recipientQueues.leasedUntil", "<=", now)]))
    .where("recipientQueues.suspendedAt", "is", null)
    .orderBy("editDueAt")
    .orderBy("alertCards.messageId")
    .limit(1),
);

/** Plans the edit from the present state. An attempt that was not recorded is made again and not counted again. */
async function claimCard(ctx: TransactionContext, messageId: string, leaseMs: number): Promise<CardEdit | undefined> {
  const { tx, now, timings } = ctx;
  const row = await lockCard(ctx, messageId);
  if (row === undefined || row.editDueAt === null || row.editDueAt > now || (row.leasedUntil ?? 0) > now) return;
  const room = await readRoom(tx, row.roomId);
  const shown = (await readAlertsOnCard(tx, row)).filter(({ alert }) => alert.key.scope === room.scope);
  const edits = row.edits - (row.leasedUntil === null ? 0 : 1);
  const card: AlertCard = { kind: row.kind, postedAt: row.postedAt, edits, isOver: row.isOver === 1 };
  const alerts = shown.map(({ alert }) => alert);
  const plan = planEdit(card, alerts, { now, reopenMs: timings.reopenMs });
  if (plan.next !== "edit") {
    const editDueAt = plan.next === "wait" ? plan.until : null;
    await updateCard(ctx, messageId, { edits, editDueAt, leasedUntil: null, attempts: 0 });
    return;
  }
  const mayShowHealing = showsHealing(alerts);
  await updateCard(ctx, messageId, { edits: edits + 1, mayShowHealing, leasedUntil: now + leaseMs });
  const { roomId, kind, postedAt, changes } = row;
  const { storm } = parseQueue(await findQueue(tx, roomId));
  const { isOver, pointsToThread } = plan;
  const isStormOn = storm?.messageId === messageId;
  const memory = await readAlertMemory(tx, alerts, now);
  const asides = parseAsides(row.asides);
  return { roomId, messageId, kind, postedAt, shown, asides, room, memory, changes, isOver, pointsToThread, isStormOn };
}

/** True while the engine edits this card. */
export async function isEditUnderWay({ tx, now }: TransactionContext, messageId: string): Promise<boolean> {
  const leased = tx.selectFrom("alertCards").select("messageId").where("messageId", "=", messageId);
  return (await leased.where("leasedUntil", ">", now).executeTakeFirst()) !== undefined;
}

async function lockCard({ tx, isSingleInstance }: TransactionContext, messageId: string): Promise<CardRow | undefined> {
  return tx
    .selectFrom("alertCards")
    .selectAll()
    .where("messageId", "=", messageId)
    .$if(!isSingleInstance, (query) => query.forUpdate())
    .executeTakeFirst();
}

async function updateCard({ tx }: TransactionContext, messageId: string, change: Partial<CardRow>): Promise<void> {
  await tx.updateTable("alertCards").set(change).where("messageId", "=", messageId).execute();
}

/** The alerts whose thread begins with the card, and the others that it shows. */
export async function readAlertsOnCard(
  db: Db,
  { roomId, messageId, kind }: Pick<CardRow, "roomId" | "messageId"> & { readonly kind: CardRow["kind"] | undefined },
): Promise<readonly NotifiedAlert[]> {
  const rows = await db
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .where((is) =>
      is.or([
        is("messageId", "=", messageId),
        is("storm", "=", messageId),
        is("alertId", "in", is.selectFrom("cardAlerts").select("alertId").where("messageId", "=", messageId)),
      ]),
    )
    .execute();
  const states = new Map(rows.map((row) => [row.alertId, parseNotifiedState(row)]));
  const alerts = await readAlerts(db, [...states.keys()]);
  // A storm is told in numbers, and there may be thousands.
  return (kind === "storm" ? alerts : await withPresentItems(db, alerts)).flatMap((alert) => {
    const notified = states.get(alert.id);
    return notified === undefined ? [] : [{ alert, notified }];
  });
}

const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 60 * 60_000;
/** From then on a refusal is believed: the retries before it took half an hour. */
const MOST_REFUSALS = 5;

/** Records how an edit ended. What the card had to show since it was claimed is owed still. */
export async function recordEdit(ctx: TransactionContext, edit: CardEdit, outcome: EditOutcome): Promise<void> {
  const row = await lockCard(ctx, edit.messageId);
  if (row === undefined) return;
  const { messageId, changes, isOver } = edit;
  if (outcome === "shown") {
    const editDueAt = row.changes > changes ? ctx.now : null;
    return updateCard(ctx, messageId, { leasedUntil: null, attempts: 0, editDueAt, isOver: isOver ? 1 : 0 });
  }
  // Webex takes no edit of this card, so the messages alone tell what is new.
  if (outcome === "refused" && row.attempts >= MOST_REFUSALS)
    return updateCard(ctx, messageId, { leasedUntil: null, attempts: 0, editDueAt: null, edits: MOST_EDITS });
  if (outcome === "withheld") return updateCard(ctx, messageId, { leasedUntil: ctx.now + FIRST_RETRY_MS });
  const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(row.attempts, 20));
  await updateCard(ctx, messageId, { leasedUntil: ctx.now + waitMs, attempts: row.attempts + 1 });
}

/** Counts an edit that answers a press. False if the card has had its two: it owes an edit of the engine then. */
export async function reservePressEdit({ db, onCommit }: AlertingDeps, messageId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("alertCards")
    .set((is) => ({ presses: is("presses", "+", 1), mayShowHealing: 1 }))
    .where("messageId", "=", messageId)
    .where("presses", "<", PRESS_EDITS)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return true;
  await db
    .updateTable("alertCards")
    .set((is) => ({ editDueAt: AT_ONCE, changes: is("changes", "+", 1) }))
    .where("messageId", "=", messageId)
    .execute();
  onCommit?.();
  return false;
}

/** Before any time, so that it is due. */
const AT_ONCE = 0;

/** An edit that the card owes because of something else stays owed: it is due by now, or under way. */
export async function recordPressEdit(db: Db, messageId: string, now: number): Promise<void> {
  await db
    .updateTable("alertCards")
    .set({ editDueAt: null })
    .where("messageId", "=", messageId)
    .where("editDueAt", ">", now)
    .where("leasedUntil", "is", null)
    .execute();
}

/** Makes edits under way due again, at the start of the only process. */
export async function releaseEdits({ tx }: TransactionContext): Promise<void> {
  await tx.updateTable("alertCards").set({ leasedUntil: 0 }).where("leasedUntil", "is not", null).execute();
}
