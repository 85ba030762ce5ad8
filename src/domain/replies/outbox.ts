import type { OutboxCommand } from "../commands/outbox.ts";
import type { OutboxEntry } from "../ports/alerting.ts";
import { describeCause } from "../unanswered.ts";
import { formatCount, formatDuration } from "../views/text.ts";
import type { NoticeView } from "../views/views.ts";
import type { Reply, ReplyContext } from "./reply.ts";

const MAX_LINES = 20;

/** The messages that wait in the outbox or were given up, with the reason, over all spaces (ALERTS 29). */
export async function replyOutbox({ sendsAgain }: OutboxCommand, { outbox, clock }: ReplyContext): Promise<Reply> {
  const entries = await outbox.contents();
  const view = outboxView(entries, clock());
  if (!sendsAgain) return { view };
  const count = countOf(entries.filter(({ kind }) => kind !== "question"));
  const title = count === 0 ? "Nothing waits" : `${formatCount(count, "notice")}: tried again now`;
  const lines = ["“outbox” shows in a moment what was delivered."];
  return {
    view: { ...view, title, lines, facts: [], buttons: [{ title: "Outbox", command: "outbox" }] },
    changes: [{ kind: "alerting", change: { kind: "send again" } }],
  };
}

function outboxView(entries: readonly OutboxEntry[], now: number): NoticeView {
  const questions = entries.filter(({ kind }) => kind === "question");
  const notices = entries.filter(({ kind }) => kind !== "question");
  const dead = notices.filter(({ state }) => state === "dead");
  const others = notices.filter(({ state }) => state !== "dead");
  const lines = [
    ...[...dead, ...others].map((entry) => describeEntry(entry, now)),
    ...questions.map((entry) => describeQuestions(entry, now)),
  ];
  const more = lines.length - MAX_LINES;
  const sendAgain = { title: "Send again", command: "outbox now", main: true };
  return {
    kind: "notice",
    tone: dead.length + questions.length > 0 ? "warning" : "info",
    title: `${titleOf(countOf(dead), countOf(others))}${unansweredSuffix(countOf(questions))}`,
    lines: [...lines.slice(0, MAX_LINES), ...(more > 0 ? [`And ${formatCount(more, "more line")}.`] : [])],
    facts: [],
    buttons: [...(notices.length === 0 ? [] : [sendAgain]), { title: "Refresh", command: "outbox" }],
  };
}

const countOf = (entries: readonly OutboxEntry[]): number => entries.reduce((sum, { count }) => sum + count, 0);

function titleOf(dead: number, waiting: number): string {
  if (dead === 0) return waiting === 0 ? "Nothing waits" : `${formatCount(waiting, "notice")} waiting, none given up`;
  return `${formatCount(dead, "notice")} could not be delivered, ${waiting} waiting`;
}

const unansweredSuffix = (count: number): string =>
  count === 0 ? "" : `; ${formatCount(count, "question")} not answered`;

/** `Not answered: War room: 2 × question, since 3 h: the bot made an error.` */
function describeQuestions({ recipient, count, since, cause = "" }: OutboxEntry, now: number): string {
  return `Not answered: ${recipient}: ${count} × question, since ${formatDuration(now - since)}: ${describeCause(cause)}.`;
}

/** `Given up: War room: 2 × alert (7, 8), since 3 h: Webex refused it. Next try in 40 min.` */
function describeEntry(entry: OutboxEntry, now: number): string {
  const { state, recipient, kind, count, alertIds, since, nextTryAt } = entry;
  const numbers = alertIds.length === 0 ? "" : ` (${alertIds.join(", ")}${count > alertIds.length ? ", …" : ""})`;
  const what = `${recipient}: ${count} × ${kind}${numbers}, since ${formatDuration(now - since)}`;
  const next = nextTryAt === undefined ? "" : ` Next try in ${formatDuration(Math.max(0, nextTryAt - now))}.`;
  const cause = CAUSES[entry.cause ?? ""] ?? (state === "dead" ? "not delivered" : undefined);
  return `${STATES[state]}: ${what}${cause === undefined ? "" : `: ${cause}`}.${next}`;
}

const STATES: Readonly<Record<OutboxEntry["state"], string>> = {
  dead: "Given up",
  held: "Waits for a complete reading",
  waiting: "Waits",
};

const CAUSES: Readonly<Record<string, string>> = {
  guests: "a guest is in the space",
  busy: "Webex was too busy",
  retryable: "Webex did not accept it for 24 h",
  rejected: "Webex refused it, as a card and as plain text",
  unauthorized: "Webex refused the bot’s token",
  gone: "the space or person does not exist, or the bot is not in the space",
};
