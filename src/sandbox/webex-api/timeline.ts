import { type HttpRequest, type HttpResponse, httpError, nextLink, queryNumber } from "../exchange.ts";
import type { Person } from "../people.ts";
import type { Message, Room } from "../records.ts";
import type { World } from "../world.ts";
import { canRead, readableRoom } from "./sight.ts";

/** `GET /messages`: newest first. A bot in a group must ask for the messages that mention it. */
export function listMessages(world: World, ask: HttpRequest, person: Person): HttpResponse {
  const roomId = ask.query.get("roomId");
  if (!roomId) throw httpError(400, "roomId is missing.");
  const room = readableRoom(world, roomId, person);
  const mentioned = ask.query.getAll("mentionedPeople").flatMap((value) => value.split(","));
  if (person.role === "bot" && room.type === "group" && !mentioned.includes("me")) {
    throw httpError(
      403,
      "In a group space a bot may list only messages that mention it: mentionedPeople=me.",
    );
  }
  const wanted = mentioned.map((id) => (id === "me" ? person.id : id));
  const heard = (message: Message) =>
    wanted.length === 0 || message.mentionedPeople?.some((id) => wanted.includes(id));
  return messagePage(world, ask, {
    room,
    person,
    most: wanted.length > 0 ? 100 : 1000,
    fits: (m) => heard(m) === true,
  });
}

/** `GET /messages/direct`: the 1:1 with somebody. */
export function listDirect(world: World, ask: HttpRequest, person: Person): HttpResponse {
  const email = ask.query.get("personEmail");
  const other =
    email === null ? world.people.byId(ask.query.get("personId") ?? "") : world.people.byEmail(email);
  const room = other && world.rooms.findDirect(person.id, other.id);
  if (!room) throw httpError(404, "There is no 1:1 space with this person.");
  return messagePage(world, ask, { room, person, most: 1000, fits: () => true });
}

interface MessageListQuery {
  readonly room: Room;
  readonly person: Person;
  readonly most: number;
  readonly fits: (message: Message) => boolean;
}

function messagePage(
  world: World,
  ask: HttpRequest,
  { room, person, most, fits }: MessageListQuery,
): HttpResponse {
  const max = Math.min(queryNumber(ask, "max", { usual: 50, least: 1 }), most);
  const parentId = ask.query.get("parentId");
  const found = olderMessages(world.messages.inRoom(room.id), ask).filter(
    (message) =>
      canRead(message, person, world.rooms) &&
      fits(message) &&
      (parentId === null || message.parentId === parentId),
  );
  const items = found.slice(0, max);
  const last = items.at(-1);
  const headers = found.length > max && last ? nextLink(ask, { beforeMessage: last.id, max }) : {};
  return { status: 200, headers, json: { items } };
}

function olderMessages(messages: readonly Message[], { query }: HttpRequest): readonly Message[] {
  const before = query.get("before");
  const beforeMessage = query.get("beforeMessage");
  const until = before === null ? Number.POSITIVE_INFINITY : Date.parse(before);
  if (Number.isNaN(until)) throw httpError(400, "before must be a date and time (ISO 8601).");
  const from = beforeMessage === null ? -1 : messages.findIndex(({ id }) => id === beforeMessage);
  if (beforeMessage !== null && from === -1)
    throw httpError(404, "The message of beforeMessage could not be found.");
  return messages.slice(from + 1).filter(({ created }) => Date.parse(created) < until);
}
