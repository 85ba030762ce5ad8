import { authorize, type Denial, isBot, type Policy, roleOf, shownBy } from "../domain/access.ts";
import type { AuditEntry, AuditRole } from "../domain/audit.ts";
import { auditedCommand } from "../domain/commands/audited-command.ts";
import { format } from "../domain/commands/format.ts";
import { type Parsed, type ParseFailure, parse } from "../domain/commands/parse.ts";
import type { Command } from "../domain/commands/registry.ts";
import type { Distance } from "../domain/commands/suggest.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { BotAdded, UserRequest } from "../domain/inbound-event.ts";
import type { Gate } from "../domain/ports/messaging.ts";
import type { CommandOutcome, Meter } from "../domain/ports/meter.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { EventEnd, InboxEvent, Person, Rooms } from "../domain/ports/store.ts";
import type { Wholesale } from "../domain/ports/wholesale.ts";
import { withClockTimes } from "../domain/replies/clock-times.ts";
import { completeCommand } from "../domain/replies/complete-command.ts";
import {
  accessDenied,
  internalError,
  notUnderstood,
  questionsWait,
  upstreamFailed,
} from "../domain/replies/error-views.ts";
import { greeting } from "../domain/replies/help.ts";
import { effectOf, withoutFresh } from "../domain/replies/press-effect.ts";
import { respond } from "../domain/replies/registry.ts";
import type { Change, Reply, ReplyContext } from "../domain/replies/reply.ts";
import { withinScope } from "../domain/replies/scoped-wholesale.ts";
import type { Role } from "../domain/role.ts";
import type { View } from "../domain/views/views.ts";
import { withWebexStatus } from "../domain/webex-status.ts";
import { Failure } from "../errors.ts";
import type { Delivered, DeliveryOptions, ReplyDelivery, ReplyTarget } from "./reply-delivery.ts";
import type { UnderWay } from "./under-way.ts";

export interface Sources
  extends Pick<
    ReplyContext,
    | "snapshot"
    | "alerts"
    | "outbox"
    | "audit"
    | "codes"
    | "isPosted"
    | "subpartners"
    | "draw"
    | "csv"
    | "auditCsv"
    | "health"
    | "webexStatus"
  > {
  readonly wholesale: Wholesale;
}

export interface AnswerDeps {
  readonly policy: Policy;
  readonly person: (personId: string) => Promise<Person>;
  readonly gate: Pick<Gate, "refusal">;
  readonly rooms: Pick<Rooms, "scopeOf" | "reserveDenial" | "bind" | "allow" | "zoneOf" | "setZone">;
  /** The data that replies are made from. */
  readonly sources: Sources;
  readonly replyDelivery: ReplyDelivery;
  readonly underWay: Pick<UnderWay, "await">;
  readonly distance: Distance;
  readonly questionsPerMinute: number;
  readonly meter: Pick<Meter, "command">;
  readonly clock: Clock;
  readonly log: Log;
}

/** The event of the request, and what earlier tries posted. */
export type AnsweredEvent = Pick<InboxEvent, "id" | "underWay">;

export interface Answers {
  /**
   * Answers one command, typed or pressed; returns its cards, and its row for the audit, unless that was written with what it
   * changed. Throws when Webex cannot be reached.
   */
  answer(request: UserRequest, event: AnsweredEvent): Promise<EventEnd>;
  /** Posts the greeting in a room that the bot was added to. */
  greet(added: BotAdded): Promise<EventEnd>;
  /**
   * Tells a person who asked much that further questions wait; a stranger is told nothing. The card has no buttons, so nobody needs
   * its record.
   */
  tellToWait(personId: string, roomId: string): Promise<void>;
}

export function createAnswers(deps: AnswerDeps): Answers {
  return {
    async answer(request, event) {
      const { entry, cards } = await metered(deps, () => answer(deps, request, event));
      return entry.outcome === "done" ? { cards } : { audit: entry, cards };
    },
    greet: (added) => greet(deps, added),
    tellToWait: (personId, roomId) => tellToWait(deps, personId, roomId),
  };
}

interface Answered extends Delivered {
  readonly entry: AuditEntry;
}

async function metered({ meter, clock }: AnswerDeps, work: () => Promise<Answered>): Promise<Answered> {
  const startedAt = clock();
  let ending: Pick<AuditEntry, "command"> & { outcome: CommandOutcome } = { command: "", outcome: "postponed" };
  try {
    const answered = await work();
    ending = answered.entry;
    return answered;
  } finally {
    meter.command(ending.command, ending.outcome, clock() - startedAt);
  }
}

async function answer(deps: AnswerDeps, request: UserRequest, event: AnsweredEvent): Promise<Answered> {
  const { policy, replyDelivery, clock, log } = deps;
  const startedAt = clock();
  const target = await replyDelivery.targetOf(request, event.underWay);
  const draft = draftOf(request, event.id);
  // The author of a card decides what its buttons say, so only presses on the bot's own cards are obeyed.
  if (request.pressedMessageId !== undefined && target.card === undefined) {
    log.info("press.ignored");
    return { entry: { ...draft, outcome: "ignored" }, cards: [] };
  }
  const sender = await deps.person(request.senderId);
  const { personId, displayName, email } = sender;
  const role: AuditRole = roleOf(policy, sender) ?? (isBot(sender) ? "bot" : "stranger");
  const person = { personId, name: displayName, email };
  const asked: Asked = { event, request, sender, target, startedAt, draft: { ...draft, role, person } };
  const parsed = parse(request.text, { distance: deps.distance });
  if (role === "stranger" || role === "bot") return refuseStranger(deps, asked, parsed);
  return parsed.ok ? runCommand(deps, parsed.command, asked) : explain(deps, parsed, asked);
}

interface Asked {
  readonly event: AnsweredEvent;
  readonly request: UserRequest;
  readonly sender: Person;
  readonly target: ReplyTarget;
  readonly startedAt: number;
  /** The row of the audit, without the outcome. */
  readonly draft: AuditEntry;
}

function draftOf({ roomId, senderId, isDirect, space, pressedMessageId }: UserRequest, eventId: number): AuditEntry {
  return {
    eventId,
    person: { personId: senderId, name: "", email: "" },
    role: "unknown",
    roomId,
    space: isDirect ? "1:1" : (space ?? ""),
    scope: "",
    command: "",
    text: "",
    isPress: pressedMessageId !== undefined,
    outcome: "answered",
    because: "",
  };
}

function logAnswer({ clock, log }: AnswerDeps, command: string, { request, startedAt }: Asked): void {
  log.info("answer.sent", { command, pressed: request.pressedMessageId !== undefined, ms: clock() - startedAt });
}

async function explain(deps: AnswerDeps, failure: ParseFailure, asked: Asked): Promise<Answered> {
  const { request, target, draft } = asked;
  const { suggestion: offer } = failure;
  const { cards } = await post(deps, notUnderstood(failure), request, target, offer);
  logAnswer(deps, "misunderstood", asked);
  return { entry: { ...draft, outcome: "misunderstood" }, cards };
}

async function runCommand(deps: AnswerDeps, given: Command, asked: Asked): Promise<Answered> {
  const { policy, rooms, gate, replyDelivery, log } = deps;
  const { request, sender, target } = asked;
  const { roomId, senderId: personId, isDirect } = request;
  const scope = await rooms.scopeOf(roomId);
  const completed = await complete(deps, given, { ...asked, scope });
  if (!completed.ok) return explain(deps, completed, asked);
  const { command } = completed;
  const draft: AuditEntry = { ...asked.draft, ...auditedCommand(command), scope };
  const customers = { scopes: [scope], asker: { personId, isDirect } };
  const refusal = await gate.refusal({ roomId }, shownBy(command.name, customers));
  const decision = authorize(policy, sender, command.name, refusal);
  if (!decision.allowed) return deny(deps, decision, { ...asked, draft });
  const effect = target.card && effectOf({ command, senderId: personId, at: request.at }, target.card);
  if (effect === "already") {
    log.info("answer.duplicate", { command: command.name });
    return { entry: { ...draft, outcome: "repeated" }, cards: [] };
  }
  const context = createContext(deps, { ...asked, scope, role: decision.role });
  const { reply, entry, target: place } = await prepare(deps, command, { ...asked, draft, context });
  const shown = shownBy(command.name, { ...customers, scopes: [newScopeOf(reply) ?? scope] });
  const replaces = effect === "replace" && !reply.isSeparate;
  const options = { request, target: place, eventId: asked.event.id, command: recorded(command), shown, replaces };
  const delivered = await replyDelivery.deliver(reply, options);
  if ("withheld" in delivered)
    return deny(deps, { allowed: false, ...delivered.withheld }, { ...asked, target: place, draft });
  logAnswer(deps, command.name, asked);
  return { entry, ...delivered };
}

interface Prepared {
  readonly reply: Reply;
  readonly entry: AuditEntry;
  /** With the message that says that the reply is under way, if there is one. */
  readonly target: ReplyTarget;
}

/** Makes the reply and its changes. When that takes long, the space is shown that it is under way. */
async function prepare(
  deps: AnswerDeps,
  command: Command,
  { event, request, target, startedAt: since, draft, context }: Asked & { readonly context: ReplyContext },
): Promise<Prepared> {
  const { text } = auditedCommand(withoutFresh(command));
  const awaited = { eventId: event.id, place: target.place, command: text, since };
  const end = target.underWay === undefined ? deps.underWay.await(awaited) : async () => target.underWay;
  try {
    const { reply, ...ending } = await replyTo(command, context, { request, log: deps.log });
    const entry = { ...draft, ...ending };
    // Before the reply is delivered, so that a person who reads it can rely on the change.
    await applyChanges(deps, reply.changes ?? [], { request, entry });
    const underWay = await end();
    return { reply, entry, target: underWay === undefined ? target : { ...target, underWay } };
  } finally {
    await end();
  }
}

/** A button says what it means, but for the clock of the space; only typed words leave something out. */
async function complete(
  { sources: { alerts, snapshot }, replyDelivery, rooms, clock }: AnswerDeps,
  said: Command,
  { request, target, scope }: Asked & { readonly scope: Scope },
): Promise<Parsed> {
  const { roomId } = request;
  const timed = await withClockTimes(said, { zone: () => rooms.zoneOf(roomId), clock });
  if (!timed.ok || request.pressedMessageId !== undefined) return timed;
  const inView = () => replyDelivery.inView(request);
  const lastList = () => replyDelivery.lastList(request, target);
  const context = { alerts, snapshot, scope, roomId, clock, lastList, inView };
  return { ok: true, command: await completeCommand(timed.command, context) };
}

/** The command in the record of its card, which keeps no person whom the command names. */
const recorded = (command: Command): string =>
  command.name === "forget" || ("email" in command && command.email !== undefined)
    ? command.name
    : format(withoutFresh(command));

/** The sub-partner that the reply binds the room to. */
function newScopeOf({ changes = [] }: Reply): Scope | undefined {
  return changes.flatMap((change) => (change.kind === "scope" ? [change.scope] : []))[0];
}

interface ContextParts extends Asked {
  readonly scope: Scope;
  readonly role: Role;
}

function createContext(
  { sources, rooms, gate, replyDelivery, distance, clock }: AnswerDeps,
  { request, sender, target, scope, role }: ContextParts,
): ReplyContext {
  return {
    ...sources,
    wholesale: withinScope(sources.wholesale, scope),
    roomId: request.roomId,
    roomTitle: request.space,
    sender: { personId: sender.personId, name: sender.displayName || sender.email },
    ...(target.card !== undefined && { pressed: target.card }),
    scope,
    refusal: gate.refusal,
    zone: () => rooms.zoneOf(request.roomId),
    lastList: () => replyDelivery.lastList(request, target),
    role,
    distance,
    isGroupRoom: !request.isDirect,
    clock,
  };
}

interface Replied extends Pick<AuditEntry, "outcome" | "because"> {
  readonly reply: Reply;
}

/** The reply to a command. A failure of the Wholesale API, or a bug of ours, becomes a reply too. */
async function replyTo(
  command: Command,
  context: ReplyContext,
  { request, log }: { readonly request: UserRequest; readonly log: Log },
): Promise<Replied> {
  try {
    const answered = await respond(command, context);
    const reply = { ...answered, view: withWebexStatus(answered.view, context.webexStatus()) };
    if (reply.refused !== undefined) return { reply, outcome: "refused", because: reply.refused };
    return { reply, outcome: (reply.changes ?? []).length === 0 ? "answered" : "done", because: "" };
  } catch (error) {
    // Without the database or Webex no reply is possible now. The inbox tries the event again later.
    if (error instanceof Failure && error.retryable && !isDataSourceFailure(error)) throw error;
    const reference = request.id.slice(-12);
    log.error("reply.failed", { command: command.name, reference, error });
    const isTheirs = error instanceof Failure && isDataSourceFailure(error);
    const view = isTheirs ? upstreamFailed(error, format(command)) : internalError(reference);
    return { reply: { view }, outcome: "failed", because: isTheirs ? "the Wholesale API" : `reference ${reference}` };
  }
}

/** True for failures of the Wholesale API; false for those of the database and of Webex. */
function isDataSourceFailure({ code }: Failure): boolean {
  return code.startsWith("wholesale.") || code.startsWith("http.");
}

interface ChangedBy {
  readonly request: UserRequest;
  /** Written with the change, so that there is no change without its row, whatever happens to the answer. */
  readonly entry: AuditEntry;
}

async function applyChanges(
  { rooms, sources: { alerts }, clock }: AnswerDeps,
  changes: readonly Change[],
  { request: { roomId, senderId }, entry }: ChangedBy,
): Promise<void> {
  for (const change of changes) {
    switch (change.kind) {
      case "alerting":
        await alerts.change(roomId, change.change, clock(), entry);
        break;
      case "scope":
        await rooms.bind(roomId, change.scope, senderId, clock(), entry);
        break;
      case "room":
        await rooms.allow(roomId, change.allowed, senderId, clock(), entry);
        break;
      case "zone":
        await rooms.setZone(roomId, change.zone, clock(), entry);
    }
  }
}

/** A stranger gets the denial once in this time; further messages are not answered. */
const DENIAL_INTERVAL_MS = 60 * 60_000;

/** A bot gets no answer at all: two that answer each other never end. Of what they wrote, only the kind of command is kept. */
async function refuseStranger(deps: AnswerDeps, asked: Asked, parsed: Parsed): Promise<Answered> {
  const { rooms, clock, log } = deps;
  const { roomId, senderId } = asked.request;
  const command = parsed.ok ? auditedCommand(parsed.command).command : "";
  const draft: AuditEntry = { ...asked.draft, command, text: command };
  const because = isBot(asked.sender) ? "bot" : "stranger";
  if (because === "stranger" && (await rooms.reserveDenial(roomId, senderId, clock(), DENIAL_INTERVAL_MS)))
    return deny(deps, { allowed: false, because }, { ...asked, draft });
  log.info("answer.denied", { because });
  return { entry: { ...draft, outcome: "refused", because }, cards: [] };
}

async function deny(deps: AnswerDeps, denial: Denial, { request, target, draft }: Asked): Promise<Answered> {
  const { because } = denial;
  deps.log.info("answer.denied", { because });
  const { cards } = await post(deps, accessDenied(denial), request, target);
  return { entry: { ...draft, outcome: "refused", because }, cards };
}

async function greet(deps: AnswerDeps, { roomId, isDirect, byPersonId }: BotAdded): Promise<EventEnd> {
  const { policy, clock, log } = deps;
  // A 1:1 space begins with a message to the bot, which is answered by itself.
  if (isDirect) return {};
  const role = roleOf(policy, await deps.person(byPersonId));
  if (role === undefined) {
    log.info("greeting.skipped", { because: "stranger" });
    return {};
  }
  const posted = await post(deps, greeting(role), { senderId: byPersonId, at: clock() }, { place: { roomId } });
  log.info("greeting.sent");
  return posted;
}

async function tellToWait(deps: AnswerDeps, personId: string, roomId: string): Promise<void> {
  const person = await deps.person(personId);
  if (roleOf(deps.policy, person) === undefined) return;
  const view = questionsWait(person.displayName || person.email, deps.questionsPerMinute);
  await post(deps, view, { senderId: personId, at: deps.clock() }, { place: { roomId } });
}

/** Posts a view that is not the reply to a command, and names no customer. */
async function post(
  deps: AnswerDeps,
  view: View,
  request: DeliveryOptions["request"],
  target: ReplyTarget,
  offer?: string,
): Promise<Delivered> {
  const options = { request, target, command: "", shown: "no customers", replaces: false } as const;
  const delivered = await deps.replyDelivery.deliver({ view, ...(offer !== undefined && { offer }) }, options);
  return "withheld" in delivered ? { cards: [] } : delivered;
}
