import type { Clock, Inbox, Rooms } from "../domain/ports/messaging.ts";
import { eventSchema, type WebhookEvent } from "./wire.ts";

/** What of Webex's events we act upon; the rest is answered 200 and forgotten. */
const HANDLED_EVENTS: ReadonlySet<string> = new Set([
  "messages:created",
  "attachmentActions:created",
  "memberships:created",
  "memberships:deleted",
  "rooms:migrated",
]);

interface IntakeDeps {
  readonly inbox: Inbox;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly botId: string;
  /** Called when there is something new to do. */
  readonly wake: () => void;
}

/** Keeps a signed event until it is answered. Everything here happens before Webex is told 200. */
export function createIntake({ inbox, rooms, clock, botId, wake }: IntakeDeps) {
  return async function receive(body: string): Promise<"kept" | "known" | "ignored" | "malformed"> {
    const event = parseWebhookEvent(body);
    if (event === undefined) return "malformed";
    const { resource, event: name, data } = event;
    const roomId = data.roomId ?? data.id;
    if (resource === "memberships") await rooms.forgetMembers(roomId, clock());
    if (!isForUs(event, botId)) return "ignored";
    const isNew = await inbox.add({ key: eventKey(event), roomId, resource, event: name, body }, clock());
    if (isNew) wake();
    return isNew ? "kept" : "known";
  };
}

/** Our own messages come back as events and are dropped before they cost a call; of memberships only our own matter. */
function isForUs({ resource, event, data }: WebhookEvent, botId: string): boolean {
  if (!HANDLED_EVENTS.has(`${resource}:${event}`)) return false;
  const isOwn = data.personId === botId;
  return resource === "memberships" ? isOwn : !isOwn;
}

/** A membership has the same id whenever the same person comes back, so the time it began belongs to its key. */
function eventKey({ resource, event, data }: WebhookEvent): string {
  const key = `${resource}:${event}:${data.id}`;
  return resource === "memberships" ? `${key}:${data.created ?? ""}` : key;
}

/** The event in a webhook's body; undefined when it is none. */
export function parseWebhookEvent(body: string): WebhookEvent | undefined {
  try {
    const read = eventSchema.safeParse(JSON.parse(body));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
