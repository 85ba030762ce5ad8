import type { Flush } from "../../domain/alerting.ts";
import { afterSetback, isCover, type Setback } from "../../domain/notices/outbox.ts";
import { AT_REST, type LineChange, lockLine, UNHELD, writeLine } from "./lines.ts";
import { reportDead, reschedule } from "./owing.ts";
import { suspendRoom } from "./rooms-that-rest.ts";
import { writeNotices } from "./rows.ts";
import { settleRoom } from "./settle.ts";
import type { Step } from "./step.ts";
import { targetText } from "./targets.ts";

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
