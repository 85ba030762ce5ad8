import type { Selectable } from "kysely";
import { dueAt, type Waiting } from "../domain/notices/group.ts";
import { readLine, writeLine } from "./outbox-lines.ts";
import type { Step } from "./outbox-step.ts";
import type { Tables } from "./schema.ts";

/** When the next message to a target is due, from what waits for it now (ALERTS 20, 27). Its line is locked already. */
export async function schedule(
  step: Step,
  target: string,
  line: Pick<Selectable<Tables["lines"]>, "flushedAt" | "retryAt" | "storm">,
): Promise<void> {
  const { tx, timings } = step;
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
    quiet: group?.regression === 1 && (await isQuiet(step, target)),
  };
  await writeLine(step, target, {
    dueAt: dueAt(readLine(line), waiting, timings) ?? null,
    first: urgent?.blind === 1 ? 1 : 0,
  });
}

/** Whether nothing that this space was told of is open. */
async function isQuiet({ tx }: Step, roomId: string): Promise<boolean> {
  const open = await tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .limit(1)
    .executeTakeFirst();
  return open === undefined;
}
