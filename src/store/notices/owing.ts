import type { Flush } from "../../domain/alerting.ts";
import type { Says, Setback } from "../../domain/notices/outbox.ts";
import { lockLine } from "./lines.ts";
import { type Owed, writeOwed } from "./rows.ts";
import { schedule } from "./schedule.ts";
import type { Step } from "./step.ts";
import { targetText } from "./targets.ts";

/** Says anew when the next message to a target is due. */
export const reschedule = ({ tx, timings }: Step, target: string): Promise<void> =>
  schedule(tx, target, timings);

/** Owes this once, and sees to it that it goes out; false when it was owed before. */
export async function owe(step: Step, owed: Owed): Promise<boolean> {
  await lockLine(step, targetText(owed.target));
  const isNew = await writeOwed(step, owed);
  if (isNew) await reschedule(step, targetText(owed.target));
  return isNew;
}

/** Owes it whatever was owed before: several spaces may be lost, or scopes unseen, in one millisecond. */
export async function oweAnew(step: Step, owed: Omit<Owed, "generation">): Promise<void> {
  let generation = step.now;
  while (!(await owe(step, { ...owed, generation }))) generation += 1;
}

/** Tells the ops room, if there is one. */
export async function report(step: Step, says: Says): Promise<void> {
  if (step.opsRoomId === undefined) return;
  await oweAnew(step, { target: { roomId: step.opsRoomId }, kind: "report", says });
}

const REASONS: Readonly<Record<Setback["kind"], string>> = {
  busy: "Webex was too busy for it.",
  passing: "Webex did not take it for 24 hours.",
  refused: "Webex refused it, as a card and as plain text.",
  unauthorized: "Webex refused the bot's token.",
  gone: "Webex says that there is no such space or person, or that the bot is not in it.",
};

/** A message that was given up. About one to the ops room itself, the ops room is not told: that would be given up as well. */
export async function reportDead(step: Step, flush: Flush, why: Setback["kind"]): Promise<void> {
  const { target, notices } = flush;
  const roomId = "roomId" in target ? target.roomId : undefined;
  if (roomId !== undefined && roomId === step.opsRoomId) return;
  const kinds = [...new Set(notices.map(({ kind }) => kind))].join(", ");
  const numbers = notices.flatMap(({ alertId }) => (alertId === 0 ? [] : [`#${alertId}`]));
  await report(step, {
    lines: [
      "A message was given up",
      roomId === undefined ? "It was for a person." : `It was for the space ${roomId}.`,
      `It told of: ${[kinds, ...numbers.slice(0, 10)].join(" ")}${numbers.length > 10 ? " and more" : ""}.`,
      REASONS[why],
    ],
    ...(roomId !== undefined && { roomId }),
  });
}
