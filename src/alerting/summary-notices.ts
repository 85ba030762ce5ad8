import type { Scope } from "../domain/customers/sweep.ts";
import type { NoticeKind, Says } from "../domain/notices/outbox.ts";
import { lockLine, schedule } from "./queue.ts";
import { watchingRooms } from "./room-state.ts";
import type { Step } from "./transaction.ts";
import { findSight } from "./visibility.ts";

export type Cover = "baseline" | "catch-up";

/**
 * Owes a space one message that stands for all it would be owed (ALERTS 15, 16), in the place of what waits for it now.
 * Until everything has been read it is held back. A baseline says all that a catch-up would.
 */
export async function cover(step: Step, roomId: string, kind: Cover, says: Says = {}): Promise<void> {
  const { tx, now } = step;
  await lockLine(step, roomId);
  const standing = await tx
    .selectFrom("outbox")
    .select(["id", "kind"])
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "in", ["baseline", "catch-up"])
    .execute();
  if (standing.length > 0 && kind === "catch-up") return;
  if (standing.some((one) => one.kind === "baseline")) return reconsider(step, roomId);
  await tx
    .updateTable("outbox")
    .set({ state: "transient" })
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("maybeSent", "=", 0)
    // What was removed is told by no cover.
    .where((is) =>
      is.or([is.and([is("urgent", "=", 0), is("kind", "!=", "report")]), is("kind", "=", "catch-up")]),
    )
    .execute();
  const isHeld = kind === "catch-up" || (await isUnread(step, roomId));
  await tx
    .insertInto("outbox")
    .values({
      target: roomId,
      kind,
      alertId: 0,
      generation: await nextGeneration(step, roomId, kind),
      state: isHeld ? "held" : "pending",
      urgent: 1,
      regression: 0,
      owedAt: now,
      maybeSent: 0,
      says: JSON.stringify(says),
    })
    .execute();
  await schedule(step.tx, roomId, step.timings);
}

/** The space may see another scope by now, which may or may not have been read. */
async function reconsider(step: Step, roomId: string): Promise<void> {
  await step.tx
    .updateTable("outbox")
    .set({ state: (await isUnread(step, roomId)) ? "held" : "pending" })
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "=", "baseline")
    .where("maybeSent", "=", 0)
    .execute();
  await schedule(step.tx, roomId, step.timings);
}

/** A space that watches nothing any more does not want to hear what it would have begun with. */
export async function uncover(step: Step, roomId: string): Promise<void> {
  await lockLine(step, roomId);
  await step.tx
    .updateTable("outbox")
    .set({ state: "transient" })
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "in", ["baseline", "catch-up"])
    .where("maybeSent", "=", 0)
    .execute();
  await schedule(step.tx, roomId, step.timings);
}

/** Everything has been read: what was held back for that can go. */
export async function releaseCovers(step: Step, scope: Scope): Promise<void> {
  const holding = await step.tx.selectFrom("outbox").select("target").where("state", "=", "held").execute();
  const held = new Set(holding.map(({ target }) => target));
  for (const roomId of (await watchingRooms(step.tx, scope)).filter((one) => held.has(one))) {
    await lockLine(step, roomId);
    await step.tx
      .updateTable("outbox")
      .set({ state: "pending", owedAt: step.now })
      .where("target", "=", roomId)
      .where("state", "=", "held")
      .execute();
    await schedule(step.tx, roomId, step.timings);
  }
}

async function isUnread({ tx }: Step, roomId: string): Promise<boolean> {
  const bound = await tx
    .selectFrom("roomScopes")
    .select("scope")
    .where("roomId", "=", roomId)
    .executeTakeFirst();
  return (await findSight(tx, bound?.scope ?? "")).baselineAt === null;
}

/** Two notices of one kind, and of no alert, within a millisecond are two all the same. Their line is locked. */
export async function nextGeneration({ tx, now }: Step, target: string, kind: NoticeKind): Promise<number> {
  const { last } = await tx
    .selectFrom("outbox")
    .select(({ fn }) => fn.max("generation").as("last"))
    .where("target", "=", target)
    .where("kind", "=", kind)
    .executeTakeFirstOrThrow();
  return Math.max(now, (last ?? 0) + 1);
}
