import type { Clock } from "../domain/ports/messaging.ts";
import { decodeId, webexId } from "./ids.ts";
import type { Person } from "./people.ts";
import type { Membership, PublishEvent, Room } from "./records.ts";

/** Who is in which room. */
export function createMembershipStore({
  clock,
  announce,
}: {
  readonly clock: Clock;
  readonly announce: PublishEvent;
}) {
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

    join(
      room: Room,
      person: Person,
      by: { readonly actorId: string; readonly isModerator?: boolean },
    ): Membership {
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
