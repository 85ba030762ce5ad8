import type { WebexApi } from "../api.ts";
import { eventSchema, type WebexPerson, type WebhookEvent } from "../wire.ts";

interface CatchUpDeps {
  readonly api: Pick<WebexApi, "roomsActiveSince" | "messagesSince">;
  readonly bot: WebexPerson;
}

/**
 * The messages to the bot since then, oldest first, as events with the keys under which they may have been heard already. No list
 * of Webex tells of presses, or of spaces that the bot joined or left.
 */
export async function eventsSince(since: number, { api, bot }: CatchUpDeps): Promise<readonly WebhookEvent[]> {
  const events: WebhookEvent[] = [];
  for (const room of await api.roomsActiveSince(since)) {
    for (const { id, roomId, personId, created } of await api.messagesSince(room, since)) {
      if (personId === bot.id) continue;
      const data = { id, roomId, personId, created };
      events.push(eventSchema.parse({ resource: "messages", event: "created", actorId: personId, data }));
    }
  }
  return events.toSorted((a, b) => timeOf(a) - timeOf(b));
}

const timeOf = ({ data }: WebhookEvent): number => Date.parse(data.created ?? "");
