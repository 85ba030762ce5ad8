import { z } from "zod";
import { httpError, NO_CONTENT, ok, readJson } from "./exchange.ts";
import { newId } from "./ids.ts";
import type { Room } from "./records.ts";
import type { Routes } from "./routes.ts";
import type { World } from "./world.ts";

const RoleSchema = z.strictObject({
  /** Where several have it: the first of them who can go, or come. */
  role: z.enum(["bot", "viewer", "operator", "admin", "outsider"]).default("bot"),
});

/** What happens to a space from outside: all of it is the admin's doing, who need not be in it. */
export function roomControlRoutes(world: World): Routes<undefined> {
  const { people, rooms, messages } = world;
  const actorId = people.admin.id;
  return {
    "POST /sandbox/rooms/:id/kick": (ask) => {
      const room = groupOf(world, ask.id);
      const { role } = readJson(ask, RoleSchema);
      const members = people.byRole(role).flatMap(({ id }) => rooms.member(room.id, id) ?? []);
      rooms.leave(firstOrConflict(members, `No ${role} is in the space.`), actorId);
      return NO_CONTENT;
    },
    "POST /sandbox/rooms/:id/invite": (ask) => {
      const room = groupOf(world, ask.id);
      const { role } = readJson(ask, RoleSchema);
      const others = people.byRole(role).filter(({ id }) => !rooms.member(room.id, id));
      return ok(
        rooms.join(room, firstOrConflict(others, `Every ${role} is in the space already.`), { actorId }),
      );
    },
    "POST /sandbox/rooms/:id/migrate": ({ id }) => {
      const room = roomOf(world, id);
      const to = newId("ROOM");
      messages.migrate(id, to);
      return ok(rooms.migrate(room, to, actorId));
    },
    "DELETE /sandbox/rooms/:id": ({ id }) => {
      rooms.remove(groupOf(world, id), actorId);
      return NO_CONTENT;
    },
  };
}

function roomOf({ rooms }: World, id: string): Room {
  const room = rooms.get(id);
  if (room) return room;
  throw httpError(404, "The space could not be found.");
}

/** Webex lets nobody leave or join a 1:1, and deletes none. */
function groupOf(world: World, id: string): Room {
  const room = roomOf(world, id);
  if (room.type === "group") return room;
  throw httpError(403, "A 1:1 space cannot be changed.");
}

function firstOrConflict<T>([first]: readonly T[], otherwise: string): T {
  if (first === undefined) throw httpError(409, otherwise);
  return first;
}
