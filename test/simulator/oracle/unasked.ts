import { ENDS } from "./beliefs.ts";
import type { Observed, Rejection, Watcher } from "./observed.ts";
import type { Form } from "./read-message.ts";
import type { Version } from "./room-reader.ts";

/** How long the answer to a press may be under way while nothing fails. */
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
export function isAnswer(observed: Observed, { presses = [] }: Watcher, version: Version): boolean {
  const { roomId, isReply, createdAt, reading } = version;
  if (ANSWERS.includes(reading.form)) return true;
  const askedAt = presses.find((at) => createdAt >= at && createdAt < at + ANSWER_MS);
  if (askedAt === undefined) return isLateAnswer(observed, presses, version);
  const isSame = (one: Rejection) => one.roomId === roomId && one.reading.firstLine === reading.firstLine;
  return (
    isReply || observed.rejections.some((one) => one.isReply && isSame(one) && one.at >= askedAt && one.at <= createdAt)
  );
}

/** Webex kept the answer back for long. It says what its card says, or that it is over. */
function isLateAnswer({ reader, delays }: Observed, presses: readonly number[], version: Version): boolean {
  const { roomId, threadId, createdAt, reading } = version;
  if (presses.every((at) => at > createdAt || delays.isSure(at, createdAt, ANSWER_MS))) return false;
  const card = reader.versions(roomId).findLast(({ id, at }) => id === threadId && at < createdAt);
  const claims = new Map(card?.reading.statements.map(({ alert, claim }) => [alert, claim]));
  const { statements } = reading;
  return (
    statements.length > 0 && statements.every(({ alert, claim }) => claims.get(alert) === claim || ENDS.includes(claim))
  );
}
