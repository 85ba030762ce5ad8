import type { Observed, Rejection, Watcher } from "./observed.ts";
import type { Form } from "./read-message.ts";
import type { Version } from "./room-reader.ts";

/** How long the answer to a press may be under way. */
const ANSWER_MS = 30_000;

/** The messages that a room got by then without asking, as they were posted. */
export function unaskedPosts(observed: Observed, watcher: Watcher, until: number): readonly Version[] {
  return observed.reader
    .versions(watcher.roomId)
    .filter((version) => !version.isEdit && !isAnswer(observed, watcher, version) && version.at <= until);
}

/** The forms that only a question brings. */
const ANSWERS: readonly Form[] = ["alerts", "verify", "preview"];

/** Where Webex rejects an edit, the answer to a press is a reply, and where it rejects the thread, a message outside of it. */
export function isAnswer({ rejections }: Observed, { presses = [] }: Watcher, version: Version): boolean {
  const { roomId, isReply, createdAt, reading } = version;
  if (ANSWERS.includes(reading.form)) return true;
  const askedAt = presses.find((at) => createdAt >= at && createdAt < at + ANSWER_MS);
  if (askedAt === undefined) return false;
  const isSame = (one: Rejection) => one.roomId === roomId && one.reading.firstLine === reading.firstLine;
  return isReply || rejections.some((one) => one.isReply && isSame(one) && one.at >= askedAt && one.at <= createdAt);
}
