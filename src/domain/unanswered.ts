import { formatCount, formatTime } from "./views/text.ts";

/** The rules for a question that cannot be answered: for how long it is tried again, and what the space is told. */

/** Events of a person who waits for an answer. */
export function isQuestion({ resource }: { readonly resource: string }): boolean {
  return resource === "messages" || resource === "attachmentActions";
}

/** A message or a press that Webex does not know. Authors delete what they wrote, so this is normal. */
export const GONE = "event.gone";
/** It waited too long: an answer so late would confuse. */
export const LATE = "event.late";
/** The bot made an error. */
export const BUG = "event.bug";

/** An older event is given up, and so is one whose failure may pass and does not. */
export const LONGEST_WAIT_MS = 15 * 60_000;
/** A refusal that should last, and an answer that cannot be read, are odd, and often pass. */
const ODD_MS = 3 * 60_000;
/** A message may be readable only some seconds after its webhook. */
const GONE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;

/** One failed try. */
export interface FailedTry {
  readonly code: string;
  /** Since when each try has failed with this code. */
  readonly since: number;
  /** The same call may succeed later. */
  readonly retryable: boolean;
  /** The answer may have been posted. */
  readonly outcomeUnknown: boolean;
  readonly retryAfterMs?: number;
}

/** Milliseconds until the next try; undefined when the event is given up. @param attempts the number of earlier claims */
export function nextTry(failed: FailedTry, attempts: number, now: number): number | undefined {
  const leftMs = failed.since + patience(failed) - now;
  if (leftMs <= 0) return undefined;
  const pauseMs = Math.max(failed.retryAfterMs ?? 0, Math.min(1_000 * 2 ** attempts, LONGEST_PAUSE_MS));
  return failed.retryable ? pauseMs : Math.min(pauseMs, leftMs);
}

function patience({ code, retryable, outcomeUnknown }: FailedTry): number {
  if (code === BUG) return 0;
  if (code === GONE) return GONE_MS;
  if (retryable) return LONGEST_WAIT_MS;
  // A second answer would be worse than a note that there may be none.
  return outcomeUnknown ? 0 : ODD_MS;
}

/** Why a question was not answered, by the code of its failure. */
export function describeCause(code: string): string {
  if (code === GONE) return "the message no longer exists";
  if (code === LATE) return "it waited longer than 15 min";
  if (code === BUG) return "the bot made an error";
  if (code === "webex.unauthorized") return "Webex refused the bot’s token";
  if (code.startsWith("webex.") || code.startsWith("http.")) return "Webex did not let the bot read or answer it";
  if (code.startsWith("store.")) return "the database did not work";
  return "something outside the bot failed";
}

/** A question that was given up. */
export interface Unanswered {
  /** Of the inbox. */
  readonly eventId: number;
  readonly askedAt: number;
  readonly code: string;
}

/** How many questions one note names. */
const MAX_NAMED = 10;

/** The note to the space: a title, then lines. Not for a question that is gone: its author has deleted it. */
export function unansweredLines(questions: readonly Unanswered[], now: number): readonly [string, ...string[]] {
  const named = questions.map(({ askedAt, code }) => `asked at ${formatTime(askedAt, now)}: ${describeCause(code)}.`);
  const [first = "", ...others] = named;
  if (others.length === 0) return ["A question in this space was not answered", `It was ${first} Please ask again.`];
  const more = named.length - MAX_NAMED;
  return [
    `${formatCount(named.length, "question")} in this space were not answered`,
    ...named.slice(0, MAX_NAMED).map((line) => `One was ${line}`),
    ...(more > 0 ? [`And ${formatCount(more, "more question")}.`] : []),
    "Please ask again.",
  ];
}
