import type { ExpressionBuilder, Kysely } from "kysely";
import type { Flush, Outbox } from "../domain/alerting.ts";
import type { Alert } from "../domain/alerts/alert.ts";
import { type Line, planOf } from "../domain/notices/group.ts";
import { isUrgent, type Notice, type NoticeKind } from "../domain/notices/outbox.ts";
import { type AlertNotice, type Announced, stateOf, type WatchingRoom } from "../domain/notices/reconcile.ts";
import { isUnattended } from "../domain/notices/remind.ts";
import { isOver } from "../domain/notices/storm.ts";
import type { Lease } from "../store/inbox.ts";
import type { Tables } from "../store/schema.ts";
import { aboutCatchUp, aboutReminder, loadFlush, type Taken } from "./message-input.ts";
import {
  findLine,
  readLine,
  readWaiting,
  reschedule,
  retell,
  roomOf,
  UNHELD,
  writeLine,
  writeNotices,
} from "./queue.ts";
import { type Beliefs, readBeliefs } from "./reconcile.ts";
import { readAlerts, readRoom } from "./room-state.ts";
import { inStep, type OutboxDeps, type Step } from "./transaction.ts";

/** Takes up the target that is due first, and the next message to it. Targets that turn out to have none are put in order. */
export async function claimFlush(deps: OutboxDeps, lease: Lease): Promise<Flush | undefined> {
  // A target without a message is not due any more, and one that is taken up is another one's: this ends.
  for (;;) {
    const target = await findDue(deps.db, lease.now);
    if (target === undefined) return undefined;
    const flush = await inStep(deps, lease.now, (step) => takeUp(step, target, lease));
    if (flush !== undefined) return flush;
  }
}

/** Whether a line may be taken up: it is due, or was left by somebody whose lease ran out. A suspended space's may not. */
const isFree = (now: number) => (is: ExpressionBuilder<Tables, "lines">) =>
  is.and([
    is("suspendedAt", "is", null),
    is.or([
      is.and([is("holder", "is", null), is("dueAt", "<=", now)]),
      is.and([is("holder", "is not", null), is("leasedUntil", "<=", now)]),
    ]),
  ]);

async function findDue(db: Kysely<Tables>, now: number): Promise<string | undefined> {
  const due = await db
    .selectFrom("lines")
    .select("target")
    .where(isFree(now))
    .orderBy("first", "desc")
    .orderBy("dueAt")
    .orderBy("target")
    .limit(1)
    .executeTakeFirst();
  return due?.target;
}

async function takeUp(
  step: Step,
  target: string,
  { holder, now, leaseMs }: Lease,
): Promise<Flush | undefined> {
  const { numUpdatedRows } = await step.tx
    .updateTable("lines")
    .set({ holder, leasedUntil: now + leaseMs })
    .where("target", "=", target)
    .where(isFree(now))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return undefined;
  await reclaim(step, target);
  const taken = await takeNext(step, target);
  if (taken !== undefined) return { holder, ...(await loadFlush(step, taken)) };
  await writeLine(step, target, { holder: null, leasedUntil: null });
  return undefined;
}

/** Whoever had taken these up is gone, and may have posted them (ALERTS 28). */
export async function reclaim({ tx }: Pick<Step, "tx">, target: string): Promise<void> {
  await tx
    .updateTable("outbox")
    .set({ state: "pending", claimedAt: null, maybeSent: 1 })
    .where("target", "=", target)
    .where("state", "=", "claimed")
    .execute();
}

async function takeNext(step: Step, target: string): Promise<Taken | undefined> {
  const { tx, now } = step;
  const roomId = roomOf(target);
  const room = roomId === undefined ? undefined : await readRoom(tx, roomId);
  const line = await readLineOf(step, target);
  const notices = await review(step, target, { room, line });
  await reschedule(step, target);
  const { dueAt } = { dueAt: null, ...(await findLine(tx, target)) };
  const plan = dueAt !== null && dueAt <= now ? planOf(notices, line.storm) : undefined;
  if (plan === undefined) return undefined;
  const ids = plan.notices.map(({ id }) => id);
  await writeNotices(step, { ids, from: ["pending"] }, { state: "claimed", claimedAt: now });
  return { target, plan, room, line };
}

async function readLineOf({ tx }: Step, target: string) {
  const row = await findLine(tx, target);
  return row === undefined ? {} : readLine(row);
}

/** What notices are held against before they are told. */
interface Present {
  /** Absent for a person. */
  readonly room: WatchingRoom | undefined;
  readonly line: Line;
  readonly alerts: ReadonlyMap<number, Alert>;
  readonly beliefs: Beliefs | undefined;
}

/**
 * What waits for a target and is still to be told, each in the kind in which it is to be told now (ALERTS 20): what cancels
 * out is dropped, and what may have been posted never is.
 */
export async function review(
  step: Step,
  target: string,
  { room, line }: Pick<Present, "room" | "line">,
): Promise<readonly Notice[]> {
  const { tx, now } = step;
  const waiting = await readWaiting(tx, target);
  const alerts = await readAlerts(
    tx,
    waiting.map(({ alertId }) => alertId),
  );
  const beliefs = room && (await readBeliefs(tx, room, alerts, now));
  const present = { room, line, beliefs, alerts: new Map(alerts.map((alert) => [alert.id, alert])) };
  const kept = new Map<number, Notice>();
  for (const notice of oncePerAlert(waiting)) {
    const kind = await kindNow(step, notice, present);
    const generation = present.alerts.get(notice.alertId)?.generation ?? notice.generation;
    const one = kind && (await retell(step, notice, { kind, generation }));
    if (one !== undefined) kept.set(one.id, one);
  }
  const ids = waiting.flatMap(({ id }) => (kept.has(id) ? [] : [id]));
  await writeNotices(step, { ids, from: ["pending"] }, { state: "transient" });
  return [...kept.values()];
}

const isOfAlert = ({ alertId, kind }: Notice): boolean => alertId !== 0 && !isUrgent(kind);

/** A space is told one thing of an alert: that which may have been posted, else what was owed first. */
function oncePerAlert(waiting: readonly Notice[]): readonly Notice[] {
  const unsureFirst = [...waiting].sort((a, b) => Number(b.maybeSent) - Number(a.maybeSent) || a.id - b.id);
  const seen = new Set<number>();
  return unsureFirst.filter((notice) => {
    const isRepeated = isOfAlert(notice) && seen.has(notice.alertId);
    if (isOfAlert(notice)) seen.add(notice.alertId);
    return !isRepeated;
  });
}

/** As what a notice is to be told now; undefined when there is nothing to tell any more. */
async function kindNow(step: Step, notice: Notice, present: Present): Promise<NoticeKind | undefined> {
  if (isOfAlert(notice)) return alertKindNow(notice, present);
  if (notice.maybeSent) return notice.kind;
  const { room, line, alerts } = present;
  const isOwed = async (): Promise<boolean> => {
    if (notice.kind === "escalation") return isUntaken(alerts.get(notice.alertId));
    if (notice.kind === "storm-end")
      return line.storm !== undefined && isOver(line.storm, step.timings, step.now);
    if (room === undefined) return true;
    const reader = { room, line, now: step.now };
    if (notice.kind === "reminder") return (await aboutReminder(step.tx, reader)).length > 0;
    if (notice.kind === "catch-up") return (await aboutCatchUp(step.tx, reader)).length > 0;
    return true;
  };
  return (await isOwed()) ? notice.kind : undefined;
}

const isUntaken = (alert: Alert | undefined): boolean =>
  alert !== undefined && isUnattended(alert, { state: "open" });

function alertKindNow({ alertId, kind, maybeSent }: Notice, present: Present): AlertNotice | undefined {
  const alert = present.alerts.get(alertId);
  if (alert === undefined || present.beliefs === undefined) return undefined;
  const owed = present.beliefs.owed(alert);
  if (owed !== undefined || !maybeSent) return owed;
  return repeated(kind, alert, present.beliefs.told(alert));
}

/** What may have been posted is said again, as it is now: it may be that the space believes what is not so any more. */
function repeated(kind: NoticeKind, alert: Alert, told: Announced | undefined): AlertNotice {
  if (told === undefined) return "alert";
  const state = stateOf(alert);
  if (state !== "open") return state === "closed" ? "recovery" : "flapping";
  if (kind === "flapping") return "steady";
  return kind === "retry" || kind === "steady" ? kind : "reopen";
}

/** Ends every lease; what was under way may have been posted. Returns how many. */
export async function releaseLines(step: Step): Promise<number> {
  const held = await step.tx
    .selectFrom("lines")
    .select("target")
    .where("holder", "is not", null)
    .orderBy("target")
    .execute();
  for (const { target } of held) {
    await reclaim(step, target);
    await writeLine(step, target, UNHELD);
    await reschedule(step, target);
  }
  return held.length;
}

export async function readNextDue(db: Kysely<Tables>): Promise<number | undefined> {
  const next = await db
    .selectFrom("lines")
    .select(({ fn, case: when, ref }) =>
      fn
        .min<number | null>(
          when().when("holder", "is not", null).then(ref("leasedUntil")).else(ref("dueAt")).end(),
        )
        .as("at"),
    )
    .where("suspendedAt", "is", null)
    .executeTakeFirst();
  return next?.at ?? undefined;
}

export async function readState(db: Kysely<Tables>): ReturnType<Outbox["state"]> {
  const rows = await db
    .selectFrom("outbox")
    .select(["state", ({ fn }) => fn.countAll<number>().as("count")])
    .select(({ fn }) => fn.min("owedAt").as("oldestAt"))
    .where("state", "in", ["pending", "claimed", "transient", "dead"])
    .groupBy("state")
    .execute();
  const waiting = rows.filter(({ state }) => state === "pending" || state === "claimed");
  const countOf = (asked: string) => rows.find(({ state }) => state === asked)?.count ?? 0;
  return {
    waiting: countOf("pending") + countOf("claimed"),
    ...(waiting.length > 0 && { oldestAt: Math.min(...waiting.map(({ oldestAt }) => oldestAt)) }),
    transient: countOf("transient"),
    dead: countOf("dead"),
  };
}
