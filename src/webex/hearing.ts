import type { InboundEvent } from "../domain/inbound-event.ts";
import type { InboxEvent, PostedCard } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
import type { FrameworkAdapter } from "./framework.ts";
import { toInboundEvent } from "./inbound.ts";
import { parseWebhookEvent } from "./intake.ts";
import type { WebexPerson } from "./wire.ts";

/** Reads a kept event through the framework: what was said, or undefined when there was nothing for us in it. */
export function createEventReader(framework: FrameworkAdapter, bot: WebexPerson) {
  return async function hear({ body }: Pick<InboxEvent, "body">): Promise<InboundEvent | undefined> {
    const event = parseWebhookEvent(body);
    // The framework knows nothing of this one.
    if (event?.resource === "rooms") return { kind: "migrated", roomId: event.data.id };
    const news = event && (await framework.dispatch(event));
    return news && toInboundEvent(news, bot);
  };
}

/** A card of ours that is not on record, as after the loss of the database: it can still be paged. */
export function createCardLookup(api: WebexApi, bot: WebexPerson) {
  return async function lookUp(messageId: string): Promise<PostedCard | undefined> {
    try {
      const { id, roomId, personId, parentId, created } = await api.message(messageId);
      if (personId !== bot.id) return undefined;
      const thread = parentId === undefined ? {} : { threadId: parentId };
      const blank = { kind: "unknown", command: "", senderId: "", rows: [], edits: 0 } as const;
      return { ...blank, ...thread, messageId: id, roomId, shownAt: Date.parse(created) };
    } catch (error) {
      if (error instanceof Failure && !error.retryable) return undefined;
      throw error;
    }
  };
}
