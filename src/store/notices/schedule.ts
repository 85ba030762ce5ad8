import type { Transaction } from "kysely";
import { dueAt, type Timings, type Waiting } from "../../domain/notices/group.ts";
import type { Tables } from "../schema.ts";
import { findLine, readLine } from "./lines.ts";

/** When the next message to a target is due, from what waits for it now (ALERTS 20, 27). Its line is locked already. */
export async function schedule(tx: Transaction<Tables>, target: string, timings: Timings): Promise<void> {
  const line = await findLine(tx, target);
  const lanes = await tx
    .selectFrom("outbox")
    .select(({ fn, eb }) => [
      "urgent",
      fn.min("owedAt").as("owedAt"),
      fn.max("maybeSent").as("maybeSent"),
      fn.max("regression").as("regression"),
      fn.max(eb.case().when("kind", "=", "blind").then(1).else(0).end()).as("blind"),
    ])
    .where("target", "=", target)
    .where("state", "=", "pending")
    .groupBy("urgent")
    .execute();
  const urgent = lanes.find((lane) => lane.urgent === 1);
  const group = lanes.find((lane) => lane.urgent === 0);
  const waiting: Waiting = {
    ...(urgent && { urgentAt: urgent.owedAt }),
    ...(group && { groupAt: group.owedAt }),
    unsure: lanes.some(({ maybeSent }) => maybeSent === 1),
    regression: group?.regression === 1,
    quiet: group?.regression === 1 && (await isQuiet(tx, target)),
  };
  const due = dueAt(line === undefined ? {} : readLine(line), waiting, timings) ?? null;
  const first = urgent?.blind === 1 ? 1 : 0;
  // Most of what is settled changes nothing of this.
  if (line?.dueAt === due && line.first === first) return;
  await tx.updateTable("lines").set({ dueAt: due, first }).where("target", "=", target).execute();
}

/** Whether nothing that this space was told of is open. */
async function isQuiet(tx: Transaction<Tables>, roomId: string): Promise<boolean> {
  const open = await tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .limit(1)
    .executeTakeFirst();
  return open === undefined;
}
