import { type Answer, type Ask, nextLink, readNumber, refuse } from "../exchange.ts";
import type { Person } from "../people.ts";
import type { Message, Room } from "../records.ts";
import type { World } from "../world.ts";
import { mayRead, roomOf } from "./sight.ts";

/** `GET /messages`: newest first. A bot in a group must ask for the messages that mention it. */
export function listMessages(world: World, ask: Ask, person: Person): Answer {
  const roomId = ask.query.get("roomId");
  if (!roomId) throw refuse(400, "roomId is missing.");
  const room = roomOf(world, roomId, person);
  const mentioned = ask.query.getAll("mentionedPeople").flatMap((value) => value.split(","));
  if (person.role === "bot" && room.type === "group" && !mentioned.includes("me")) {
    throw refuse(403, "In a group space a bot may list only messages that mention it: mentionedPeople=me.");
  }
  const wanted = mentioned.map((id) => (id === "me" ? person.id : id));
  const heard = (message: Message) =>
    wanted.length === 0 || message.mentionedPeople?.some((id) => wanted.includes(id));
  return page(world, ask, {
    room,
    person,
    most: wanted.length > 0 ? 100 : 1000,
    fits: (m) => heard(m) === true,
  });
}

/** `GET /messages/direct`: the 1:1 with somebody. */
export function listDirect(world: World, ask: Ask, person: Person): Answer {
  const email = ask.query.get("personEmail");
  const other =
    email === null ? world.people.byId(ask.query.get("personId") ?? "") : world.people.byEmail(email);
  const room = other && world.rooms.direct(person.id, other.id);
  if (!room) throw refuse(404, "There is no 1:1 space with this person.");
  return page(world, ask, { room, person, most: 1000, fits: () => true });
}

interface Wanted {
  readonly room: Room;
  readonly person: Person;
  readonly most: number;
  readonly fits: (message: Message) => boolean;
}

function page(world: World, ask: Ask, { room, person, most, fits }: Wanted): Answer {
  const max = Math.min(readNumber(ask, "max", { usual: 50, least: 1 }), most);
  const parentId = ask.query.get("parentId");
  const found = older(world.timeline.of(room.id), ask).filter(
    (message) =>
      mayRead(message, person, world.rooms) &&
      fits(message) &&
      (parentId === null || message.parentId === parentId),
  );
  const items = found.slice(0, max);
  const last = items.at(-1);
  const headers = found.length > max && last ? nextLink(ask, { beforeMessage: last.id, max }) : {};
  return { status: 200, headers, json: { items } };
}

function older(messages: readonly Message[], { query }: Ask): readonly Message[] {
  const before = query.get("before");
  const beforeMessage = query.get("beforeMessage");
  const until = before === null ? Number.POSITIVE_INFINITY : Date.parse(before);
  if (Number.isNaN(until)) throw refuse(400, "before must be a date and time (ISO 8601).");
  const from = beforeMessage === null ? -1 : messages.findIndex(({ id }) => id === beforeMessage);
  if (beforeMessage !== null && from === -1)
    throw refuse(404, "The message of beforeMessage could not be found.");
  return messages.slice(from + 1).filter(({ created }) => Date.parse(created) < until);
}
