import type { ExpressionBuilder, Kysely } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import { isStormOver, planMessage, type RecipientQueue } from "../domain/alerts/grouping.ts";
import { isUrgent, type Notice, type NoticeKind } from "../domain/alerts/notice.ts";
import {
  type AlertNoticeKind,
  type NotifiedState,
  notifiedStateOf,
  type WatchingRoom,
} from "../domain/alerts/reconcile.ts";
import { isUnattended } from "../domain/alerts/schedule.ts";
import type { Outbox, OutgoingMessage } from "../domain/ports/alerting.ts";
import type { ClaimRequest } from "../store/inbox.ts";
import type { Tables } from "../store/schema.ts";
import { type ClaimedMessage, loadMessageInput, readCatchUpAlerts, readReminderAlerts } from "./message-input.ts";
import {
  changeNoticeKind,
  findQueue,
  readPendingNotices,
  readQueue,
  reschedule,
  roomIdOf,
  UNCLAIMED,
  updateNotices,
  updateQueue,
} from "./queue.ts";
import { readStateComparison, type StateComparison } from "./reconcile.ts";
import { readAlerts, readRoom } from "./room-state.ts";
import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";

/** Takes up the target that is due first, and the next message to it. Targets that turn out to have none are put in order. */
export async function claimMessage(deps: AlertingDeps, lease: ClaimRequest): Promise<OutgoingMessage | undefined> {
  // A target without a message is not due any more, and one that is taken up is another one's: this ends.
  for (;;) {
    const recipient = await findDueQueue(deps.db, lease.now);
    if (recipient === undefined) return undefined;
    const flush = await inTransaction(deps, lease.now, (step) => claimQueue(step, recipient, lease));
    if (flush !== undefined) return flush;
  }
}

/** Whether a line may be taken up: it is due, or was left by somebody whose lease ran out. A suspended space's may not. */
const isClaimable = (now: number) => (is: ExpressionBuilder<Tables, "recipientQueues">) =>
  is.and([
    is("suspendedAt", "is", null),
    is.or([
      is.and([is("holder", "is", null), is("dueAt", "<=", now)]),
      is.and([is("holder", "is not", null), is("leasedUntil", "<=", now)]),
    ]),
  ]);

async function findDueQueue(db: Kysely<Tables>, now: number): Promise<string | undefined> {
  const due = await db
    .selectFrom("recipientQueues")
    .select("recipient")
    .where(isClaimable(now))
    .orderBy("priority", "desc")
    .orderBy("dueAt")
    .orderBy("recipient")
    .limit(1)
    .executeTakeFirst();
  return due?.recipient;
}

async function claimQueue(
  step: TransactionContext,
  recipient: string,
  { holder, now, leaseMs }: ClaimRequest,
): Promise<OutgoingMessage | undefined> {
  const { numUpdatedRows } = await step.tx
    .updateTable("recipientQueues")
    .set({ holder, leasedUntil: now + leaseMs })
    .where("recipient", "=", recipient)
    .where(isClaimable(now))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return undefined;
  await requeueAbandoned(step, recipient);
  const taken = await claimNextNotices(step, recipient);
  if (taken !== undefined) return { holder, ...(await loadMessageInput(step, taken)) };
  await updateQueue(step, recipient, { holder: null, leasedUntil: null });
  return undefined;
}

/** Whoever had taken these up is gone, and may have posted them (ALERTS 28). */
export async function requeueAbandoned({ tx }: Pick<TransactionContext, "tx">, recipient: string): Promise<void> {
  await tx
    .updateTable("outbox")
    .set({ state: "pending", claimedAt: null, possiblySent: 1 })
    .where("recipient", "=", recipient)
    .where("state", "=", "claimed")
    .execute();
}

async function claimNextNotices(step: TransactionContext, recipient: string): Promise<ClaimedMessage | undefined> {
  const { tx, now } = step;
  const roomId = roomIdOf(recipient);
  const room = roomId === undefined ? undefined : await readRoom(tx, roomId);
  const queue = await findQueueOrEmpty(step, recipient);
  const notices = await reviewPendingNotices(step, recipient, { room, queue });
  await reschedule(step, recipient);
  const { dueAt } = { dueAt: null, ...(await findQueue(tx, recipient)) };
  const plan = dueAt !== null && dueAt <= now ? planMessage(notices, queue.storm) : undefined;
  if (plan === undefined) return undefined;
  const ids = plan.notices.map(({ id }) => id);
  await updateNotices(step, { ids, from: ["pending"] }, { state: "claimed", claimedAt: now });
  return { recipient, plan, room, queue };
}

async function findQueueOrEmpty({ tx }: TransactionContext, recipient: string) {
  const row = await findQueue(tx, recipient);
  return row === undefined ? {} : readQueue(row);
}

/** What notices are held against before they are told. */
interface ReviewContext {
  /** Absent for a person. */
  readonly room: WatchingRoom | undefined;
  readonly queue: RecipientQueue;
  readonly alerts: ReadonlyMap<number, Alert>;
  readonly comparison: StateComparison | undefined;
}

/**
 * What waits for a target and is still to be told, each in the kind in which it is to be told now (ALERTS 20): what cancels
 * out is dropped, and what may have been posted never is.
 */
export async function reviewPendingNotices(
  step: TransactionContext,
  recipient: string,
  { room, queue }: Pick<ReviewContext, "room" | "queue">,
): Promise<readonly Notice[]> {
  const { tx, now } = step;
  const waiting = await readPendingNotices(tx, recipient);
  const alerts = await readAlerts(
    tx,
    waiting.map(({ alertId }) => alertId),
  );
  const comparison = room && (await readStateComparison(tx, room, alerts, now));
  const present = {
    room,
    queue: queue,
    comparison,
    alerts: new Map(alerts.map((alert) => [alert.id, alert])),
  };
  const kept = new Map<number, Notice>();
  for (const notice of oncePerAlert(waiting)) {
    const kind = await currentKind(step, notice, present);
    const generation = present.alerts.get(notice.alertId)?.generation ?? notice.generation;
    const one = kind && (await changeNoticeKind(step, notice, { kind, generation }));
    if (one !== undefined) kept.set(one.id, one);
  }
  const ids = waiting.flatMap(({ id }) => (kept.has(id) ? [] : [id]));
  await updateNotices(step, { ids, from: ["pending"] }, { state: "cancelled" });
  return [...kept.values()];
}

const isOfAlert = ({ alertId, kind }: Notice): boolean => alertId !== 0 && !isUrgent(kind);

/** A space is told one thing of an alert: that which may have been posted, else what was owed first. */
function oncePerAlert(waiting: readonly Notice[]): readonly Notice[] {
  const unsureFirst = [...waiting].sort((a, b) => Number(b.possiblySent) - Number(a.possiblySent) || a.id - b.id);
  const seen = new Set<number>();
  return unsureFirst.filter((notice) => {
    const isRepeated = isOfAlert(notice) && seen.has(notice.alertId);
    if (isOfAlert(notice)) seen.add(notice.alertId);
    return !isRepeated;
  });
}

/** As what a notice is to be told now; undefined when there is nothing to tell any more. */
async function currentKind(
  step: TransactionContext,
  notice: Notice,
  present: ReviewContext,
): Promise<NoticeKind | undefined> {
  if (isOfAlert(notice)) return currentAlertKind(notice, present);
  if (notice.possiblySent) return notice.kind;
  const { room, queue, alerts } = present;
  const isOwed = async (): Promise<boolean> => {
    if (notice.kind === "escalation") return isStillUnattended(alerts.get(notice.alertId));
    if (notice.kind === "storm-end")
      return queue.storm !== undefined && isStormOver(queue.storm, step.timings, step.now);
    if (room === undefined) return true;
    const reader = { room, queue: queue, now: step.now };
    if (notice.kind === "reminder") return (await readReminderAlerts(step.tx, reader)).length > 0;
    if (notice.kind === "catch-up") return (await readCatchUpAlerts(step.tx, reader)).length > 0;
    return true;
  };
  return (await isOwed()) ? notice.kind : undefined;
}

const isStillUnattended = (alert: Alert | undefined): boolean =>
  alert !== undefined && isUnattended(alert, { state: "open" });

function currentAlertKind(
  { alertId, kind, possiblySent }: Notice,
  present: ReviewContext,
): AlertNoticeKind | undefined {
  const alert = present.alerts.get(alertId);
  if (alert === undefined || present.comparison === undefined) return undefined;
  const owed = present.comparison.requiredNotice(alert);
  if (owed !== undefined || !possiblySent) return owed;
  return repeatKind(kind, alert, present.comparison.notified(alert));
}

/** What may have been posted is said again, as it is now: it may be that the space believes what is not so any more. */
function repeatKind(kind: NoticeKind, alert: Alert, told: NotifiedState | undefined): AlertNoticeKind {
  if (told === undefined) return "alert";
  const state = notifiedStateOf(alert);
  if (state !== "open") return state === "closed" ? "recovery" : "flapping";
  if (kind === "flapping") return "flapping-end";
  return kind === "retry" || kind === "flapping-end" ? kind : "reopen";
}

/** Ends every lease; what was under way may have been posted. Returns how many. */
export async function releaseQueues(step: TransactionContext): Promise<number> {
  const held = await step.tx
    .selectFrom("recipientQueues")
    .select("recipient")
    .where("holder", "is not", null)
    .orderBy("recipient")
    .execute();
  for (const { recipient } of held) {
    await requeueAbandoned(step, recipient);
    await updateQueue(step, recipient, UNCLAIMED);
    await reschedule(step, recipient);
  }
  return held.length;
}

export async function readNextDue(db: Kysely<Tables>): Promise<number | undefined> {
  const next = await db
    .selectFrom("recipientQueues")
    .select(({ fn, case: when, ref }) =>
      fn
        .min<number | null>(when().when("holder", "is not", null).then(ref("leasedUntil")).else(ref("dueAt")).end())
        .as("at"),
    )
    .where("suspendedAt", "is", null)
    .executeTakeFirst();
  return next?.at ?? undefined;
}

export async function readOutboxState(db: Kysely<Tables>): ReturnType<Outbox["state"]> {
  const rows = await db
    .selectFrom("outbox")
    .select(["state", ({ fn }) => fn.countAll<number>().as("count")])
    .select(({ fn }) => fn.min("queuedAt").as("oldestAt"))
    .where("state", "in", ["pending", "claimed", "cancelled", "dead"])
    .groupBy("state")
    .execute();
  const waiting = rows.filter(({ state }) => state === "pending" || state === "claimed");
  const countOf = (asked: string) => rows.find(({ state }) => state === asked)?.count ?? 0;
  return {
    waiting: countOf("pending") + countOf("claimed"),
    ...(waiting.length > 0 && { oldestAt: Math.min(...waiting.map(({ oldestAt }) => oldestAt)) }),
    cancelled: countOf("cancelled"),
    dead: countOf("dead"),
  };
}
