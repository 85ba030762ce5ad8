import type { Blindness } from "../../domain/alerts/blind.ts";
import type { Scope } from "../../domain/customers/sweep.ts";
import type { Says } from "../../domain/notices/outbox.ts";
import { lockLine } from "../notices/lines.ts";
import { oweAnew } from "../notices/owing.ts";
import { schedule } from "../notices/schedule.ts";
import type { Step } from "../notices/step.ts";
import { watchingRooms } from "../notices/watching.ts";

/** Whoever was told that the bot cannot see is told that it can again; whoever was about to be is not (ALERTS 31). */
export async function tellSight(step: Step, scope: Scope, blind: Blindness, changes: number): Promise<void> {
  const rooms = new Set(await watchingRooms(step.tx, scope));
  if (step.opsRoomId !== undefined) rooms.add(step.opsRoomId);
  const says = { awayMs: step.now - blind.since, since: blind.since, changes, scope };
  for (const roomId of [...rooms].sort()) {
    const { suspendedAt } = await lockLine(step, roomId);
    const wasTold = await forgetBlindness(step, roomId, { scope, since: blind.since });
    if (wasTold && suspendedAt === null) await oweAnew(step, { target: { roomId }, kind: "sight", says });
    await schedule(step.tx, roomId, step.timings);
  }
}

/** Of this scope alone: the ops room hears of all. True when it was told, or may have been. */
export async function forgetBlindness(
  { tx }: Step,
  target: string,
  { scope, since }: { readonly scope: Scope; readonly since: number },
): Promise<boolean> {
  const rows = await tx
    .selectFrom("outbox")
    .select(["id", "state", "maybeSent", "owedAt", "says"])
    .where("target", "=", target)
    .where("kind", "=", "blind")
    .where("state", "in", ["pending", "claimed", "sent"])
    .execute();
  const those = rows.filter(({ says }) => readSays(says).scope === scope);
  const untold = those.filter(({ state, maybeSent }) => state === "pending" && maybeSent === 0);
  for (const { id } of untold)
    await tx.updateTable("outbox").set({ state: "transient" }).where("id", "=", id).execute();
  return those.some((row) => !untold.includes(row) && row.owedAt >= since);
}

const readSays = (json: string): Says => JSON.parse(json);
