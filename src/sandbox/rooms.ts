import type { Clock } from "../domain/ports.ts";
import { nameOf, newId, webexId } from "./ids.ts";
import type { Person } from "./people.ts";
import type { Announce, Membership, Room } from "./records.ts";

/** Rooms and who is in them: state and its changes, without the rules of who may. */
export function createRooms({ clock, announce }: { readonly clock: Clock; readonly announce: Announce }) {
  const rooms = new Map<string, Room>();
  const members = new Map<string, Map<string, Membership>>();
  const membersOf = (roomId: string): readonly Membership[] => [...(members.get(roomId)?.values() ?? [])];
  const member = (roomId: string, personId: string) => members.get(roomId)?.get(personId);

  return {
    get: (id: string) => rooms.get(id),
    membersOf,
    member,
    of: (personId: string) => [...rooms.values()].filter(({ id }) => member(id, personId)),
    memberById: (id: string) =>
      [...rooms.keys()].flatMap(membersOf).find((membership) => membership.id === id),
    direct: (one: string, other: string) =>
      [...rooms.values()].find(({ id, type }) => type === "direct" && member(id, one) && member(id, other)),

    add(creator: Person, details: Pick<Room, "title" | "type"> & { readonly id?: string }): Room {
      const { title, type, id = newId("ROOM") } = details;
      const at = new Date(clock()).toISOString();
      const room = { id, title, type, isLocked: false, lastActivity: at, creatorId: creator.id, created: at };
      rooms.set(id, room);
      members.set(id, new Map());
      announce({ kind: "room", action: "created", actorId: creator.id, room });
      return room;
    },

    rename(room: Room, title: string, actorId: string): Room {
      const renamed = { ...room, title };
      rooms.set(room.id, renamed);
      announce({ kind: "room", action: "updated", actorId, room: renamed });
      return renamed;
    },

    touch(roomId: string, lastActivity: string): void {
      const room = rooms.get(roomId);
      if (room) rooms.set(roomId, { ...room, lastActivity });
    },

    /** Announced before it is gone, so that those who are in it still hear of it. */
    remove(room: Room, actorId: string): void {
      announce({ kind: "room", action: "deleted", actorId, room });
      rooms.delete(room.id);
      members.delete(room.id);
    },

    join(
      room: Room,
      person: Person,
      by: { readonly actorId: string; readonly isModerator?: boolean },
    ): Membership {
      const joined: Membership = {
        // As in Webex, who leaves and comes back has the same membership id.
        id: webexId("MEMBERSHIP", `${nameOf(person.id)}:${nameOf(room.id)}`),
        roomId: room.id,
        personId: person.id,
        personEmail: person.email,
        personDisplayName: person.displayName,
        personOrgId: person.orgId,
        isModerator: by.isModerator ?? false,
        roomType: room.type,
        created: new Date(clock()).toISOString(),
      };
      members.get(room.id)?.set(person.id, joined);
      announce({ kind: "membership", action: "created", actorId: by.actorId, membership: joined });
      return joined;
    },

    moderate(membership: Membership, isModerator: boolean, actorId: string): Membership {
      const changed = { ...membership, isModerator };
      members.get(membership.roomId)?.set(membership.personId, changed);
      announce({ kind: "membership", action: "updated", actorId, membership: changed });
      return changed;
    },

    /** Announced before it is so, that the one who is removed hears of it too. */
    leave(membership: Membership, actorId: string): void {
      announce({ kind: "membership", action: "deleted", actorId, membership });
      members.get(membership.roomId)?.delete(membership.personId);
    },
  };
}
