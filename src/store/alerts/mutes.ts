import type { Mute } from "../../domain/alerts/mute.ts";
import { lockLine } from "../notices/lines.ts";
import { readRoom } from "../notices/reading.ts";
import { settleRoom } from "../notices/settle.ts";
import type { Step } from "../notices/step.ts";

/** Until it ends, what it means is tracked and not told (ALERTS 23). */
export async function addMute(
  step: Step,
  roomId: string,
  mute: Omit<Mute, "roomId" | "number">,
): Promise<void> {
  await lockLine(step, roomId);
  const number = await nextMute(step, roomId);
  const { from, until } = mute;
  const row = {
    roomId,
    number,
    from,
    until,
    ended: 0,
    mute: JSON.stringify({ ...mute, roomId, number }),
  };
  await step.tx.insertInto("mutes").values(row).execute();
  await settleRoom(step, roomId);
}

/** Its end is now, and what is still open is told as that (ALERTS 23). */
export async function endMute(step: Step, roomId: string, number: number): Promise<void> {
  const { mutes } = await readRoom(step.tx, roomId);
  const meant = mutes.find((one) => one.number === number);
  if (meant === undefined || meant.until <= step.now) return;
  const ended = { ...meant, until: step.now };
  await step.tx
    .updateTable("mutes")
    .set({ until: step.now, ended: 1, mute: JSON.stringify(ended) })
    .where("roomId", "=", roomId)
    .where("number", "=", number)
    .execute();
  await settleRoom(step, roomId);
}

async function nextMute({ tx }: Step, roomId: string): Promise<number> {
  const { last } = await tx
    .selectFrom("mutes")
    .select(({ fn }) => fn.max("number").as("last"))
    .where("roomId", "=", roomId)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}
