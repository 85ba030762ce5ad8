import { httpError } from "../http/http-messages.ts";
import type { Person } from "../world/people.ts";
import type { Message, Room } from "../world/webex-records.ts";
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

export function readableRoom({ rooms }: World, id: string, person: Person): Room {
  const room = rooms.get(id);
  if (room && rooms.member(id, person.id)) return room;
  throw httpError(404, "The requested room could not be found.");
}
