import type { AuditEntry } from "../domain/audit.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { Outbox } from "../domain/ports/alerting.ts";
import type { Presence } from "../domain/ports/messaging.ts";
import type { Clock, FaultLog, Log } from "../domain/ports/runtime.ts";
import type { EventEnd, Inbox, InboxEvent } from "../domain/ports/store.ts";
import {
  BUG,
  describeCause,
  type FailedTry,
  GONE,
  isQuestion,
  LATE,
  LONGEST_WAIT_MS,
  nextTry,
} from "../domain/unanswered.ts";
import { Failure } from "../errors.ts";
import type { Answers } from "./answer.ts";
import type { UnderWay } from "./under-way.ts";

interface EventHandlerDeps {
  /** Reads a stored event; undefined when it is of no interest to the bot. */
  readonly readEvent: (event: InboxEvent) => Promise<InboundEvent | undefined>;
  readonly answers: Answers;
  /** Records that a room may, or may not, see customer data in spite of guests. */
  readonly allow: (roomId: string, allowed: boolean, audit: AuditEntry) => Promise<void>;
  readonly outbox: Pick<Outbox, "suspend" | "resume">;
  /** True if the bot is in the room, by Webex; undefined where Webex does not answer. */
  readonly isMember: Presence["isMember"];
  readonly handleRoomMigration: (newRoomId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Less than the day for which the inbox knows answered events. */
const OLDEST_MS = 23 * 60 * 60_000;

/** Reads one event and carries out what follows from it; returns what is recorded with its end. */
export function createEventHandler({
  readEvent,
  answers,
  allow,
  outbox,
  isMember,
  handleRoomMigration,
  clock,
  log,
}: EventHandlerDeps) {
  return async function handle(event: InboxEvent): Promise<EventEnd> {
    const inbound = await readEvent(event);
    if (inbound === undefined) {
      log.info("event.ignored", { resource: event.resource });
      return {};
    }
    switch (inbound.kind) {
      case "request":
        // The inbox no longer knows whether it was answered: somebody may have sent the webhook again.
        if (!(clock() - inbound.at < OLDEST_MS)) {
          log.warn("event.too_old", { resource: event.resource });
          return { audit: unanswered(event, "it was older than 23 h") };
        }
        // A space that is heard can be reached (ALERTS 29).
        await outbox.resume(inbound.roomId, inbound.at);
        return answers.answer(inbound, event);
      case "added":
        await outbox.resume(inbound.roomId, clock());
        return answers.greet(inbound);
      case "removed":
        await leave(inbound.roomId, event);
        return {};
      case "migrated":
        await handleRoomMigration(inbound.roomId);
        return {};
    }
  };

  async function leave(roomId: string, event: InboxEvent): Promise<void> {
    // Anybody with the webhook secret can forge the event, or send an old one again.
    if (await isMember(roomId)) return log.warn("event.untrue", { resource: event.resource });
    // When the bot is added again, other people may be in the space.
    await allow(roomId, false, leftRoom(event));
    await outbox.suspend(roomId, "removed", clock());
    log.info("room.left");
  }
}

export interface ProcessEventDeps {
  readonly inbox: Inbox;
  readonly outbox: Pick<Outbox, "reportUnanswered">;
  readonly log: FaultLog;
  readonly clock: Clock;
  /** The process that has claimed the event. */
  readonly holder: string;
  /** Milliseconds until the sender may be answered again; 0 if now. */
  readonly waitForTurn: (event: InboxEvent) => Promise<number>;
  readonly handleEvent: (event: InboxEvent) => Promise<EventEnd>;
  readonly underWay: Pick<UnderWay, "giveUp">;
}

/**
 * Handles one claimed event: it is answered, postponed, or given up. What was given up is shown by `outbox`, and the space is
 * told, so that no question is lost without a word.
 */
export function createProcessEvent(deps: ProcessEventDeps): (event: InboxEvent) => Promise<void> {
  const { inbox, log, clock, holder, waitForTurn, handleEvent } = deps;
  return async function processEvent(event) {
    const ageMs = clock() - event.receivedAt;
    if (ageMs > LONGEST_WAIT_MS) {
      const { id, resource, attempts } = event;
      log.warn("inbox.dropped", { id, resource, attempts, ageSeconds: Math.round(ageMs / 1000) });
      return giveUp(deps, event, LATE);
    }
    const turnMs = await waitForTurn(event);
    if (turnMs > 0) return inbox.postpone(event.id, holder, clock() + turnMs, event.failure);
    let end: EventEnd;
    try {
      end = await handleEvent(event);
    } catch (error) {
      return tryAgain(deps, event, error);
    }
    log.working("answer.postponed");
    await inbox.done(event.id, clock(), end);
  };
}

/** Postpones an event that failed, or gives it up. */
async function tryAgain(deps: ProcessEventDeps, event: InboxEvent, error: unknown): Promise<void> {
  const { inbox, log, clock, holder } = deps;
  const fields = { id: event.id, resource: event.resource, attempts: event.attempts };
  const failed = failedTry(error, event, clock());
  const waitMs = nextTry(failed, event.attempts, clock());
  if (waitMs === undefined) {
    if (failed.code === GONE) log.info("event.gone", fields);
    else log.error("answer.failed", { ...fields, error });
    return giveUp(deps, event, failed.code);
  }
  log.failing("answer.postponed", { ...fields, waitMs, error });
  const { code, since } = failed;
  return inbox.postpone(event.id, holder, clock() + waitMs, { code, since });
}

/** First the note, which is the same one if this is done again after a crash. */
async function giveUp(
  { inbox, outbox, underWay, clock }: ProcessEventDeps,
  event: InboxEvent,
  code: string,
): Promise<void> {
  const now = clock();
  if (isQuestion(event) && code !== GONE)
    await outbox.reportUnanswered(event.roomId, { eventId: event.id, askedAt: event.receivedAt, code }, now);
  await underWay.giveUp(event);
  await inbox.giveUp(event.id, code, now, isQuestion(event) ? unanswered(event, describeCause(code)) : undefined);
}

/** A row of an event of which only this is known. */
function bareEntry({
  id,
  roomId,
  senderId,
}: InboxEvent): Omit<AuditEntry, "role" | "command" | "text" | "outcome" | "because"> {
  const person = senderId === undefined ? {} : { person: { personId: senderId, name: "", email: "" } };
  return { eventId: id, ...person, roomId, space: "", scope: "", isPress: false };
}

const unanswered = (event: InboxEvent, because: string): AuditEntry => ({
  ...bareEntry(event),
  role: "unknown",
  command: "",
  text: "",
  isPress: event.resource === "attachmentActions",
  outcome: "unanswered",
  because,
});

/** The bot has left a space, which ends the permission of the space. */
const leftRoom = (event: InboxEvent): AuditEntry => ({
  ...bareEntry(event),
  role: "bot",
  command: "disallow",
  text: "disallow space",
  outcome: "done",
  because: "the bot was removed",
});

function failedTry(error: unknown, { failure }: InboxEvent, now: number): FailedTry {
  const code = error instanceof Failure ? error.code : BUG;
  const since = failure?.code === code ? failure.since : now;
  if (!(error instanceof Failure)) return { code, since, retryable: false, outcomeUnknown: false };
  const { retryable, outcomeUnknown, retryAfterS } = error;
  return { code, since, retryable, outcomeUnknown, ...(retryAfterS && { retryAfterMs: retryAfterS * 1000 }) };
}
