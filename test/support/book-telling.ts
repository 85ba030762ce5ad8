import type { Alert } from "../../src/domain/alerts/alert.ts";
import { dueAt, isRegression, type Plan, planOf, type Waiting } from "../../src/domain/notices/group.ts";
import { afterSetback, isCover, isUrgent, type Setback } from "../../src/domain/notices/outbox.ts";
import { type Announced, desiredOf, stateOf } from "../../src/domain/notices/reconcile.ts";
import { remindAt } from "../../src/domain/notices/remind.ts";
import { type Book, type BookLine, type Row, settle, standingOf, told, waitingFor } from "./book.ts";
import { unattended } from "./book-asking.ts";

/** What goes out of a book. Between `claim`, the POST, and `delivered` anything may happen (ALERTS 28). */

/** A message under way: all that it says, as of the moment it was claimed. */
export interface Sending {
  readonly roomId: string;
  readonly form: Plan["form"];
  readonly notices: readonly Row[];
  readonly alerts: readonly Alert[];
  /** What the space was told of them before. */
  readonly told: readonly Announced[];
  readonly claimedAt: number;
  /** It did not wait for the next window. */
  readonly hurried: boolean;
}

/** Takes up the next message to a space, if one is due, and holds it against the present once more (ALERTS 26). */
export function claim(before: Book, roomId: string): { readonly book: Book; readonly sending?: Sending } {
  const book = settle(before);
  const rows = waitingFor(book, roomId);
  if (rows.some(({ state }) => state === "claimed")) return { book };
  // Before everything was read for the first time, nobody knows what is in error already.
  const ready = rows.filter(({ kind }) => !isCover(kind) || book.sight.completeAt !== undefined);
  const line = lineOf(book, roomId);
  const due = dueAt(line, waitingOf(book, roomId, ready), book.timings);
  const plan = planOf(ready, line.storm);
  if (due === undefined || due > book.now || plan === undefined) return { book };
  const nextWindow = (line.flushedAt ?? Number.NEGATIVE_INFINITY) + book.timings.intervalMs;
  const ids = new Set(plan.notices.map(({ id }) => id));
  const notices = ready.filter(({ id }) => ids.has(id));
  const alerts = subjects(book, roomId, notices);
  const isTold = (one: Announced) => one.roomId === roomId && alerts.some(({ id }) => id === one.alertId);
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
      told: book.announced.filter(isTold),
      claimedAt: book.now,
      hurried: book.now < nextWindow,
    },
  };
}

/** It was posted: what it said is announced, and what has changed meanwhile is owed (ALERTS 28). */
export function delivered(book: Book, sending: Sending): Book {
  const { roomId, notices, alerts } = sending;
  const news = alerts.map((alert) => announcedAs(book, sending, alert));
  const isOld = (one: Announced) =>
    news.some(({ alertId }) => one.roomId === roomId && one.alertId === alertId);
  const said = new Set(notices.map(({ id }) => id));
  return settle({
    ...book,
    announced: [...book.announced.filter((one) => !isOld(one)), ...news],
    outbox: book.outbox.filter(({ id }) => !said.has(id)),
    lines: { ...book.lines, [roomId]: lineAfter(book, sending) },
  });
}

/** It was not, or may not have been (ALERTS 29). */
export function setBack(book: Book, { roomId, notices }: Sending, setback: Setback, jitter: number): Book {
  const { attempts, triedSince = book.now, ...line } = lineOf(book, roomId);
  const tried = attempts + (setback.kind === "passing" ? 1 : 0);
  const after = afterSetback(setback, { attempts: tried, since: triedSince, now: book.now }, jitter);
  const isUnsure = setback.kind === "passing" && setback.unsure;
  const failed = (row: Row): Row => ({
    ...row,
    maybeSent: row.maybeSent || isUnsure,
    state: after.next === "dead" ? "dead" : "pending",
  });
  const ids = new Set(notices.map(({ id }) => id));
  const next = after.next === "again" ? { attempts: tried, triedSince, retryAt: after.at } : { attempts: 0 };
  return settle({
    ...book,
    outbox: book.outbox.map((row) => (ids.has(row.id) ? failed(row) : row)),
    lines: { ...book.lines, [roomId]: { ...line, ...next } },
  });
}

/** The process is another one: whatever was under way may have been posted (ALERTS 28). */
export function restart(book: Book): Book {
  const again = (row: Row): Row =>
    row.state === "claimed" ? { ...row, state: "pending", maybeSent: true } : row;
  return { ...book, awakeSince: book.now, outbox: book.outbox.map(again) };
}

/** Everything that is due now goes out, message by message, with nothing in its way. */
export function deliver(before: Book): { readonly book: Book; readonly sent: readonly Sending[] } {
  const sent: Sending[] = [];
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

export function waitingOf(book: Book, roomId: string, ready: readonly Row[]): Waiting {
  const since = (rows: readonly Row[]) => Math.min(...rows.map(({ owedAt }) => owedAt));
  const urgent = ready.filter(({ kind }) => isUrgent(kind));
  const group = ready.filter(({ kind }) => !isUrgent(kind));
  const isNews = ({ kind }: Row) => kind === "alert" || kind === "reopen";
  const isWorse = (row: Row) => book.alerts.some((alert) => alert.id === row.alertId && isRegression(alert));
  return {
    ...(urgent.length > 0 && { urgentAt: since(urgent) }),
    ...(group.length > 0 && { groupAt: since(group) }),
    unsure: ready.some(({ maybeSent }) => maybeSent),
    regression: group.some((row) => isNews(row) && isWorse(row)),
    quiet: !book.announced.some((one) => one.roomId === roomId && one.state === "open"),
  };
}

/** A cover and a reminder are about all that they stand for; any other message about its notices' alerts. */
function subjects(book: Book, roomId: string, notices: readonly Row[]): readonly Alert[] {
  const room = book.rooms.find((one) => one.roomId === roomId);
  if (room === undefined) return [];
  if (notices.some(({ kind }) => kind === "reminder")) return unattended(book, room);
  const isCovering = notices.some(({ kind }) => isCover(kind));
  return book.alerts.filter((alert) =>
    isCovering
      ? desiredOf(standingOf(book, alert), room, book.now) === "open"
      : notices.some(({ alertId }) => alertId === alert.id),
  );
}

/** What a space believes of an alert once this message is in it. */
function announcedAs(book: Book, { roomId, notices, claimedAt }: Sending, alert: Alert): Announced {
  const known = told(book, roomId, alert.id);
  const { remindMs } = book.timings;
  const isReminder = notices.some(({ kind }) => kind === "reminder");
  const isOpening = known === undefined || known.state === "closed";
  const reminded = isOpening ? 0 : known.reminded + (isReminder ? 1 : 0);
  const isCounted = isOpening || isReminder;
  return {
    roomId,
    alertId: alert.id,
    state: stateOf(alert),
    generation: alert.generation,
    failures: alert.failures,
    messageId: known?.messageId ?? `m${claimedAt}`,
    edits: 0,
    toldAt: isOpening ? book.now : known.toldAt,
    reminded,
    remindAt: isCounted ? remindAt({ at: book.now, reminded }, remindMs) : known.remindAt,
  };
}

function lineAfter(book: Book, { roomId, form, notices }: Sending): BookLine {
  const { flushedAt, storm } = lineOf(book, roomId);
  if (notices.every(({ kind }) => isUrgent(kind)))
    return { attempts: 0, ...(flushedAt !== undefined && { flushedAt }), ...(storm && { storm }) };
  const { now } = book;
  const isOver = notices.some(({ kind }) => kind === "storm-end");
  const begun = storm ?? { since: now, messageId: `m${now}`, edits: 0, lastAt: now };
  const goesOn = form === "storm" ? { ...begun, lastAt: now } : storm;
  return { attempts: 0, flushedAt: now, ...(goesOn && !isOver && { storm: goesOn }) };
}

function lineOf(book: Book, roomId: string): BookLine {
  return book.lines[roomId] ?? { attempts: 0 };
}
