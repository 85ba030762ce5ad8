import type { Kysely } from "kysely";
import { remindAt } from "../../domain/notices/remind.ts";
import type { Tables } from "../schema.ts";
import { aboutReminder } from "./about.ts";
import { writeAnnounced } from "./announce.ts";
import { lockLine } from "./lines.ts";
import { owe } from "./owing.ts";
import { readRoom } from "./reading.ts";
import { isWaiting } from "./rows.ts";
import { inStep, type OutboxDeps, type Step } from "./step.ts";

/** One reminder for each space in which one is due and none waits (ALERTS 22). */
export async function oweReminders(deps: OutboxDeps, now: number): Promise<void> {
  for (const roomId of await roomsToRemind(deps.db, now))
    await inStep(deps, now, (step) => remindRoom(step, roomId));
}

async function roomsToRemind(db: Kysely<Tables>, now: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("announced")
    .select("roomId")
    .distinct()
    .where("state", "=", "open")
    .where("remindAt", "<=", now)
    .where("roomId", "not in", (is) =>
      is.selectFrom("lines").select("target").where("suspendedAt", "is not", null),
    )
    .where("roomId", "not in", (is) =>
      is
        .selectFrom("outbox")
        .select("target")
        .where("state", "in", ["pending", "claimed"])
        .where("kind", "=", "reminder"),
    )
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}

async function remindRoom(step: Step, roomId: string): Promise<void> {
  const { tx, now, timings } = step;
  const line = await lockLine(step, roomId);
  if (line.suspendedAt !== null || (await isWaiting(tx, roomId, "reminder"))) return;
  const due = await tx
    .selectFrom("announced")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .where("remindAt", "<=", now)
    .execute();
  const untaken = new Set(
    (await aboutReminder(tx, { room: await readRoom(tx, roomId), now })).map(({ id }) => id),
  );
  if (due.some(({ alertId }) => untaken.has(alertId)))
    await owe(step, { target: { roomId }, kind: "reminder", generation: now });
  // The others are looked at again when their next one would be due: somebody may have let go of them by then.
  const taken = due.filter(({ alertId }) => !untaken.has(alertId));
  await writeAnnounced(
    tx,
    taken.map((one) => ({
      ...one,
      remindAt: remindAt({ at: now, reminded: one.reminded }, timings.remindMs),
    })),
  );
}
