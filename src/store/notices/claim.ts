import type { ExpressionBuilder, Kysely } from "kysely";
import type { Flush } from "../../domain/alerting.ts";
import { planOf } from "../../domain/notices/group.ts";
import type { Lease } from "../claims.ts";
import type { Tables } from "../schema.ts";
import { loadFlush, type Taken } from "./flush.ts";
import { findLine, readLine, writeLine } from "./lines.ts";
import { reschedule } from "./owing.ts";
import { readRoom } from "./reading.ts";
import { review } from "./review.ts";
import { writeNotices } from "./rows.ts";
import { inStep, type OutboxDeps, type Step } from "./step.ts";
import { roomOf } from "./targets.ts";

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
