import type { Shown } from "../domain/access.ts";
import type { Destination, Gate, ReplaceableCard } from "../domain/ports/messaging.ts";
import type { Log, Time } from "../domain/ports/runtime.ts";
import type { Inbox, InboxEvent } from "../domain/ports/store.ts";
import { answerUnderWay, notAnswered } from "../domain/replies/error-views.ts";
import type { View } from "../domain/views/views.ts";

export interface UnderWayDeps extends Time {
  readonly gate: Pick<Gate, "post" | "edit">;
  readonly inbox: Pick<Inbox, "recordUnderWay" | "underWay">;
  readonly log: Log;
}

/** Shows that an answer needs longer, and how far it is. Each step is tried once: the answer itself matters more. */
export interface UnderWay {
  /**
   * Posts a message when the answer is late. Its id is recorded, so that the answer takes its place after a crash as well.
   * @returns ends this, and returns the message
   */
  await(asked: AwaitedAnswer): () => Promise<ReplaceableCard | undefined>;
  /**
   * Edits an answer while what follows it, such as a file, is late.
   * @returns ends this, edits it for the last time if it was edited before, and returns how often it was
   */
  follow(answer: FollowedAnswer): (end: View) => Promise<number>;
  /** The event was given up: a message of it no longer says that the answer is under way. */
  giveUp(event: Pick<InboxEvent, "id" | "roomId">): Promise<void>;
}

export interface AwaitedAnswer {
  readonly eventId: number;
  readonly place: Destination;
  /** The command, as text. */
  readonly command: string;
  readonly since: number;
}

export interface FollowedAnswer {
  readonly eventId: number;
  readonly message: ReplaceableCard;
  readonly shown: Shown;
  /** The answer, with how far it is. */
  readonly view: () => View;
}

/** An answer is late after this time. */
const LATE_MS = 2_000;
const LOOK_MS = 500;
/** Webex allows ten edits of a message. With each the wait for the next one doubles, so these are enough for a quarter of an hour. */
const MAX_EDITS = 8;

export function createUnderWay(deps: UnderWayDeps): UnderWay {
  const { gate, inbox, log } = deps;
  const attempt = async (step: () => Promise<unknown>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      log.warn("under_way.failed", { error });
    }
  };
  const parts: Parts = { ...deps, watch: createWatch(deps.sleep), attempt };
  return {
    await: (asked) => awaitAnswer(parts, asked),
    follow: (answer) => followAnswer(parts, answer),
    giveUp: ({ id, roomId }) =>
      attempt(async () => {
        const messageId = await inbox.underWay(id);
        if (messageId !== undefined) await gate.edit({ roomId, messageId }, notAnswered(), "no customers");
      }),
  };
}

interface Parts extends UnderWayDeps {
  /** @returns ends it */
  readonly watch: (look: () => void) => () => void;
  /** Logs what fails. */
  readonly attempt: (step: () => Promise<unknown>) => Promise<void>;
}

function awaitAnswer(
  { gate, inbox, clock, log, watch, attempt }: Parts,
  { eventId, place, command, since }: AwaitedAnswer,
): ReturnType<UnderWay["await"]> {
  let message: ReplaceableCard | undefined;
  let posting: Promise<void> | undefined;
  const post = async (): Promise<void> => {
    const posted = await gate.post(place, answerUnderWay(command, clock()), "no customers");
    if ("withheld" in posted) return;
    message = posted;
    await inbox.recordUnderWay(eventId, posted.messageId);
    log.info("under_way.shown", { ms: clock() - since });
  };
  const stop = watch(() => {
    if (clock() - since >= LATE_MS) posting ??= attempt(post);
  });
  return async () => {
    stop();
    await posting;
    return message;
  };
}

function followAnswer(
  { gate, inbox, clock, watch, attempt }: Parts,
  { eventId, message, shown, view }: FollowedAnswer,
): ReturnType<UnderWay["follow"]> {
  let edits = 0;
  let dueAt = clock() + LATE_MS;
  let editing: Promise<void> | undefined;
  const edit = async (shownView: View): Promise<void> => {
    // Before the first edit: after a crash the file is sent again, and the message must not go on about the first one.
    if (edits === 0) await inbox.recordUnderWay(eventId, message.messageId);
    edits += 1;
    await gate.edit(message, shownView, shown);
  };
  const stop = watch(() => {
    if (editing !== undefined || edits >= MAX_EDITS || clock() < dueAt) return;
    dueAt = clock() + LATE_MS * 2 ** (edits + 1);
    editing = attempt(() => edit(view())).finally(() => {
      editing = undefined;
    });
  });
  return async (end) => {
    stop();
    await editing;
    if (edits > 0) await attempt(() => edit(end));
    return edits;
  };
}

/** Looks at all that is under way twice a second while there is any: one timer for all, and none for an answer that comes at once. */
function createWatch(sleep: Time["sleep"]): (look: () => void) => () => void {
  const looks = new Set<() => void>();
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (looks.size > 0) {
      await sleep(LOOK_MS);
      for (const look of looks) look();
    }
    isRunning = false;
  };
  return (look) => {
    looks.add(look);
    if (!isRunning) void run();
    return () => void looks.delete(look);
  };
}
