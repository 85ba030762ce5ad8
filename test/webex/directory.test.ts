import { expect, test } from "vitest";
import type { KnownMembers, Person } from "../../src/domain/ports/store.ts";
import { Failure } from "../../src/errors.ts";
import { createDirectory } from "../../src/webex/directory.ts";
import type { WebexMembership } from "../../src/webex/wire.ts";
import { HOUR, MINUTE } from "../support/time.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const listed = (...people: readonly string[]): readonly WebexMembership[] =>
  people.map(
    (personId) =>
      ({ id: `m-${personId}`, roomId: "war", personId, personEmail: `${personId}@x.example` }) as WebexMembership,
  );
const notFound = () => new Failure("webex.not_found", "", "");

/** Webex as it really is, and the lists that it gives in the place of the true one. */
interface Webex {
  members: readonly string[];
  isLookUpDown?: boolean;
  readonly lies: (readonly string[] | Failure | (() => readonly string[]))[];
}

function open(webex: Partial<Webex> = {}) {
  const world: Webex = { members: ["bot", "ana"], lies: [], ...webex };
  const calls: string[] = [];
  const people = new Map<string, { person: Person; readAt: number }>();
  const clock = { now: NOON };
  let known: KnownMembers | undefined;
  const forgetMembers = () => {
    known = { list: [], askedAt: 0, ...known, validFrom: clock.now + 1 };
  };
  const directory = createDirectory({
    api: {
      async person(id) {
        calls.push(`person ${id}`);
        if (!world.members.includes(id)) throw notFound();
        return { id, emails: [`${id}@x.example`], orgId: "home", displayName: id, type: "person" };
      },
      async personByEmail(email) {
        calls.push(`person ${email}`);
        return undefined;
      },
      async memberships() {
        calls.push("list");
        const lie = world.lies.shift() ?? world.members;
        if (lie instanceof Failure) throw lie;
        return listed(...(typeof lie === "function" ? lie() : lie));
      },
      async membership(id) {
        calls.push(`look up ${id}`);
        if (world.isLookUpDown) throw new Failure("webex.unavailable", "", "", { retryable: true });
        const [found] = listed(...world.members).filter((one) => one.id === id);
        if (found === undefined) throw notFound();
        return found;
      },
    },
    people: {
      find: async (id, notBefore) => {
        const stored = people.get(id);
        return stored !== undefined && stored.readAt >= notBefore ? stored.person : undefined;
      },
      save: async (person, readAt) => void people.set(person.personId, { person, readAt }),
    },
    rooms: {
      members: async () => known,
      async saveMembers(_, list, askedAt) {
        if ((known?.validFrom ?? 0) <= askedAt) known = { list, askedAt, validFrom: askedAt };
      },
    },
    botId: "bot",
    isGuest: ({ personId }) => personId.startsWith("guest"),
    clock: () => clock.now,
  });
  const ids = async (askerId?: string) => (await directory.members("war", askerId)).map(({ personId }) => personId);
  return { world, calls, clock, directory, ids, forgetMembers };
}

test("the members of a room are read again after a minute, and after somebody came or went", async () => {
  const { ids, calls, clock, forgetMembers } = open();
  expect([await ids(), await ids()]).toEqual([
    ["bot", "ana"],
    ["bot", "ana"],
  ]);
  expect(calls).toEqual(["list"]);
  clock.now += MINUTE - 1;
  await ids();
  expect(calls).toHaveLength(1);
  clock.now += 1;
  await ids();
  expect(calls).toHaveLength(2);
  forgetMembers();
  clock.now += 1;
  await ids();
  expect(calls).toHaveLength(3);
});

test.each([
  ["that is empty", []],
  ["without the bot", ["ana"]],
  ["without the person who asks", ["bot"]],
])("a list %s is no member list, and is not kept", async (_, list) => {
  const { ids, world } = open();
  world.lies.push(list);
  await expect(ids("ana")).rejects.toMatchObject({ code: "webex.members_unsure" });
  expect(await ids("ana")).toEqual(["bot", "ana"]);
});

test("somebody who came a moment ago and asks is found, although the list is fresh", async () => {
  const { ids, world } = open();
  await ids();
  world.members = ["bot", "ana", "ben"];
  expect(await ids("ben")).toEqual(["bot", "ana", "ben"]);
});

test("a guest who is missing from a list counts until a look-up finds that the guest has left", async () => {
  const { ids, world, calls, clock, forgetMembers } = open({ members: ["bot", "ana", "guest1", "guest2", "ben"] });
  await ids();
  forgetMembers();
  clock.now += MINUTE;
  world.lies.push(["bot", "ana"]);
  expect(await ids()).toEqual(["bot", "ana", "guest1", "guest2"]);
  expect(calls.slice(1)).toEqual(["list", "look up m-guest1"]);
  world.members = ["bot", "ana", "guest2"];
  clock.now += MINUTE;
  world.lies.push(["bot", "ana"]);
  expect(await ids()).toEqual(["bot", "ana", "guest2"]);
  world.members = ["bot", "ana"];
  clock.now += MINUTE;
  expect(await ids()).toEqual(["bot", "ana"]);
});

test("while the look-up of a missing guest fails, it is not known who is in the room", async () => {
  const { ids, world, clock } = open({ members: ["bot", "guest"] });
  await ids();
  clock.now += MINUTE;
  world.lies.push(["bot"], ["bot"]);
  world.isLookUpDown = true;
  await expect(ids()).rejects.toMatchObject({ code: "webex.unavailable" });
  world.isLookUpDown = false;
  expect(await ids()).toEqual(["bot", "guest"]);
});

test("a guest who comes while the list is read is not missed", async () => {
  const { ids, world, clock, forgetMembers } = open();
  world.lies.push(() => {
    world.members = ["bot", "ana", "guest"];
    clock.now += 5;
    forgetMembers();
    clock.now += 5;
    return ["bot", "ana"];
  });
  expect(await ids()).toEqual(["bot", "ana", "guest"]);
});

test("where people come and go all the time, it is not known who is in the room", async () => {
  const { ids, world, clock, forgetMembers } = open();
  const changing = () => {
    clock.now += 5;
    forgetMembers();
    return ["bot", "ana"];
  };
  world.lies.push(changing, changing, changing);
  await expect(ids()).rejects.toMatchObject({ code: "webex.members_unsure" });
});

test("a person who asks is known for an hour, one who is told something unasked for a minute", async () => {
  const { directory, calls, clock } = open();
  await directory.person("ana");
  clock.now += MINUTE;
  await directory.recipient({ personId: "ana" });
  expect(calls).toHaveLength(1);
  clock.now += 1;
  await directory.recipient({ personId: "ana" });
  expect(calls).toHaveLength(2);
  clock.now += HOUR;
  await directory.person("ana");
  expect(calls).toHaveLength(2);
  clock.now += 1;
  await directory.person("ana");
  expect(calls).toHaveLength(3);
});

test("a recipient whom Webex does not know is nobody", async () => {
  const { directory } = open();
  expect(await directory.recipient({ personId: "gone" })).toBeUndefined();
  expect(await directory.recipient({ email: "typo@x.example" })).toBeUndefined();
});
