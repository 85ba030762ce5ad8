import { spaceOf } from "../../domain/notices/watch.ts";
import { cover } from "./covers.ts";
import { AT_REST, lockLine, writeLine } from "./lines.ts";
import { oweAnew, report } from "./owing.ts";
import { readRoom } from "./reading.ts";
import type { Step } from "./step.ts";

const CAUSES = {
  removed: "The bot was removed from it.",
  refused: "Webex refuses messages to it.",
} as const;

/** Lets a space's watches rest, and tells who set them up, once (ALERTS 29). False when it has none. */
export async function suspendRoom(step: Step, roomId: string, why: keyof typeof CAUSES): Promise<boolean> {
  const { tx, now } = step;
  const line = await lockLine(step, roomId);
  const { watches } = await readRoom(tx, roomId);
  if (watches.length === 0) return false;
  // What it is owed by the time it is back, a baseline says.
  await tx
    .deleteFrom("outbox")
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .execute();
  if (line.suspendedAt !== null) return true;
  await writeLine(step, roomId, { ...AT_REST, dueAt: null, first: 0, storm: null, suspendedAt: now });
  const owners = [...new Set(watches.map(({ ownerId }) => ownerId))].sort();
  const space = spaceOf(watches);
  const says = { since: now, cause: why, roomId, space };
  for (const personId of owners) await oweAnew(step, { target: { personId }, kind: "suspended", says });
  const itIs = space !== undefined ? `It is “${space}”, ${roomId}.` : `It is ${roomId}.`;
  await report(step, {
    lines: ["A space cannot be reached", itIs, CAUSES[why], restingOf(watches.length)],
    roomId,
  });
  return true;
}

const restingOf = (watches: number) =>
  watches === 1
    ? "Its watch rests until the bot is back in it."
    : `Its ${watches} watches rest until the bot is back in it.`;

/** The watches of a space that the bot is back in go on, from what is so now. */
export async function resumeRoom(step: Step, roomId: string): Promise<void> {
  const { tx } = step;
  const { numUpdatedRows } = await tx
    .updateTable("lines")
    .set({ ...AT_REST, suspendedAt: null, withheldAt: null })
    .where("target", "=", roomId)
    .where("suspendedAt", "is not", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const watch = await tx
    .selectFrom("watches")
    .select("number")
    .where("roomId", "=", roomId)
    .limit(1)
    .executeTakeFirst();
  if (watch !== undefined) await cover(step, roomId, "baseline");
}
