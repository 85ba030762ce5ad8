import { type AccessDecision, authorize, type Policy, type RoomAccess, roleOf } from "../domain/access.ts";
import type { Command } from "../domain/commands/command.ts";
import { format } from "../domain/commands/format.ts";
import { parse } from "../domain/commands/parse.ts";
import type { Distance } from "../domain/commands/suggest.ts";
import type { BotAdded, UserRequest } from "../domain/inbound-event.ts";
import type { Alerts } from "../domain/ports/alerting.ts";
import type { Clock, Log, Person, Rooms } from "../domain/ports/messaging.ts";
import { accessDenied, internalError, notUnderstood, upstreamFailed } from "../domain/replies/error-views.ts";
import { greeting } from "../domain/replies/help.ts";
import { effectOf, withoutFresh } from "../domain/replies/press.ts";
import type { Change, Reply, ReplyContext } from "../domain/replies/reply.ts";
import { respond } from "../domain/replies/respond.ts";
import type { View } from "../domain/views/views.ts";
import { Failure } from "../errors.ts";
import type { RefreshCards } from "./refresh-cards.ts";
import type { DeliveryOptions, ReplyDelivery, ReplyTarget } from "./reply-delivery.ts";

export type Sources = Pick<
  ReplyContext,
  "wholesale" | "snapshot" | "alerts" | "subpartners" | "draw" | "csv" | "health"
>;

export interface AnswerDeps {
  readonly policy: Policy;
  readonly person: (personId: string) => Promise<Person>;
  /** How many people in a room are no insiders; undefined when that cannot be told. */
  readonly guests: (roomId: string) => Promise<number | undefined>;
  readonly rooms: Rooms;
  /** What answers are made from. */
  readonly sources: Sources;
  readonly replyDelivery: ReplyDelivery;
  /** Brings the cards of alerts up to date after something was done about them. */
  readonly refreshCards: RefreshCards;
  readonly distance: Distance;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Answers {
  /** Answers what somebody asked, typed or pressed alike. Throws when Webex could not be spoken to. */
  answer(upstreamMessage: UserRequest): Promise<void>;
  /** Says hello in a room that the bot was added to. */
  greet(added: BotAdded): Promise<void>;
}

/** A stranger is told so once in this time, and no more. */
const REFUSAL_MS = 60 * 60_000;

export function createAnswers(deps: AnswerDeps): Answers {
  const { policy, rooms, replyDelivery, clock, log } = deps;
  const apply = createApplyChanges({ rooms, alerts: deps.sources.alerts, clock });

  async function roomAccess({ roomId, isDirect }: UserRequest): Promise<RoomAccess> {
    if (isDirect) return { kind: "direct" };
    if (await rooms.isAllowed(roomId)) return { kind: "group", guests: undefined, allowed: true };
    return { kind: "group", guests: await deps.guests(roomId), allowed: false };
  }

  async function refuse(
    decision: Extract<AccessDecision, { allowed: false }>,
    upstreamMessage: UserRequest,
  ): Promise<void> {
    log.info("answer.refused", { because: decision.because });
    const isStranger = decision.because === "stranger";
    if (
      isStranger &&
      !(await rooms.reserveRefusal(upstreamMessage.roomId, upstreamMessage.senderId, clock(), REFUSAL_MS))
    )
      return;
    await say(accessDenied(decision), upstreamMessage, await replyDelivery.targetOf(upstreamMessage));
  }

  /** A message of its own, which answers no command. */
  const say = (view: View, request: DeliveryOptions["request"], target: ReplyTarget) =>
    replyDelivery.deliver({ view }, { request, target, command: "", replaces: false });

  /** Whether the command was answered; not so when it was refused, or had been answered already. */
  async function obey(command: Command, request: UserRequest, sender: Person): Promise<boolean> {
    const decision = authorize(policy, sender, await roomAccess(request), command.name);
    if (!decision.allowed) {
      await refuse(decision, request);
      return false;
    }
    const target = await replyDelivery.targetOf(request);
    const effect = target.card && effectOf({ command, senderId: request.senderId, at: request.at }, target.card);
    if (effect === "already") {
      log.info("answer.duplicate", { command: command.name });
      return false;
    }
    const context: ReplyContext = {
      ...deps.sources,
      roomId: request.roomId,
      roomTitle: request.space,
      sender: { personId: sender.personId, name: sender.displayName || sender.email },
      ...(target.card !== undefined && { pressed: target.card }),
      scope: await rooms.scopeOf(request.roomId),
      lastList: () => replyDelivery.lastList(request, target),
      role: decision.role,
      isGroupRoom: !request.isDirect,
      clock,
    };
    const reply = await replyTo(command, context, { upstreamMessage: request, log });
    await apply(reply.changes ?? [], request);
    const replaces = effect === "replace" && !reply.isSeparate;
    await replyDelivery.deliver(reply, { request, target, command: format(withoutFresh(command)), replaces });
    await deps.refreshCards(reply.refreshAlerts ?? [], replaces ? target.card?.messageId : undefined);
    return true;
  }

  return {
    async answer(upstreamMessage) {
      const startedAt = clock();
      const sender = await deps.person(upstreamMessage.senderId);
      if (roleOf(policy, sender) === undefined) return refuse({ allowed: false, because: "stranger" }, upstreamMessage);
      const parsed = parse(upstreamMessage.text, { distance: deps.distance });
      if (parsed.ok && !(await obey(parsed.command, upstreamMessage, sender))) return;
      if (!parsed.ok) await say(notUnderstood(parsed), upstreamMessage, await replyDelivery.targetOf(upstreamMessage));
      const command = parsed.ok ? parsed.command.name : "misunderstood";
      log.info("answer.sent", {
        command,
        pressed: upstreamMessage.pressedMessageId !== undefined,
        ms: clock() - startedAt,
      });
    },
    async greet({ roomId, isDirect, byPersonId }) {
      // Whoever opens a 1:1 space does so by asking something, and gets the answer to that.
      if (isDirect) return;
      const role = roleOf(policy, await deps.person(byPersonId));
      if (role === undefined) return log.info("greeting.skipped", { because: "stranger" });
      await say(greeting(role), { senderId: byPersonId, at: clock() }, { place: { roomId } });
      log.info("greeting.sent");
    },
  };
}

/** A command's answer; a failure of the world outside becomes an answer too. */
async function replyTo(
  command: Command,
  context: ReplyContext,
  { upstreamMessage, log }: { upstreamMessage: UserRequest; log: Log },
): Promise<Reply> {
  try {
    return await respond(command, context);
  } catch (error) {
    // Without the database or Webex there is no answering now; later there may be.
    if (error instanceof Failure && error.retryable && !isDataSourceFailure(error)) throw error;
    const reference = upstreamMessage.id.slice(-12);
    log.error("reply.failed", { command: command.name, reference, error });
    const isTheirs = error instanceof Failure && isDataSourceFailure(error);
    return { view: isTheirs ? upstreamFailed(error, format(command)) : internalError(reference) };
  }
}

/** Whether a failure concerns what was asked for, and not the bot's own means. */
function isDataSourceFailure({ code }: Failure): boolean {
  return code.startsWith("wholesale.") || code.startsWith("http.");
}

interface ApplyChangesDeps {
  readonly rooms: Rooms;
  readonly alerts: Pick<Alerts, "change">;
  readonly clock: Clock;
}

/** Writes down what an answer changes, before it is given: who reads it can rely on it. */
export function createApplyChanges({ rooms, alerts, clock }: ApplyChangesDeps) {
  return async function apply(changes: readonly Change[], { roomId, senderId }: UserRequest): Promise<void> {
    for (const change of changes) {
      switch (change.kind) {
        case "alerting":
          await alerts.change(roomId, change.change, clock());
          break;
        case "scope":
          await rooms.bind(roomId, change.scope, senderId, clock());
          break;
        case "room":
          await rooms.allow(roomId, change.allowed, senderId, clock());
      }
    }
  };
}
