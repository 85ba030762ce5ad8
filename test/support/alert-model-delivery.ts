import type { Alert } from "../../src/domain/alerts/alert.ts";
import {
  isRegression,
  type MessagePlan,
  nextDueAt,
  planMessage,
  type QueueContents,
} from "../../src/domain/alerts/grouping.ts";
import { type DeliveryFailure, decideRetry, isSummaryNotice, isUrgent } from "../../src/domain/alerts/notice.ts";
import { desiredState, type NotifiedState, notifiedStateOf } from "../../src/domain/alerts/reconcile.ts";
import { nextReminderAt } from "../../src/domain/alerts/schedule.ts";
import {
  type AlertModel,
  alertContext,
  type ModelNotice,
  type ModelQueue,
  notifiedOf,
  queuedFor,
  reconcile,
} from "./alert-model.ts";
import { dueReminders } from "./alert-model-commands.ts";

/** What goes out of a book. Between `claim`, the POST, and `delivered` anything may happen (ALERTS 28). */

/** A message under way: all that it says, as of the moment it was claimed. */
export interface OutgoingMessage {
  readonly roomId: string;
  readonly form: MessagePlan["form"];
  readonly notices: readonly ModelNotice[];
  readonly alerts: readonly Alert[];
  /** What the space was told of them before. */
  readonly notified: readonly NotifiedState[];
  readonly claimedAt: number;
  /** It did not wait for the next window. */
  readonly skippedWindow: boolean;
}

/** Takes up the next message to a space, if one is due, and holds it against the present once more (ALERTS 26). */
export function claim(
  before: AlertModel,
  roomId: string,
): { readonly book: AlertModel; readonly sending?: OutgoingMessage } {
  const book = reconcile(before);
  const rows = queuedFor(book, roomId);
  if (rows.some(({ state }) => state === "claimed")) return { book };
  // Before everything was read for the first time, nobody knows what is in error already.
  const ready = rows.filter(({ kind }) => !isSummaryNotice(kind) || book.visibility.completeAt !== undefined);
  const line = queueOf(book, roomId);
  const due = nextDueAt(line, waitingSummary(book, roomId, ready), book.timings);
  const plan = planMessage(ready, line.storm);
  if (due === undefined || due > book.now || plan === undefined) return { book };
  const nextWindow = (line.lastGroupSentAt ?? Number.NEGATIVE_INFINITY) + book.timings.intervalMs;
  const ids = new Set(plan.notices.map(({ id }) => id));
  const notices = ready.filter(({ id }) => ids.has(id));
  const alerts = alertsInMessage(book, roomId, notices);
  const isTold = (one: NotifiedState) => one.roomId === roomId && alerts.some(({ id }) => id === one.alertId);
  return {
    book: {
      ...book,
      outbox: book.outbox.map((row) => (ids.has(row.id) ? { ...row, state: "claimed" } : row)),
    },
    sending: {
      roomId,
      form: plan.form,
      notices,
      alerts,
      notified: book.notified.filter(isTold),
      claimedAt: book.now,
      skippedWindow: book.now < nextWindow,
    },
  };
}

/** It was posted: what it said is announced, and what has changed meanwhile is owed (ALERTS 28). */
export function delivered(book: AlertModel, sending: OutgoingMessage): AlertModel {
  const { roomId, notices, alerts } = sending;
  const news = alerts.map((alert) => notifiedAfter(book, sending, alert));
  const isOld = (one: NotifiedState) => news.some(({ alertId }) => one.roomId === roomId && one.alertId === alertId);
  const said = new Set(notices.map(({ id }) => id));
  return reconcile({
    ...book,
    notified: [...book.notified.filter((one) => !isOld(one)), ...news],
    outbox: book.outbox.filter(({ id }) => !said.has(id)),
    queues: { ...book.queues, [roomId]: queueAfter(book, sending) },
  });
}

/** It was not, or may not have been (ALERTS 29). */
export function deliveryFailed(
  book: AlertModel,
  { roomId, notices }: OutgoingMessage,
  setback: DeliveryFailure,
  jitter: number,
): AlertModel {
  const { attempts, failingSince = book.now, ...line } = queueOf(book, roomId);
  const tried = attempts + (setback.kind === "retryable" ? 1 : 0);
  const after = decideRetry(setback, { attempts: tried, since: failingSince, now: book.now }, jitter);
  const isUnsure = setback.kind === "retryable" && setback.possiblySent;
  const failed = (row: ModelNotice): ModelNotice => ({
    ...row,
    possiblySent: row.possiblySent || isUnsure,
    state: after.next === "dead" ? "dead" : "pending",
  });
  const ids = new Set(notices.map(({ id }) => id));
  const next = after.next === "retry" ? { attempts: tried, failingSince, retryAt: after.at } : { attempts: 0 };
  return reconcile({
    ...book,
    outbox: book.outbox.map((row) => (ids.has(row.id) ? failed(row) : row)),
    queues: { ...book.queues, [roomId]: { ...line, ...next } },
  });
}

/** The process is another one: whatever was under way may have been posted (ALERTS 28). */
export function restart(book: AlertModel): AlertModel {
  const again = (row: ModelNotice): ModelNotice =>
    row.state === "claimed" ? { ...row, state: "pending", possiblySent: true } : row;
  return { ...book, startedAt: book.now, outbox: book.outbox.map(again) };
}

/** Everything that is due now goes out, message by message, with nothing in its way. */
export function deliver(before: AlertModel): {
  readonly book: AlertModel;
  readonly sent: readonly OutgoingMessage[];
} {
  const sent: OutgoingMessage[] = [];
  let book = before;
  for (const { roomId } of before.rooms) {
    for (;;) {
      const taken = claim(book, roomId);
      book = taken.book;
      if (taken.sending === undefined) break;
      sent.push(taken.sending);
      book = delivered(book, taken.sending);
    }
  }
  return { book, sent };
}

export function waitingSummary(book: AlertModel, roomId: string, ready: readonly ModelNotice[]): QueueContents {
  const since = (rows: readonly ModelNotice[]) => Math.min(...rows.map(({ queuedAt }) => queuedAt));
  const urgent = ready.filter(({ kind }) => isUrgent(kind));
  const group = ready.filter(({ kind }) => !isUrgent(kind));
  const isNews = ({ kind }: ModelNotice) => kind === "alert" || kind === "reopen";
  const isWorse = (row: ModelNotice) => book.alerts.some((alert) => alert.id === row.alertId && isRegression(alert));
  return {
    ...(urgent.length > 0 && { urgentAt: since(urgent) }),
    ...(group.length > 0 && { groupAt: since(group) }),
    possiblySent: ready.some(({ possiblySent }) => possiblySent),
    hasRegression: group.some((row) => isNews(row) && isWorse(row)),
    isQuiet: !book.notified.some((one) => one.roomId === roomId && one.state === "open"),
  };
}

/** A cover and a reminder are about all that they stand for; any other message about its notices' alerts. */
function alertsInMessage(book: AlertModel, roomId: string, notices: readonly ModelNotice[]): readonly Alert[] {
  const room = book.rooms.find((one) => one.roomId === roomId);
  if (room === undefined) return [];
  if (notices.some(({ kind }) => kind === "reminder")) return dueReminders(book, room);
  const isCovering = notices.some(({ kind }) => isSummaryNotice(kind));
  return book.alerts.filter((alert) =>
    isCovering
      ? desiredState(alertContext(book, alert), room, book.now) === "open"
      : notices.some(({ alertId }) => alertId === alert.id),
  );
}

/** What a space believes of an alert once this message is in it. */
function notifiedAfter(book: AlertModel, { roomId, notices, claimedAt }: OutgoingMessage, alert: Alert): NotifiedState {
  const known = notifiedOf(book, roomId, alert.id);
  const { remindMs } = book.timings;
  const isReminder = notices.some(({ kind }) => kind === "reminder");
  const isOpening = known === undefined || known.state === "closed";
  const reminded = isOpening ? 0 : known.reminded + (isReminder ? 1 : 0);
  const isCounted = isOpening || isReminder;
  return {
    roomId,
    alertId: alert.id,
    state: notifiedStateOf(alert),
    generation: alert.generation,
    failures: alert.failures,
    messageId: known?.messageId ?? `m${claimedAt}`,
    edits: 0,
    notifiedAt: isOpening ? book.now : known.notifiedAt,
    reminded,
    remindAt: isCounted ? nextReminderAt({ at: book.now, reminded }, remindMs) : known.remindAt,
  };
}

function queueAfter(book: AlertModel, { roomId, form, notices }: OutgoingMessage): ModelQueue {
  const { lastGroupSentAt, storm } = queueOf(book, roomId);
  if (notices.every(({ kind }) => isUrgent(kind)))
    return {
      attempts: 0,
      ...(lastGroupSentAt !== undefined && { lastGroupSentAt }),
      ...(storm && { storm }),
    };
  const { now } = book;
  const isOver = notices.some(({ kind }) => kind === "storm-end");
  const begun = storm ?? { since: now, messageId: `m${now}`, edits: 0, lastAt: now };
  const goesOn = form === "storm" ? { ...begun, lastAt: now } : storm;
  return { attempts: 0, lastGroupSentAt: now, ...(goesOn && !isOver && { storm: goesOn }) };
}

function queueOf(book: AlertModel, roomId: string): ModelQueue {
  return book.queues[roomId] ?? { attempts: 0 };
}
