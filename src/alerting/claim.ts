import type { ExpressionBuilder } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import { mayEscalate } from "../domain/alerts/due-times.ts";
import {
  allNotices,
  dueContext,
  isToldByStorm,
  type MessagePlan,
  nextDueAt,
  type PlanContext,
  planMessage,
  type RecipientQueue,
} from "../domain/alerts/grouping.ts";
import { activeMute } from "../domain/alerts/mute.ts";
import { isStandalone, type Notice, type NoticeKind } from "../domain/alerts/notice.ts";
import {
  type AlertNoticeKind,
  type NotifiedState,
  notifiedStateOf,
  type WatchingRoom,
} from "../domain/alerts/reconcile.ts";
import { hasPassed, isEntry, shortAlertOf, waitsForReading } from "../domain/alerts/short-alerts.ts";
import type { OutgoingMessage } from "../domain/ports/alerting.ts";
import { compiledQuery } from "../store/compiled.ts";
import type { ClaimRequest } from "../store/inbox.ts";
import type { Tables } from "../store/schema.ts";
import { readAlerts } from "./alert-rows.ts";
import { isEditUnderWay, oweEditsOfPassed } from "./card-edits.ts";
import { claimFirstDue } from "./claim-first-due.ts";
import { type ClaimedMessage, loadMessageInput, readCatchUpAlerts, readReminderAlerts } from "./message-input.ts";
import {
  changeNoticeKind,
  convertToCameAndWent,
  findQueue,
  POSTPONED_MS,
  parseQueue,
  readPendingNotices,
  UNCLAIMED,
  updateDueAt,
  updateNotices,
  updateQueue,
} from "./queue.ts";
import { readQueueContents } from "./queue-contents.ts";
import { recipientKey, roomIdOf } from "./recipients.ts";
import { readStateComparison, type StateComparison } from "./reconcile.ts";
import { readRoom } from "./room-state.ts";
import { fileNotices, isStormQuiet, readRecentAlerts } from "./storms.ts";
import type { AlertingDeps, Db, TransactionContext } from "./transaction.ts";

/**
 * Claims the queue that is due first, and its next message. A due queue that has none any more gets a new due time. Throws if the
 * message cannot be made; that queue is not the first one of the next call.
 */
export function claimMessage(deps: AlertingDeps, lease: ClaimRequest): Promise<OutgoingMessage | undefined> {
  const { now } = lease;
  return claimFirstDue(deps, now, {
    findDue: async () => (await dueQueue(deps.db, { now }))[0]?.recipient,
    claim: (ctx, recipient) => claimQueue(ctx, recipient, lease),
    postpone: (recipient) => postpone(deps, recipient, now),
  });
}

const dueQueue = compiledQuery((db, { now }: { now: number }) =>
  db
    .selectFrom("recipientQueues")
    .select("recipient")
    .where(isClaimable(now))
    .orderBy("priority", "desc")
    .orderBy("dueAt")
    .orderBy("recipient")
    .limit(1),
);

/** A queue can be claimed if it is due, or if the lease of its holder ran out; not that of a suspended room. */
const isClaimable = (now: number) => (is: ExpressionBuilder<Tables, "recipientQueues">) =>
  is.and([
    is("suspendedAt", "is", null),
    is.or([
      is.and([is("holder", "is", null), is("dueAt", "<=", now)]),
      is.and([is("holder", "is not", null), is("leasedUntil", "<=", now)]),
    ]),
  ]);

/** A lease that ran out stays with its holder: by that, what it left is found. */
async function postpone({ db }: AlertingDeps, recipient: string, now: number): Promise<void> {
  const until = now + POSTPONED_MS;
  await db
    .updateTable("recipientQueues")
    .set(({ eb }) => ({ dueAt: until, leasedUntil: eb.case().when("holder", "is", null).then(null).else(until).end() }))
    .where("recipient", "=", recipient)
    .where(isClaimable(now))
    .execute();
}

async function claimQueue(
  ctx: TransactionContext,
  recipient: string,
  { holder, now, leaseMs }: ClaimRequest,
): Promise<OutgoingMessage | undefined> {
  const { numUpdatedRows } = await ctx.tx
    .updateTable("recipientQueues")
    .set({ holder, leasedUntil: now + leaseMs })
    .where("recipient", "=", recipient)
    .where(isClaimable(now))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return undefined;
  await requeueAbandoned(ctx, recipient);
  await updateQueue(ctx, recipient, { postingSince: null });
  const claimed = await claimNextNotices(ctx, recipient);
  if (claimed !== undefined) return { holder, leasedUntil: now + leaseMs, ...(await loadMessageInput(ctx, claimed)) };
  await updateQueue(ctx, recipient, UNCLAIMED);
  return undefined;
}

/** Records that the POST begins; false if the lease ran out and the message was claimed again. */
export async function beginPost({ tx, now }: TransactionContext, message: OutgoingMessage): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("recipientQueues")
    .set({ postingSince: now })
    .where("recipient", "=", recipientKey(message.recipient))
    .where("holder", "=", message.holder)
    .where("leasedUntil", "=", message.leasedUntil)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The lease of their holder ran out. If their POST began, they may have arrived, and are repeated with a mark (ALERTS 28). */
async function requeueAbandoned({ tx }: TransactionContext, recipient: string): Promise<void> {
  const postingSince = (await findQueue(tx, recipient))?.postingSince ?? null;
  await tx
    .updateTable("outbox")
    .set({ state: "pending", claimedAt: null, ...(postingSince !== null && { possiblySent: 1 }) })
    .where("recipient", "=", recipient)
    .where("state", "=", "claimed")
    .execute();
}

async function claimNextNotices(ctx: TransactionContext, recipient: string): Promise<ClaimedMessage | undefined> {
  const { tx, now } = ctx;
  const roomId = roomIdOf(recipient);
  const room = roomId === undefined ? undefined : await readRoom(tx, roomId);
  const queue = parseQueue(await findQueue(tx, recipient));
  const plan = await planNextMessage(ctx, recipient, { room, queue });
  await updateDueAt(ctx, recipient);
  if (plan === undefined) return undefined;
  if (await isOvertaking(ctx, plan, queue)) {
    await updateQueue(ctx, recipient, { dueAt: now + POSTPONED_MS });
    return undefined;
  }
  const ids = allNotices(plan).map(({ id }) => id);
  await updateNotices(ctx, { ids, from: ["pending"] }, { state: "claimed", claimedAt: now });
  return { recipient, plan, room, queue };
}

/** The message is an edit of a card that is being edited: the one with the older numbers could come last. */
async function isOvertaking(ctx: TransactionContext, { storm }: MessagePlan, queue: RecipientQueue): Promise<boolean> {
  return storm?.step === "edit" && queue.storm !== undefined && (await isEditUnderWay(ctx, queue.storm.messageId));
}

type RoomQueue = Pick<ReviewContext, "room" | "queue">;

/** Notices that wait for the storm are read only when the storm tells them (ALERTS 21): there may be thousands. */
async function planNextMessage(
  ctx: TransactionContext,
  recipient: string,
  of: RoomQueue,
): Promise<MessagePlan | undefined> {
  const { contents } = await readQueueContents(ctx.tx, recipient, of.queue);
  const { storm, stormStep } = dueContext(of.queue, contents, ctx.timings, ctx.now);
  if (storm === undefined || stormStep !== undefined || contents.hasRepeats) return planPending(ctx, recipient, of);
  const plan = await planPending(ctx, recipient, of, 0);
  // A storm that grows by other codes also tells what waits for it.
  return plan?.storm === undefined ? plan : planPending(ctx, recipient, of);
}

/** @param storm 0 for a plan without the notices that wait for the storm */
async function planPending(
  ctx: TransactionContext,
  recipient: string,
  of: RoomQueue,
  storm?: 0,
): Promise<MessagePlan | undefined> {
  const { tx, now, timings } = ctx;
  const pending = await readPendingNotices(tx, recipient, storm);
  const { notices, alerts, comparison } = await refreshPendingNotices(ctx, pending, of);
  const { contents } = await readQueueContents(tx, recipient, of.queue);
  const due = nextDueAt(of.queue, contents, timings, now);
  const alertOf = ({ alertId }: Notice) => alerts.get(alertId);
  const context: PlanContext = {
    ...dueContext(of.queue, contents, timings, now),
    alertOf,
    notifiedOf: (notice) => {
      const alert = alertOf(notice);
      return alert && comparison?.notified(alert);
    },
    recent: notices.some(({ kind }) => isEntry(kind)) ? await readRecentAlerts(ctx, recipient) : [],
  };
  const plan = due !== undefined && due <= now ? planMessage(notices, context) : undefined;
  const planned = new Set(plan?.notices);
  const left = notices.filter((notice) => !planned.has(notice));
  if (of.queue.storm !== undefined) await fileNotices(ctx, left, (notice) => isToldByStorm(notice, context));
  return plan;
}

/** The room, its queue and its alerts, with which notices are compared before they are sent. */
interface ReviewContext {
  /** Absent for a person. */
  readonly room: WatchingRoom | undefined;
  readonly queue: RecipientQueue;
  readonly alerts: ReadonlyMap<number, Alert>;
  readonly comparison: StateComparison | undefined;
}

/**
 * The pending notices that are still to be sent, each with the kind that it has now (ALERTS 20). Those that cancelled out are
 * dropped, but never one that may have been posted.
 */
async function refreshPendingNotices(
  ctx: TransactionContext,
  pending: readonly Notice[],
  { room, queue }: RoomQueue,
): Promise<Pick<ReviewContext, "alerts" | "comparison"> & { readonly notices: readonly Notice[] }> {
  const { tx, now } = ctx;
  const alertIds = pending.map(({ alertId }) => alertId);
  const alerts = await readAlerts(tx, alertIds);
  const comparison = room && (await readStateComparison(tx, room, alerts, now));
  const present = { room, queue, comparison, alerts: new Map(alerts.map((alert) => [alert.id, alert])) };
  const once = new Set(oncePerAlert(pending));
  const duplicates = pending.filter((notice) => !once.has(notice));
  // Before the kind of any changes: it may become that of one that is dropped here.
  await cancelPending(ctx, duplicates);
  const kept = new Map<number, Notice>();
  for (const notice of once) {
    const changed = await refreshNotice(ctx, notice, present);
    if (changed !== undefined) kept.set(changed.id, changed);
  }
  const dropped = pending.filter(({ id }) => !kept.has(id));
  await cancelPending(ctx, dropped);
  await unmarkEscalated(ctx, dropped);
  return { ...present, notices: [...kept.values()] };
}

async function cancelPending(ctx: TransactionContext, notices: readonly Notice[]): Promise<void> {
  const ids = notices.map(({ id }) => id);
  await updateNotices(ctx, { ids, from: ["pending"] }, { state: "cancelled" });
}

/** The notice with the kind that it has now; undefined if it is not to be sent, or not yet. */
async function refreshNotice(
  ctx: TransactionContext,
  notice: Notice,
  present: ReviewContext,
): Promise<Notice | undefined> {
  const alert = present.alerts.get(notice.alertId);
  const kind = await currentKind(ctx, notice, present);
  if (kind === undefined) return passedNotice(ctx, notice, alert);
  if (alert !== undefined && !notice.possiblySent && waitsForReading(alert, kind)) {
    await updateNotices(ctx, { ids: [notice.id], from: ["pending"] }, { state: "held" });
    return undefined;
  }
  return changeNoticeKind(ctx, notice, { kind, generation: alert?.generation ?? notice.generation });
}

/** The notice as one that came and went, if its alert was over before it was sent and no other one says so (ALERTS 20). */
async function passedNotice(
  ctx: TransactionContext,
  notice: Notice,
  alert: Alert | undefined,
): Promise<Notice | undefined> {
  if (alert === undefined || !hasPassed(notice.kind, alert)) return undefined;
  const { recipient } = notice;
  const id = await convertToCameAndWent(ctx, recipientKey(recipient), { noticeId: notice.id, alert });
  if ("roomId" in recipient) await oweEditsOfPassed(ctx, recipient.roomId, [alert]);
  return id === undefined
    ? undefined
    : { ...notice, id, kind: "came-and-went", details: { cameAndWent: shortAlertOf(alert) } };
}

/** An alert whose escalation was dropped has not been escalated: if it is BAD again, it still is. */
async function unmarkEscalated({ tx }: TransactionContext, dropped: readonly Notice[]): Promise<void> {
  for (const { kind, alertId, details } of dropped) {
    if (kind !== "escalation" || details.roomId === undefined) continue;
    await tx
      .updateTable("notifiedStates")
      .set({ escalatedAt: null })
      .where("roomId", "=", details.roomId)
      .where("alertId", "=", alertId)
      .execute();
  }
}

/** One notice for each alert: the one that may have been posted, otherwise the first. */
function oncePerAlert(pending: readonly Notice[]): readonly Notice[] {
  const repeatsFirst = [...pending].sort((a, b) => Number(b.possiblySent) - Number(a.possiblySent) || a.id - b.id);
  const seen = new Set<number>();
  return repeatsFirst.filter((notice) => {
    const isDuplicate = isOfAlert(notice) && seen.has(notice.alertId);
    if (isOfAlert(notice)) seen.add(notice.alertId);
    return !isDuplicate;
  });
}

const isOfAlert = ({ alertId, kind }: Notice): boolean => alertId !== 0 && !isStandalone(kind);

/** The kind that a notice has now; undefined if it cancelled out. */
async function currentKind(
  ctx: TransactionContext,
  notice: Notice,
  present: ReviewContext,
): Promise<NoticeKind | undefined> {
  if (isOfAlert(notice)) return currentAlertKind(notice, present);
  return notice.possiblySent || (await isStillRequired(ctx, notice, present)) ? notice.kind : undefined;
}

function currentAlertKind(
  { alertId, kind, possiblySent }: Notice,
  { alerts, comparison }: ReviewContext,
): AlertNoticeKind | undefined {
  const alert = alerts.get(alertId);
  if (alert === undefined || comparison === undefined) return undefined;
  const required = comparison.requiredNotice(alert);
  if (required !== undefined || !possiblySent) return required;
  return repeatKind(kind, alert, comparison.notified(alert));
}

/** If the lost message was posted, it may show an outdated state, so the room is notified of the present one. */
function repeatKind(kind: NoticeKind, alert: Alert, notified: NotifiedState | undefined): AlertNoticeKind {
  if (notified === undefined) return "alert";
  const state = notifiedStateOf(alert);
  if (state !== "open") return state === "closed" ? "recovery" : "flapping";
  if (kind === "flapping") return "flapping-end";
  return kind === "retry" || kind === "code-change" || kind === "flapping-end" ? kind : "reopen";
}

async function isStillRequired(
  ctx: TransactionContext,
  { kind, alertId, recipient, details }: Notice,
  { room, queue, alerts }: ReviewContext,
): Promise<boolean> {
  const { tx, now } = ctx;
  if (kind === "escalation") {
    const alert = alerts.get(alertId);
    return alert !== undefined && mayEscalate(alert, now);
  }
  if (kind === "storm-end")
    return queue.storm !== undefined && (await isStormQuiet(ctx, recipientKey(recipient), queue.storm));
  if (room === undefined) return true;
  if (kind === "came-and-went") return !isMutedNow(alerts.get(alertId), room, now);
  if (kind === "reminder") return (await readReminderAlerts(tx, { room, now })).length > 0;
  if (kind === "catch-up")
    return details.restoredFrom !== undefined || (await readCatchUpAlerts(tx, { room, now })).length > 0;
  return true;
}

const isMutedNow = (alert: Alert | undefined, { mutes }: WatchingRoom, now: number): boolean =>
  alert !== undefined && activeMute(alert, mutes, now) !== undefined;

/** Ends all leases, at the start of the only process; returns how many. */
export async function releaseQueues(ctx: TransactionContext): Promise<number> {
  const held = await ctx.tx
    .selectFrom("recipientQueues")
    .select("recipient")
    .where("holder", "is not", null)
    .orderBy("recipient")
    .execute();
  for (const { recipient } of held) {
    await requeueAbandoned(ctx, recipient);
    await updateQueue(ctx, recipient, UNCLAIMED);
    await updateDueAt(ctx, recipient);
  }
  return held.length;
}

export async function readNextDue(db: Db): Promise<number | undefined> {
  const [next] = await nextDue(db, {});
  return next?.at ?? undefined;
}

const nextDue = compiledQuery((db) =>
  db
    .selectFrom("recipientQueues")
    .select(({ fn, case: when, ref }) =>
      fn
        .min<number | null>(when().when("holder", "is not", null).then(ref("leasedUntil")).else(ref("dueAt")).end())
        .as("at"),
    )
    .where("suspendedAt", "is", null),
);
