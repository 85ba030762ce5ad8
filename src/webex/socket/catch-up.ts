import type { Time } from "../../domain/ports/runtime.ts";
import { Failure } from "../../errors.ts";
import type { WebexApi } from "../api.ts";
import { eventSchema, type WebexPerson, type WebhookEvent } from "../wire.ts";

export interface CatchUpDeps extends Time {
  readonly api: Pick<WebexApi, "roomsActiveSince" | "messagesSince">;
  readonly bot: WebexPerson;
  /** Stores an event. */
  readonly receive: (event: WebhookEvent) => Promise<unknown>;
}

const OVERLAP_MS = 60_000;
/** The inbox knows for a day which messages it has had. */
const LONGEST_MS = 23 * 60 * 60_000;
const MAX_TRIES = 5;

/**
 * Stores the messages to the bot since it last heard, which was at `heardAt`. Tried several times, because a failure says nothing
 * of the connection; throws the last one.
 */
export async function catchUp(deps: CatchUpDeps, heardAt: number, signal: AbortSignal): Promise<void> {
  const since = Math.max(heardAt - OVERLAP_MS, deps.clock() - LONGEST_MS);
  for (let tries = 1; ; tries += 1) {
    try {
      return await receiveSince(since, deps);
    } catch (error) {
      if (!(error instanceof Failure) || tries === MAX_TRIES) throw error;
      await deps.sleep(1_000 * 2 ** (tries - 1), signal);
    }
  }
}

/** Throws the failure of a space that could not be read when the events of all others are stored. */
async function receiveSince(since: number, deps: CatchUpDeps): Promise<void> {
  const events: WebhookEvent[] = [];
  let failure: Failure | undefined;
  for (const room of await deps.api.roomsActiveSince(since)) {
    try {
      events.push(...(await eventsOf(room, since, deps)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failure = error;
    }
  }
  for (const event of events.toSorted((a, b) => timeOf(a) - timeOf(b))) await deps.receive(event);
  if (failure !== undefined) throw failure;
}

/**
 * The messages to the bot in a space, as events with the keys under which they may have been heard already. No list of Webex tells
 * of presses, or of spaces that the bot joined or left.
 */
async function eventsOf(
  room: Parameters<WebexApi["messagesSince"]>[0],
  since: number,
  { api, bot }: CatchUpDeps,
): Promise<readonly WebhookEvent[]> {
  const messages = await api.messagesSince(room, since);
  return messages
    .filter(({ personId }) => personId !== bot.id)
    .map(({ id, roomId, personId, created }) =>
      eventSchema.parse({
        resource: "messages",
        event: "created",
        actorId: personId,
        data: { id, roomId, personId, created },
      }),
    );
}

const timeOf = ({ data }: WebhookEvent): number => Date.parse(data.created ?? "");
