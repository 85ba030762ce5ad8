import type { Clock } from "../domain/ports/runtime.ts";
import type { People, Person, RoomMember, Rooms } from "../domain/ports/store.ts";
import type { WebexApi } from "./api.ts";

/** A person’s organisation and address rarely change. */
const PERSON_TTL_MS = 24 * 60 * 60_000;
/** Webhooks announce changes of members; this limit matters only when one was missed. */
const MEMBERS_TTL_MS = 15 * 60_000;

interface DirectoryDeps {
  readonly api: WebexApi;
  readonly people: People;
  readonly rooms: Rooms;
  readonly clock: Clock;
}

/** People, and the members of rooms: from the database while fresh, else from Webex. */
export interface Directory {
  person(personId: string): Promise<Person>;
  members(roomId: string): Promise<readonly RoomMember[]>;
}

export function createDirectory({ api, people, rooms, clock }: DirectoryDeps): Directory {
  return {
    async person(personId) {
      const stored = await people.find(personId, clock() - PERSON_TTL_MS);
      if (stored !== undefined) return stored;
      const { emails, orgId, displayName } = await api.person(personId);
      const person = { personId, email: emails[0] ?? "", orgId, displayName };
      await people.save(person, clock());
      return person;
    },
    async members(roomId) {
      const stored = await rooms.members(roomId, clock() - MEMBERS_TTL_MS);
      if (stored !== undefined) return stored;
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
