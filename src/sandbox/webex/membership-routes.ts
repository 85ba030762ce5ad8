import { z } from "zod";
import { flag, type HttpRequest, httpError, NO_CONTENT, ok, paginate, readFields } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { Person } from "../world/people.ts";
import type { Membership } from "../world/webex-records.ts";
import type { World } from "../world/world.ts";
import { readableRoom } from "./read-access.ts";

const InvitationSchema = z.object({
  roomId: z.string(),
  personId: z.string().optional(),
  personEmail: z.string().optional(),
  isModerator: flag.optional(),
});
const MembershipChangeSchema = z.object({ isModerator: flag });

export function membershipRoutes(world: World): Routes<Caller> {
  const { rooms } = world;
  return {
    "GET /memberships": (ask, { person }) =>
      paginate(ask, falsify(listMemberships(world, ask, person), ask), { usual: 100, most: 1000 }),
    "POST /memberships": (ask, { person }) => ok(invite(world, readFields(ask, InvitationSchema), person)),
    "GET /memberships/:id": ({ id }, { person }) => ok(membershipOf(world, id, person)),
    "PUT /memberships/:id": (ask, { person }) => {
      const { isModerator } = readFields(ask, MembershipChangeSchema);
      return ok(rooms.setModerator(membershipOf(world, ask.id, person), isModerator, person.id));
    },
    "DELETE /memberships/:id": ({ id }, { person }) => {
      const membership = membershipOf(world, id, person);
      if (membership.roomType === "direct") throw httpError(403, "Nobody can leave a 1:1 space.");
      rooms.leave(membership, person.id);
      return NO_CONTENT;
    },
  };
}

/** The members of one room, or, without a room, the caller's own memberships. */
function listMemberships(world: World, { query }: HttpRequest, person: Person): readonly Membership[] {
  const roomId = query.get("roomId");
  const personId = query.get("personId");
  const personEmail = query.get("personEmail")?.toLowerCase() ?? null;
  const all =
    roomId === null
      ? world.rooms.ofPerson(person.id).flatMap(({ id }) => world.rooms.membersOf(id))
      : world.rooms.membersOf(readableRoom(world, roomId, person).id);
  const aboutSomeone = personId !== null || personEmail !== null;
  const wanted = aboutSomeone || roomId !== null ? { personId, personEmail } : { personId: person.id, personEmail };
  return all.filter(
    (membership) =>
      (wanted.personId === null || membership.personId === wanted.personId) &&
      (wanted.personEmail === null || membership.personEmail === wanted.personEmail),
  );
}

/** Nobody, or the half that came first, where the list is told to lie. */
function falsify(list: readonly Membership[], { lie }: HttpRequest): readonly Membership[] {
  if (lie === "empty") return [];
  return lie === "half" ? list.slice(0, Math.ceil(list.length / 2)) : list;
}

function membershipOf({ rooms }: World, id: string, person: Person): Membership {
  const membership = rooms.membershipById(id);
  if (membership && rooms.member(membership.roomId, person.id)) return membership;
  throw httpError(404, "The requested membership could not be found.");
}

function invite(world: World, invitation: z.output<typeof InvitationSchema>, by: Person): Membership {
  const { people, rooms } = world;
  const { roomId, personId, personEmail, isModerator = false } = invitation;
  const room = readableRoom(world, roomId, by);
  if (room.type === "direct") throw httpError(403, "Nobody can be added to a 1:1 space.");
  const person = personId === undefined ? people.byEmail(personEmail ?? "") : people.byId(personId);
  if (!person) throw httpError(404, "The person to add could not be found.");
  if (rooms.member(room.id, person.id)) throw httpError(409, "The person is in the space already.");
  return rooms.join(room, person, { actorId: by.id, isModerator });
}
