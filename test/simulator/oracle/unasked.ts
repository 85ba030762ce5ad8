import type { Observed, Rejection, Watcher } from "./observed.ts";
import type { Form, Reading } from "./read-message.ts";
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
const ASKED_FORMS: readonly Form[] = ["alerts", "verify", "preview"];

/** Where Webex rejects an edit, the answer to a press is a reply, and where it rejects the thread, a message outside of it. */
export function isAnswer(observed: Observed, { presses = [] }: Watcher, version: Version): boolean {
  const { roomId, isReply, createdAt, reading } = version;
  if (ASKED_FORMS.includes(reading.form)) return true;
  const askedAt = presses.find((at) => createdAt >= at && createdAt < at + ANSWER_MS);
  if (askedAt === undefined) return isLateAnswer(observed, presses, version);
  if (isNewsOf(reading) && wasAnswered(observed, roomId, askedAt)) return false;
  const isSame = (one: Rejection) => one.roomId === roomId && one.reading.firstLine === reading.firstLine;
  return (
    isReply || observed.rejections.some((one) => one.isReply && isSame(one) && one.at >= askedAt && one.at <= createdAt)
  );
}

/** A reply that is in no form of a notice, `Ana Lima acknowledged alert 4`, is the answer to the press, so that others are not. */
const wasAnswered = ({ reader }: Observed, roomId: string, askedAt: number): boolean =>
  reader
    .versions(roomId)
    .some(
      ({ isReply, isEdit, createdAt, reading }) =>
        isReply && !isEdit && reading.form === "other" && createdAt >= askedAt && createdAt < askedAt + ANSWER_MS,
    );

/** Webex kept the answer back for long. It is a reply that has the same alerts as its card. */
function isLateAnswer({ reader, delays }: Observed, presses: readonly number[], version: Version): boolean {
  const { roomId, threadId, createdAt, reading } = version;
  if (presses.every((at) => at > createdAt || delays.isSure(at, createdAt, ANSWER_MS))) return false;
  const card = reader.versions(roomId).findLast(({ id, at }) => id === threadId && at < createdAt);
  const alerts = alertsOf(reading);
  return (
    alerts.length > 0 && card !== undefined && String(alerts) === String(alertsOf(card.reading)) && !isNewsOf(reading)
  );
}

const alertsOf = ({ statements }: Reading): readonly number[] =>
  statements.flatMap(({ alert }) => alert ?? []).toSorted((a, b) => a - b);

/** A single line about a change is news, also in the thread of its card. */
const isNewsOf = ({ form, statements }: Reading): boolean =>
  form === "single" && statements.some(({ claim }) => claim !== "open");
