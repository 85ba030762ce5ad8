import type { Flush } from "../domain/alerting.ts";
import { afterSetback, isCover, type Setback } from "../domain/notices/outbox.ts";
import { spaceOf } from "../domain/notices/watch.ts";
import {
  AT_REST,
  type LineChange,
  lockLine,
  oweAnew,
  report,
  reportDead,
  reschedule,
  targetText,
  UNHELD,
  writeLine,
  writeNotices,
} from "./queue.ts";
import { settleRoom } from "./reconcile.ts";
import { readRoom } from "./room-state.ts";
import { cover } from "./summary-notices.ts";
import type { Step } from "./transaction.ts";

/** For how long a space is left alone that must not hear of customers now. */
const WITHHOLD_MS = 60_000;

/** What becomes of a message that did not get through (ALERTS 29). */
export async function recordSetback(
  step: Step,
  flush: Flush,
  { setback, jitter }: { readonly setback: Setback; readonly jitter: number },
): Promise<"again" | "dead" | "suspended"> {
  const { now } = step;
  const line = await lockLine(step, targetText(flush.target));
  if (line.holder !== flush.holder) return "again";
  const tried = { attempts: line.attempts + 1, since: line.triedSince ?? now };
  const after = afterSetback(setback, { ...tried, now }, jitter);
  if (after.next === "again") {
    // Only a try that failed of itself counts: neither patience nor the bot's own token are the message's fault.
    const counted = setback.kind === "passing" && { attempts: tried.attempts, triedSince: tried.since };
    const change = { retryAt: after.at, ...counted };
    await giveBack(step, flush, { change, unsure: setback.kind === "passing" && setback.unsure });
    return "again";
  }
  const isSuspended =
    after.next === "suspend" &&
    "roomId" in flush.target &&
    (await suspendRoom(step, flush.target.roomId, "refused"));
  if (isSuspended) return "suspended";
  await bury(step, flush, setback);
  return "dead";
}

/** Customer data must not go there now. True the first time, until something was delivered. */
export async function recordWithheld(step: Step, flush: Flush): Promise<boolean> {
  const { now } = step;
  const line = await lockLine(step, targetText(flush.target));
  if (line.holder !== flush.holder) return false;
  const change = { retryAt: now + WITHHOLD_MS, withheldAt: line.withheldAt ?? now };
  await giveBack(step, flush, { change, unsure: false });
  return line.withheldAt === null;
}

interface GivenBack {
  readonly change: LineChange;
  /** Whether it may have been posted all the same. */
  readonly unsure: boolean;
}

async function giveBack(step: Step, flush: Flush, { change, unsure }: GivenBack): Promise<void> {
  const target = targetText(flush.target);
  const ids = flush.notices.map(({ id }) => id);
  await writeNotices(
    step,
    { ids, from: ["claimed"] },
    { state: "pending", claimedAt: null, ...(unsure && { maybeSent: 1 }) },
  );
  await writeLine(step, target, { ...UNHELD, ...change });
  await reschedule(step, target);
}

/** Given up: the ops room must know, as nobody else will hear of it. */
async function bury(step: Step, flush: Flush, { kind }: Setback): Promise<void> {
  const target = targetText(flush.target);
  const ids = flush.notices.map(({ id }) => id);
  await writeNotices(step, { ids, from: ["claimed"] }, { state: "dead" });
  const endsStorm = flush.notices.some(({ kind: owed }) => owed === "storm-end");
  await writeLine(step, target, { ...AT_REST, ...(endsStorm && { storm: null }) });
  // What it stood for is told bit by bit.
  if ("roomId" in flush.target && flush.notices.some((one) => isCover(one.kind)))
    await settleRoom(step, flush.target.roomId);
  await reschedule(step, target);
  await reportDead(step, flush, kind);
}

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
