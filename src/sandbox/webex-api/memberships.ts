import { z } from "zod";
import type { Caller } from "../callers.ts";
import { type Ask, NO_CONTENT, ok, pageOf, readJson, refuse } from "../exchange.ts";
import type { Person } from "../people.ts";
import type { Membership } from "../records.ts";
import type { Routes } from "../routes.ts";
import type { World } from "../world.ts";
import { roomOf } from "./sight.ts";

const InvitationSchema = z.object({
  roomId: z.string(),
  personId: z.string().optional(),
  personEmail: z.string().optional(),
  isModerator: z.boolean().optional(),
});
const ChangeSchema = z.object({ isModerator: z.boolean() });

export function membershipRoutes(world: World): Routes<Caller> {
  const { rooms } = world;
  return {
    "GET /memberships": (ask, { person }) =>
      pageOf(ask, select(world, ask, person), { usual: 100, most: 1000 }),
    "POST /memberships": (ask, { person }) => ok(invite(world, readJson(ask, InvitationSchema), person)),
    "GET /memberships/:id": ({ id }, { person }) => ok(membershipOf(world, id, person)),
    "PUT /memberships/:id": (ask, { person }) => {
      const { isModerator } = readJson(ask, ChangeSchema);
      return ok(rooms.moderate(membershipOf(world, ask.id, person), isModerator, person.id));
    },
    "DELETE /memberships/:id": ({ id }, { person }) => {
      const membership = membershipOf(world, id, person);
      if (membership.roomType === "direct") throw refuse(403, "Nobody can leave a 1:1 space.");
      rooms.leave(membership, person.id);
      return NO_CONTENT;
    },
  };
}

/** The members of one room, or, without a room, the asker's own memberships. */
function select(world: World, { query }: Ask, person: Person): readonly Membership[] {
  const roomId = query.get("roomId");
  const personId = query.get("personId");
  const personEmail = query.get("personEmail")?.toLowerCase() ?? null;
  const all =
    roomId === null
      ? world.rooms.of(person.id).flatMap(({ id }) => world.rooms.membersOf(id))
      : world.rooms.membersOf(roomOf(world, roomId, person).id);
  const aboutSomeone = personId !== null || personEmail !== null;
  const wanted =
    aboutSomeone || roomId !== null ? { personId, personEmail } : { personId: person.id, personEmail };
  return all.filter(
    (membership) =>
      (wanted.personId === null || membership.personId === wanted.personId) &&
      (wanted.personEmail === null || membership.personEmail === wanted.personEmail),
  );
}

function membershipOf({ rooms }: World, id: string, person: Person): Membership {
  const membership = rooms.memberById(id);
  if (membership && rooms.member(membership.roomId, person.id)) return membership;
  throw refuse(404, "The requested membership could not be found.");
}

function invite(world: World, invitation: z.output<typeof InvitationSchema>, by: Person): Membership {
  const { people, rooms } = world;
  const { roomId, personId, personEmail, isModerator = false } = invitation;
  const room = roomOf(world, roomId, by);
  if (room.type === "direct") throw refuse(403, "Nobody can be added to a 1:1 space.");
  const person = personId === undefined ? people.byEmail(personEmail ?? "") : people.byId(personId);
  if (!person) throw refuse(404, "The person to add could not be found.");
  if (rooms.member(room.id, person.id)) throw refuse(409, "The person is in the space already.");
  return rooms.join(room, person, { actorId: by.id, isModerator });
}
