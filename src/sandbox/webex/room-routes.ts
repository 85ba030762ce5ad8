import { z } from "zod";
import { flag, type HttpRequest, httpError, NO_CONTENT, ok, paginate, readFields } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { Person } from "../world/people.ts";
import type { Room } from "../world/webex-records.ts";
import type { World } from "../world/world.ts";
import { readableRoom } from "./read-access.ts";

const RoomSchema = z.object({
  title: z.string().min(1),
  isLocked: flag.exactOptional(),
  isPublic: flag.exactOptional(),
  description: z.string().exactOptional(),
});

export function roomRoutes(world: World): Routes<Caller> {
  const { rooms } = world;
  return {
    "GET /rooms": (ask, { person }) => {
      const mine = rooms.ofPerson(person.id).map((room) => presentRoom(world, room, person));
      return paginate(ask, sortRooms(mine, ask), { usual: 100, most: 1000 });
    },
    "POST /rooms": (ask, { person }) => {
      const room = rooms.add(person, { ...readFields(ask, RoomSchema), type: "group" });
      rooms.join(room, person, { actorId: person.id });
      return ok(presentRoom(world, room, person));
    },
    "GET /rooms/:id": ({ id }, { person }) => ok(presentRoom(world, readableRoom(world, id, person), person)),
    "PUT /rooms/:id": (ask, { person }) => {
      const room = requireGroupRoom(world, ask.id, person);
      return ok(presentRoom(world, rooms.change(room, readFields(ask, RoomSchema), person.id), person));
    },
    "DELETE /rooms/:id": ({ id }, { person }) => {
      const room = requireGroupRoom(world, id, person);
      const own = rooms.member(room.id, person.id);
      if (mayDelete(world, room, person)) rooms.remove(room, person.id);
      else if (own) rooms.leave(own, person.id);
      return NO_CONTENT;
    },
  };
}

function sortRooms(rooms: readonly Room[], { query }: HttpRequest): readonly Room[] {
  const type = query.get("type");
  if (type !== null && type !== "direct" && type !== "group") throw httpError(400, "type must be direct or group.");
  const by = query.get("sortBy") === "created" ? "created" : "lastActivity";
  return rooms.filter((room) => type === null || room.type === type).toSorted((a, b) => b[by].localeCompare(a[by]));
}

/** Anybody else leaves the space instead (API reference, Delete a Room). Where there are no moderators, its creator may. */
function mayDelete({ rooms }: World, { id, creatorId }: Room, person: Person): boolean {
  const moderators = rooms.membersOf(id).filter(({ isModerator }) => isModerator);
  if (moderators.length === 0) return creatorId === person.id;
  return moderators.some(({ personId }) => personId === person.id);
}

function requireGroupRoom(world: World, id: string, person: Person): Room {
  const room = readableRoom(world, id, person);
  if (room.type === "group") return room;
  throw httpError(400, "A 1:1 space cannot be changed.");
}

/** The title of a 1:1 is the name of the other person, so it depends on the viewer. */
export function presentRoom({ rooms }: Pick<World, "rooms">, room: Room, viewer: { readonly id: string }): Room {
  if (room.type === "group") return room;
  const other = rooms.membersOf(room.id).find(({ personId }) => personId !== viewer.id);
  return { ...room, title: other?.personDisplayName ?? "" };
}
