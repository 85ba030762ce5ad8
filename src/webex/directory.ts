import type { Clock } from "../domain/ports/runtime.ts";
import type { People, Person, RoomMember, Rooms } from "../domain/ports/store.ts";
import type { WebexApi } from "./api.ts";

/** A person's organisation and address hardly ever change; a day old is fresh enough. */
const PERSON_MS = 24 * 60 * 60_000;
/** Comings and goings are told by webhook; this is only the net below it. */
const MEMBERS_MS = 15 * 60_000;

interface DirectoryDeps {
  readonly api: WebexApi;
  readonly people: People;
  readonly rooms: Rooms;
  readonly clock: Clock;
}

/** Who somebody is and who is in a room: from memory while that is fresh, else from Webex. */
export interface Directory {
  person(personId: string): Promise<Person>;
  members(roomId: string): Promise<readonly RoomMember[]>;
}

export function createDirectory({ api, people, rooms, clock }: DirectoryDeps): Directory {
  return {
    async person(personId) {
      const known = await people.find(personId, clock() - PERSON_MS);
      if (known !== undefined) return known;
      const { emails, orgId, displayName } = await api.person(personId);
      const person = { personId, email: emails[0] ?? "", orgId, displayName };
      await people.save(person, clock());
      return person;
    },
    async members(roomId) {
      const known = await rooms.members(roomId, clock() - MEMBERS_MS);
      if (known !== undefined) return known;
      const askedAt = clock();
      const memberships = await api.memberships({ roomId });
      const members = memberships.map(({ personId, personEmail, personOrgId }) => ({
        personId,
        email: personEmail,
        ...(personOrgId === undefined ? {} : { orgId: personOrgId }),
      }));
      await rooms.saveMembers(roomId, members, askedAt);
      return members;
    },
  };
}
