import { expect, test } from "vitest";
import { pausedTime } from "../support/time.ts";
import { readAllPages, startTwins } from "./twins.ts";

test("every person can read themselves, and tokens and ids are the same after every start", async () => {
  const first = await startTwins();
  const second = await startTwins();
  const { body: people } = await first.control("GET", "/people");
  expect((await second.control("GET", "/people")).body).toEqual(people);
  const roles = people.map(({ role }: { role: string }) => role);
  expect(roles.sort()).toEqual(["admin", "bot", "operator", "outsider", "viewer", "viewer"]);
  for (const { personId, token, email, orgId } of people) {
    const me = await first.ask("GET", "/v1/people/me", { token });
    expect(me.body).toMatchObject({ id: personId, emails: [email], orgId });
    expect(Buffer.from(personId, "base64url").toString()).toMatch(/^ciscospark:\/\/us\/PEOPLE\/[0-9a-f-]{36}$/);
  }
});

test("the outsider belongs to another organisation", async () => {
  const { people } = await startTwins();
  expect(people.outsider.orgId).not.toBe(people.viewer.orgId);
  expect(people.bot.orgId).toBe(people.viewer.orgId);
});

test("people are found by address or id, and cannot be listed without either", async () => {
  const { bot, people } = await startTwins();
  const { viewer, outsider } = people;
  const found = await bot("GET", `/people?email=${encodeURIComponent(viewer.email.toUpperCase())}`);
  expect(found.body.items.map(({ id }: { id: string }) => id)).toEqual([viewer.id]);
  const both = await bot("GET", `/people?id=${viewer.id},${outsider.id}`);
  expect(both.body.items).toHaveLength(2);
  expect((await bot("GET", "/people")).status).toBe(400);
  expect((await bot("GET", "/people/nobody")).status).toBe(404);
});

test("a new world has two group spaces, one of them with the outsider", async () => {
  const { bot, outsider, noc, warRoom, people } = await startTwins();
  const members = async (room: string) => (await bot("GET", `/memberships?roomId=${room}`)).body.items;
  expect((await members(noc)).map(({ personEmail }: { personEmail: string }) => personEmail)).not.toContain(
    people.outsider.email,
  );
  expect(await members(warRoom)).toContainEqual(
    expect.objectContaining({ personId: people.outsider.id, personOrgId: people.outsider.orgId }),
  );
  expect((await outsider("GET", "/rooms")).body.items.map(({ id }: { id: string }) => id)).toEqual([warRoom]);
});

test("a space is created, renamed, joined, left and deleted", async () => {
  const { viewer, secondViewer, people } = await startTwins();
  const { body: room } = await viewer("POST", "/rooms", { title: "Night shift" });
  expect((await viewer("PUT", `/rooms/${room.id}`, { title: "Late shift" })).body.title).toBe("Late shift");
  const invitation = { roomId: room.id, personEmail: people.secondViewer.email };
  const { body: membership } = await viewer("POST", "/memberships", invitation);
  expect((await viewer("POST", "/memberships", invitation)).status).toBe(409);
  expect((await secondViewer("GET", `/rooms/${room.id}`)).status).toBe(200);
  expect((await viewer("PUT", `/memberships/${membership.id}`, { isModerator: true })).body.isModerator).toBe(true);
  expect((await viewer("DELETE", `/memberships/${membership.id}`)).status).toBe(204);
  expect((await secondViewer("GET", `/rooms/${room.id}`)).status).toBe(404);
  expect((await viewer("DELETE", `/rooms/${room.id}`)).status).toBe(204);
  expect((await viewer("GET", `/rooms/${room.id}`)).status).toBe(404);
});

test("the members of a 1:1 space cannot be changed", async () => {
  const { viewer, people } = await startTwins();
  const { body: said } = await viewer("POST", "/messages", { toPersonId: people.bot.id, text: "help" });
  const third = { roomId: said.roomId, personId: people.operator.id };
  expect((await viewer("POST", "/memberships", third)).status).toBe(403);
  const { body } = await viewer("GET", `/memberships?roomId=${said.roomId}&personId=${people.viewer.id}`);
  expect(body.items).toHaveLength(1);
  expect((await viewer("DELETE", `/memberships/${body.items[0].id}`)).status).toBe(403);
});

test("without a room id, the caller's own memberships are listed", async () => {
  const { bot, people } = await startTwins();
  const { body } = await bot("GET", "/memberships");
  expect(body.items).toHaveLength(2);
  expect(body.items.every(({ personId }: { personId: string }) => personId === people.bot.id)).toBe(true);
});

test("lists have pages, and each links to the next", async () => {
  const { viewer, noc } = await startTwins();
  const memberships = await readAllPages<{ id: string }>(viewer, `/memberships?roomId=${noc}&max=2`);
  const seen = memberships.map(({ id }) => id);
  expect(new Set(seen).size).toBe(5);
  expect(seen).toHaveLength(5);
  expect((await viewer("GET", "/rooms?max=none")).status).toBe(400);
});

test("an unknown path is 404, and an unknown method 405", async () => {
  const { viewer } = await startTwins();
  expect((await viewer("GET", "/teams")).status).toBe(404);
  expect((await viewer("PATCH", "/messages")).status).toBe(405);
});

test("spaces are sorted by their last activity, the time of their newest message", async () => {
  const time = pausedTime();
  const { viewer, noc, warRoom } = await startTwins({ time });
  const spaces = async () => (await viewer("GET", "/rooms")).body.items.map(({ id }: { id: string }) => id);
  for (const roomId of [noc, warRoom, noc]) {
    time.advance(60_000);
    const { body: said } = await viewer("POST", "/messages", { roomId, text: "anybody here?" });
    expect((await viewer("GET", `/rooms/${roomId}`)).body.lastActivity).toBe(said.created);
    expect((await spaces())[0]).toBe(roomId);
  }
});
