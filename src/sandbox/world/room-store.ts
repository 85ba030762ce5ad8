import type { Clock } from "../../domain/ports/runtime.ts";
import type { Person } from "./people.ts";
import { clusterOf, decodeId, type NewId, webexId } from "./webex-ids.ts";
import type { Membership, PublishEvent, Room, RoomDetails } from "./webex-records.ts";

interface RoomStoreDeps {
  readonly clock: Clock;
  readonly publish: PublishEvent;
  readonly newId: NewId;
}

/** Rooms and their members. The routes check who may change them. */
export function createRoomStore({ clock, publish, newId }: RoomStoreDeps) {
  const rooms = new Map<string, Room>();
  const { openRoom, closeRoom, migrateRoom, ...members } = createMembershipStore({ clock, publish });
  const { member } = members;

  return {
    ...members,
    get: (id: string) => rooms.get(id),
    ofPerson: (personId: string) => [...rooms.values()].filter(({ id }) => member(id, personId)),
    findDirect: (one: string, other: string) =>
      [...rooms.values()].find(({ id, type }) => type === "direct" && member(id, one) && member(id, other)),

    add(creator: Person, details: RoomDetails & Pick<Room, "type"> & { readonly id?: string }): Room {
      const { id = newId("ROOM"), isLocked = false, ...chosen } = details;
      const at = new Date(clock()).toISOString();
      const room = { id, ...chosen, isLocked, lastActivity: at, creatorId: creator.id, created: at };
      rooms.set(id, room);
      openRoom(id);
      publish({ kind: "room", action: "created", actorId: creator.id, room });
      return room;
    },

    change(room: Room, details: RoomDetails, actorId: string): Room {
      const changed = { ...room, ...details };
      rooms.set(room.id, changed);
      publish({ kind: "room", action: "updated", actorId, room: changed });
      return changed;
    },

    touch(roomId: string, lastActivity: string): void {
      const room = rooms.get(roomId);
      if (room) rooms.set(roomId, { ...room, lastActivity });
    },

    /** Changes the id of a room, as after a change of data residency. Its messages are migrated by the message store. */
    migrate(room: Room, to: string, actorId: string): Room {
      const moved = { ...room, id: to };
      rooms.delete(room.id);
      rooms.set(to, moved);
      migrateRoom(room.id, to);
      publish({ kind: "room", action: "migrated", actorId, room: moved, from: room.id });
      return moved;
    },

    /** The events are published first, so that the members of the room still get them. */
    remove(room: Room, actorId: string): void {
      publish({ kind: "room", action: "deleted", actorId, room });
      for (const membership of members.membersOf(room.id))
        publish({ kind: "membership", action: "deleted", actorId, membership });
      rooms.delete(room.id);
      closeRoom(room.id);
    },
  };
}

function createMembershipStore({ clock, publish }: { readonly clock: Clock; readonly publish: PublishEvent }) {
  const members = new Map<string, Map<string, Membership>>();
  const joinedAt = new Map<string, number>();
  const membersOf = (roomId: string): readonly Membership[] => [...(members.get(roomId)?.values() ?? [])];

  /** A membership is always created later than the previous one of the same person and room, even while the clock is paused. */
  function nextJoinTime(id: string): string {
    const at = Math.max(clock(), (joinedAt.get(id) ?? 0) + 1);
    joinedAt.set(id, at);
    return new Date(at).toISOString();
  }

  return {
    membersOf,
    member: (roomId: string, personId: string) => members.get(roomId)?.get(personId),
    membershipById: (id: string) => [...members.keys()].flatMap(membersOf).find((one) => one.id === id),
    openRoom: (roomId: string) => members.set(roomId, new Map()),
    closeRoom: (roomId: string) => members.delete(roomId),

    /** Moves all members to another room. The event is published for the room. */
    migrateRoom(from: string, to: string): void {
      const moved = membersOf(from).map((one) => ({ ...one, id: membershipId(one.personId, to), roomId: to }));
      members.delete(from);
      members.set(to, new Map(moved.map((one) => [one.personId, one])));
    },

    join(room: Room, person: Person, by: { readonly actorId: string; readonly isModerator?: boolean }): Membership {
      const created = nextJoinTime(membershipId(person.id, room.id));
      const joined = newMembership(room, person, { isModerator: by.isModerator ?? false, created });
      members.get(room.id)?.set(person.id, joined);
      publish({ kind: "membership", action: "created", actorId: by.actorId, membership: joined });
      return joined;
    },

    setModerator(membership: Membership, isModerator: boolean, actorId: string): Membership {
      const changed = { ...membership, isModerator };
      members.get(membership.roomId)?.set(membership.personId, changed);
      publish({ kind: "membership", action: "updated", actorId, membership: changed });
      return changed;
    },

    /** The event is published first, so that the removed person still gets it. */
    leave(membership: Membership, actorId: string): void {
      publish({ kind: "membership", action: "deleted", actorId, membership });
      members.get(membership.roomId)?.delete(membership.personId);
    },
  };
}

function newMembership(
  room: Room,
  person: Person,
  { isModerator, created }: Pick<Membership, "isModerator" | "created">,
): Membership {
  return {
    id: membershipId(person.id, room.id),
    roomId: room.id,
    personId: person.id,
    personEmail: person.email,
    personDisplayName: person.displayName,
    personOrgId: person.orgId,
    isModerator,
    roomType: room.type,
    created,
  };
}

/** As in Webex, a person who leaves and comes back gets the same membership id. */
const membershipId = (personId: string, roomId: string): string =>
  webexId("MEMBERSHIP", `${decodeId(personId)}:${decodeId(roomId)}`, clusterOf(roomId));
