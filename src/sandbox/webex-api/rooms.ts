import { z } from "zod";
import type { Caller } from "../callers.ts";
import { type Ask, NO_CONTENT, ok, pageOf, readJson, refuse } from "../exchange.ts";
import type { Person } from "../people.ts";
import type { Room } from "../records.ts";
import type { Routes } from "../routes.ts";
import type { World } from "../world.ts";
import { roomOf } from "./sight.ts";

const RoomSchema = z.object({ title: z.string().min(1) });

export function roomRoutes(world: World): Routes<Caller> {
  const { rooms } = world;
  return {
    "GET /rooms": (ask, { person }) => {
      const mine = rooms.of(person.id).map((room) => presentRoom(world, room, person));
      return pageOf(ask, sorted(mine, ask), { usual: 100, most: 1000 });
    },
    "POST /rooms": (ask, { person }) => {
      const room = rooms.add(person, { title: readJson(ask, RoomSchema).title, type: "group" });
      rooms.join(room, person, { actorId: person.id });
      return ok(presentRoom(world, room, person));
    },
    "GET /rooms/:id": ({ id }, { person }) => ok(presentRoom(world, roomOf(world, id, person), person)),
    "PUT /rooms/:id": (ask, { person }) => {
      const room = groupOf(world, ask.id, person);
      return ok(presentRoom(world, rooms.rename(room, readJson(ask, RoomSchema).title, person.id), person));
    },
    "DELETE /rooms/:id": ({ id }, { person }) => {
      rooms.remove(groupOf(world, id, person), person.id);
      return NO_CONTENT;
    },
  };
}

function sorted(rooms: readonly Room[], { query }: Ask): readonly Room[] {
  const type = query.get("type");
  if (type !== null && type !== "direct" && type !== "group")
    throw refuse(400, "type must be direct or group.");
  const by = query.get("sortBy") === "created" ? "created" : "lastActivity";
  return rooms
    .filter((room) => type === null || room.type === type)
    .toSorted((a, b) => b[by].localeCompare(a[by]));
}

function groupOf(world: World, id: string, person: Person): Room {
  const room = roomOf(world, id, person);
  if (room.type === "group") return room;
  throw refuse(400, "A 1:1 space cannot be changed.");
}

/** A 1:1 is called after the other person, so its title depends on who looks. */
export function presentRoom(
  { rooms }: Pick<World, "rooms">,
  room: Room,
  viewer: { readonly id: string },
): Room {
  if (room.type === "group") return room;
  const other = rooms.membersOf(room.id).find(({ personId }) => personId !== viewer.id);
  return { ...room, title: other?.personDisplayName ?? "" };
}
