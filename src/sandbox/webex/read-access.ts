import { httpError } from "../http/http-messages.ts";
import type { Person } from "../world/people.ts";
import type { AttachmentAction, Message, Room, WebexEvent } from "../world/webex-records.ts";
import type { World } from "../world/world.ts";

/** Read access. What a person may not see is answered with 404. */

/** A bot sees all messages of a 1:1, but in a group only those that mention it and its own (Bots guide). */
export function canRead(message: Message, person: Person, rooms: World["rooms"]): boolean {
  if (!rooms.member(message.roomId, person.id)) return false;
  if (person.role !== "bot" || message.roomType === "direct") return true;
  return message.personId === person.id || (message.mentionedPeople?.includes(person.id) ?? false);
}

export function readableMessage({ messages, rooms }: World, id: string, person: Person): Message {
  const message = messages.message(id);
  if (message && canRead(message, person, rooms)) return message;
  throw httpError(404, "The requested message could not be found.");
}

/** The person who pressed a button and the author of the card can read the attachment action. */
export function readableAction({ messages, rooms }: World, id: string, person: Person): AttachmentAction {
  const found = messages.attachmentAction(id);
  const isMine = found?.action.personId === person.id || found?.cardBy === person.id;
  if (found && isMine && rooms.get(found.action.roomId)) return found.action;
  throw httpError(404, "The requested attachment action could not be found.");
}

export function readableRoom({ rooms }: World, id: string, person: Person): Room {
  const room = rooms.get(id);
  if (room && rooms.member(id, person.id)) return room;
  throw httpError(404, "The requested room could not be found.");
}

/** True if a person gets this event: by a webhook or by the socket of a device. */
export const receivesEvent = (world: World, personId: string, event: WebexEvent): boolean =>
  isPublished(event) && isVisibleTo(world, personId, event);

/**
 * The events that Webex publishes (Webhooks guide): none for an edited message and none for a deleted room; a person who leaves
 * or is removed is sent as `memberships` deleted.
 *
 * For a migrated room, only its new id is documented; neither the `data` of the event nor the ids of its messages. The sandbox
 * sends the room as it is now, without the old id, and messages keep their ids.
 */
function isPublished({ kind, action }: WebexEvent): boolean {
  return !(kind === "message" && action === "updated") && !(kind === "room" && action === "deleted");
}

function isVisibleTo({ people, rooms, messages }: World, personId: string, event: WebexEvent): boolean {
  const person = people.byId(personId);
  if (!person) return false;
  switch (event.kind) {
    case "message":
      return canRead(event.message, person, rooms);
    case "room":
      return rooms.member(event.room.id, person.id) !== undefined || event.actorId === person.id;
    case "membership":
      return rooms.member(event.membership.roomId, person.id) !== undefined;
    case "attachmentAction":
      return messages.attachmentAction(event.attachmentAction.id)?.cardBy === person.id;
  }
}
