import type { Clock } from "../../domain/ports/runtime.ts";
import type { Person } from "./people.ts";
import { decodeId, newId, webexId } from "./webex-ids.ts";
import type { Membership, PublishEvent, Room } from "./webex-records.ts";

/** Rooms and who is in them: state and its changes, without the rules of who may. */
export function createRoomStore({ clock, announce }: { readonly clock: Clock; readonly announce: PublishEvent }) {
  const rooms = new Map<string, Room>();
  const { openRoom, closeRoom, migrateRoom, ...members } = createMembershipStore({ clock, announce });
  const { member } = members;

  return {
    ...members,
    get: (id: string) => rooms.get(id),
    ofPerson: (personId: string) => [...rooms.values()].filter(({ id }) => member(id, personId)),
    findDirect: (one: string, other: string) =>
      [...rooms.values()].find(({ id, type }) => type === "direct" && member(id, one) && member(id, other)),

    add(creator: Person, details: Pick<Room, "title" | "type"> & { readonly id?: string }): Room {
      const { title, type, id = newId("ROOM") } = details;
      const at = new Date(clock()).toISOString();
      const room = { id, title, type, isLocked: false, lastActivity: at, creatorId: creator.id, created: at };
      rooms.set(id, room);
      openRoom(id);
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

    /** The same room and people under another id, as after a change of data residency; its messages are the timeline's. */
    migrate(room: Room, to: string, actorId: string): Room {
      const moved = { ...room, id: to };
      rooms.delete(room.id);
      rooms.set(to, moved);
      migrateRoom(room.id, to);
      announce({ kind: "room", action: "migrated", actorId, room: moved, from: room.id });
      return moved;
    },

    /** Announced before it is gone, so that those who are in it still hear of it. */
    remove(room: Room, actorId: string): void {
      announce({ kind: "room", action: "deleted", actorId, room });
      rooms.delete(room.id);
      closeRoom(room.id);
    },
  };
}

/** Who is in which room. */
export function createMembershipStore({ clock, announce }: { readonly clock: Clock; readonly announce: PublishEvent }) {
  const members = new Map<string, Map<string, Membership>>();
  const begun = new Map<string, number>();
  const membersOf = (roomId: string): readonly Membership[] => [...(members.get(roomId)?.values() ?? [])];

  /** Who comes back does so later than the last time, even while the clock stands still. */
  function begin(id: string): string {
    const at = Math.max(clock(), (begun.get(id) ?? 0) + 1);
    begun.set(id, at);
    return new Date(at).toISOString();
  }

  return {
    membersOf,
    member: (roomId: string, personId: string) => members.get(roomId)?.get(personId),
    membershipById: (id: string) => [...members.keys()].flatMap(membersOf).find((one) => one.id === id),
    openRoom: (roomId: string) => members.set(roomId, new Map()),
    closeRoom: (roomId: string) => members.delete(roomId),

    /** Everybody in a room is in another one instead. Nothing is announced: the room is. */
    migrateRoom(from: string, to: string): void {
      const moved = membersOf(from).map((one) => ({
        ...one,
        id: membershipId(one.personId, to),
        roomId: to,
      }));
      members.delete(from);
      members.set(to, new Map(moved.map((one) => [one.personId, one])));
    },

    join(room: Room, person: Person, by: { readonly actorId: string; readonly isModerator?: boolean }): Membership {
      const id = membershipId(person.id, room.id);
      const joined: Membership = {
        id,
        roomId: room.id,
        personId: person.id,
        personEmail: person.email,
        personDisplayName: person.displayName,
        personOrgId: person.orgId,
        isModerator: by.isModerator ?? false,
        roomType: room.type,
        created: begin(id),
      };
      members.get(room.id)?.set(person.id, joined);
      announce({ kind: "membership", action: "created", actorId: by.actorId, membership: joined });
      return joined;
    },

    setModerator(membership: Membership, isModerator: boolean, actorId: string): Membership {
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

/** As in Webex, who leaves and comes back has the same membership id. */
const membershipId = (personId: string, roomId: string): string =>
  webexId("MEMBERSHIP", `${decodeId(personId)}:${decodeId(roomId)}`);
