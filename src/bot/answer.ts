import { type Decision, decide, type Policy, type RoomAccess, roleOf } from "../domain/access.ts";
import type { Command } from "../domain/commands/command.ts";
import { format } from "../domain/commands/format.ts";
import { parse } from "../domain/commands/parse.ts";
import type { Distance } from "../domain/commands/suggest.ts";
import type { Added, Said } from "../domain/heard.ts";
import type { Clock, Log, Person, Rooms } from "../domain/ports.ts";
import { greeting } from "../domain/replies/help.ts";
import { failed, mistaken, misunderstood, refused } from "../domain/replies/notices.ts";
import { effectOf, lasting } from "../domain/replies/press.ts";
import type { Context, Reply } from "../domain/replies/reply.ts";
import { respond } from "../domain/replies/respond.ts";
import type { View } from "../domain/replies/views.ts";
import { Failure } from "../errors.ts";
import { createApply } from "./apply.ts";
import type { Refresh } from "./refresh.ts";
import type { Delivery, Show, Spot } from "./show.ts";

export type Sources = Pick<
  Context,
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
  readonly show: Show;
  /** Brings the cards of alerts up to date after something was done about them. */
  readonly refresh: Refresh;
  readonly distance: Distance;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Answers {
  /** Answers what somebody asked, typed or pressed alike. Throws when Webex could not be spoken to. */
  answer(said: Said): Promise<void>;
  /** Says hello in a room that the bot was added to. */
  greet(added: Added): Promise<void>;
}

/** A stranger is told so once in this time, and no more. */
const REFUSAL_MS = 60 * 60_000;

export function createAnswers(deps: AnswerDeps): Answers {
  const { policy, rooms, show, clock, log } = deps;
  const apply = createApply({ rooms, alerts: deps.sources.alerts, clock });

  async function roomAccess({ roomId, isDirect }: Said): Promise<RoomAccess> {
    if (isDirect) return { kind: "direct" };
    if (await rooms.isAllowed(roomId)) return { kind: "group", guests: undefined, allowed: true };
    return { kind: "group", guests: await deps.guests(roomId), allowed: false };
  }

  async function refuse(decision: Extract<Decision, { allowed: false }>, said: Said): Promise<void> {
    log.info("answer.refused", { because: decision.because });
    const isStranger = decision.because === "stranger";
    if (isStranger && !(await rooms.mayRefuse(said.roomId, said.senderId, clock(), REFUSAL_MS))) return;
    await say(refused(decision), said, await show.locate(said));
  }

  /** A message of its own, which answers no command. */
  const say = (view: View, said: Delivery["said"], spot: Spot) =>
    show.deliver({ view }, { said, spot, command: "", replaces: false });

  /** Whether the command was answered; not so when it was refused, or had been answered already. */
  async function obey(command: Command, said: Said, sender: Person): Promise<boolean> {
    const decision = decide(policy, sender, await roomAccess(said), command.name);
    if (!decision.allowed) {
      await refuse(decision, said);
      return false;
    }
    const spot = await show.locate(said);
    const effect = spot.card && effectOf({ command, senderId: said.senderId, at: said.at }, spot.card);
    if (effect === "already") {
      log.info("answer.already", { command: command.name });
      return false;
    }
    const context: Context = {
      ...deps.sources,
      roomId: said.roomId,
      space: said.space,
      sender: { personId: sender.personId, name: sender.displayName || sender.email },
      ...(spot.card !== undefined && { pressed: spot.card }),
      scope: await rooms.scopeOf(said.roomId),
      lastList: () => show.lastList(said, spot),
      role: decision.role,
      inGroup: !said.isDirect,
      clock,
    };
    const reply = await replyTo(command, context, { said, log });
    await apply(reply.changes ?? [], said);
    const replaces = effect === "replace" && !reply.beside;
    await show.deliver(reply, { said, spot, command: format(lasting(command)), replaces });
    await deps.refresh(reply.refresh ?? [], replaces ? spot.card?.messageId : undefined);
    return true;
  }

  return {
    async answer(said) {
      const startedAt = clock();
      const sender = await deps.person(said.senderId);
      if (roleOf(policy, sender) === undefined) return refuse({ allowed: false, because: "stranger" }, said);
      const parsed = parse(said.text, { distance: deps.distance });
      if (parsed.ok && !(await obey(parsed.command, said, sender))) return;
      if (!parsed.ok) await say(misunderstood(parsed), said, await show.locate(said));
      const command = parsed.ok ? parsed.command.name : "misunderstood";
      log.info("answer.sent", { command, pressed: said.pressed !== undefined, ms: clock() - startedAt });
    },
    async greet({ roomId, isDirect, byPersonId }) {
      // Whoever opens a 1:1 space does so by asking something, and gets the answer to that.
      if (isDirect) return;
      const role = roleOf(policy, await deps.person(byPersonId));
      if (role === undefined) return log.info("greeting.withheld", { because: "stranger" });
      await say(greeting(role), { senderId: byPersonId, at: clock() }, { place: { roomId } });
      log.info("greeting.sent");
    },
  };
}

/** A command's answer; a failure of the world outside becomes an answer too. */
async function replyTo(
  command: Command,
  context: Context,
  { said, log }: { said: Said; log: Log },
): Promise<Reply> {
  try {
    return await respond(command, context);
  } catch (error) {
    // Without the database or Webex there is no answering now; later there may be.
    if (error instanceof Failure && error.passing && !isAboutAnswer(error)) throw error;
    const reference = said.id.slice(-12);
    log.error("reply.failed", { command: command.name, reference, error });
    const isTheirs = error instanceof Failure && isAboutAnswer(error);
    return { view: isTheirs ? failed(error, format(command)) : mistaken(reference) };
  }
}

/** Whether a failure concerns what was asked for, and not the bot's own means. */
function isAboutAnswer({ code }: Failure): boolean {
  return code.startsWith("wholesale.") || code.startsWith("http.");
}
