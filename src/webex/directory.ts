import type { Clock } from "../domain/ports/runtime.ts";
import type { KnownMembers, People, Person, RoomMember, Rooms } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
import { undefinedIfNotFound } from "./failures.ts";
import type { WebexMembership, WebexPerson } from "./wire.ts";

/** For somebody who asks. */
const PERSON_TTL_MS = 60 * 60_000;
/** For somebody whom the bot tells something unasked. */
const RECIPIENT_TTL_MS = 60_000;
/** Webhooks announce changes of members; this limit matters only when one was missed. */
const MEMBERS_TTL_MS = 60_000;
/** How often members are read again because somebody joined or left meanwhile. */
const MOST_READS = 3;

interface DirectoryDeps {
  readonly api: Pick<WebexApi, "person" | "personByEmail" | "membership" | "memberships">;
  readonly people: People;
  readonly rooms: Pick<Rooms, "members" | "saveMembers">;
  readonly botId: string;
  /** True for a member in front of whom no customer may be shown. */
  readonly isGuest: (member: RoomMember) => boolean;
  readonly clock: Clock;
}

/** People, and the members of rooms: from the database while fresh, else from Webex. Throws the `Failure` of a call. */
export interface Directory {
  /** Somebody who asks. */
  person(personId: string): Promise<Person>;
  /** Somebody whom the bot tells something unasked; undefined if Webex knows nobody of that id or address. */
  recipient(of: { readonly personId: string } | { readonly email: string }): Promise<Person | undefined>;
  /** @param askerId somebody who must be among them; a list without, or without the bot, is no member list */
  members(roomId: string, askerId?: string): Promise<readonly RoomMember[]>;
}

export function createDirectory(deps: DirectoryDeps): Directory {
  const { api } = deps;
  return {
    person: (personId) => readPerson(deps, personId, PERSON_TTL_MS),
    async recipient(of) {
      if ("personId" in of) return undefinedIfNotFound(readPerson(deps, of.personId, RECIPIENT_TTL_MS));
      const person = await api.personByEmail(of.email);
      return person && toPerson(person);
    },
    members: (roomId, askerId) => membersOf(deps, roomId, [deps.botId, ...(askerId === undefined ? [] : [askerId])]),
  };
}

async function readPerson({ api, people, clock }: DirectoryDeps, personId: string, ttlMs: number): Promise<Person> {
  const stored = await people.find(personId, clock() - ttlMs);
  if (stored !== undefined) return stored;
  const person = toPerson(await api.person(personId));
  await people.save(person, clock());
  return person;
}

const toPerson = ({ id, emails, orgId, displayName }: WebexPerson): Person => ({
  personId: id,
  email: emails[0] ?? "",
  orgId,
  displayName,
});

/** @param expected the ids of people without whom the list is not believed */
async function membersOf(
  deps: DirectoryDeps,
  roomId: string,
  expected: readonly string[],
): Promise<readonly RoomMember[]> {
  const { rooms, clock } = deps;
  const isWhole = (list: readonly RoomMember[]) => expected.every((id) => list.some(({ personId }) => personId === id));
  for (let count = 0; count < MOST_READS; count += 1) {
    const known = await rooms.members(roomId);
    if (known !== undefined && isFresh(known, clock()) && isWhole(known.list)) return known.list;
    const askedAt = clock();
    const list = await readMembers(deps, roomId, known?.list ?? []);
    if (!isWhole(list)) break;
    await rooms.saveMembers(roomId, list, askedAt);
    const after = await rooms.members(roomId);
    if (after?.askedAt === askedAt || after?.validFrom === known?.validFrom) return list;
  }
  throw new Failure("webex.members_unsure", "Webex did not say who is in the space.", "Try again in a minute.");
}

function isFresh({ askedAt, validFrom }: KnownMembers, now: number): boolean {
  return askedAt >= validFrom && askedAt > now - MEMBERS_TTL_MS;
}

/** The list of Webex, and the guests of the list before who are missing from it although they are still in the room. */
async function readMembers(
  { api, isGuest }: DirectoryDeps,
  roomId: string,
  before: readonly RoomMember[],
): Promise<readonly RoomMember[]> {
  const list = (await api.memberships({ roomId })).map(toMember);
  const listed = new Set(list.map(({ personId }) => personId));
  const missing = before.filter((member) => !listed.has(member.personId) && isGuest(member));
  for (const [index, { membershipId }] of missing.entries()) {
    // One who is still there is enough: the others count as guests until the next reading.
    if ((await undefinedIfNotFound(api.membership(membershipId))) !== undefined)
      return [...list, ...missing.slice(index)];
  }
  return list;
}

function toMember({ id, personId, personEmail, personOrgId }: WebexMembership): RoomMember {
  const orgId = personOrgId === undefined ? {} : { orgId: personOrgId };
  return { membershipId: id, personId, email: personEmail, ...orgId };
}
