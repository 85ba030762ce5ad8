import type { Clock } from "../domain/ports/messaging.ts";
import { newId } from "./ids.ts";
import { createMembershipStore } from "./members.ts";
import type { Person } from "./people.ts";
import type { PublishEvent, Room } from "./records.ts";

/** Rooms and who is in them: state and its changes, without the rules of who may. */
export function createRoomStore({
  clock,
  announce,
}: {
  readonly clock: Clock;
  readonly announce: PublishEvent;
}) {
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
