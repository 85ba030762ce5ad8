import type { MessagePlan, Storm, Timings } from "./group.ts";

/** It ends after two windows without a new alert: 10 quiet minutes, where nobody has set them otherwise (ALERTS 21). */
export function isStormOver(
  { lastAt }: Storm,
  { intervalMs }: Pick<Timings, "intervalMs">,
  now: number,
): boolean {
  return lastAt + 2 * intervalMs <= now;
}

/** The storm there is once a message was posted: begun, gone on, ended, or what it was. */
export function stormAfter(
  storm: Storm | undefined,
  { form, notices }: MessagePlan,
  { messageId, now }: { readonly messageId: string; readonly now: number },
): Storm | undefined {
  if (notices.some(({ kind }) => kind === "storm-end")) return undefined;
  if (form !== "storm") return storm;
  if (storm === undefined) return { since: now, messageId, edits: 0, lastAt: now };
  const hasGrown = notices.some(({ kind }) => kind === "alert" || kind === "reopen");
  // Later digests are replies to the first one, which stays the root of the thread.
  return hasGrown ? { ...storm, lastAt: now } : storm;
}
