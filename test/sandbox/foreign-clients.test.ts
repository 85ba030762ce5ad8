import { expect, test } from "vitest";
import { lint, refusals } from "../../src/cards/lint/lint.ts";
import { until } from "../support/until.ts";
import { CARD, startTwins } from "./twins.ts";

/** Behaviour of Webex that other clients than this bot rely on, by the public specification and by their own code. */

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);

test("a space that a member deletes who is no moderator is left by that member alone", async () => {
  const { viewer, secondViewer, people } = await startTwins();
  const { body: room } = await viewer("POST", "/rooms", { title: "Shared" });
  await viewer("POST", "/memberships", { roomId: room.id, personId: people.secondViewer.id });
  expect((await secondViewer("DELETE", `/rooms/${room.id}`)).status).toBe(204);
  expect((await secondViewer("GET", `/rooms/${room.id}`)).status).toBe(404);
  expect((await viewer("GET", `/memberships?roomId=${room.id}`)).body.items).toHaveLength(1);
  expect((await viewer("DELETE", `/rooms/${room.id}`)).status).toBe(204);
  expect((await viewer("GET", `/rooms/${room.id}`)).status).toBe(404);
});

test("moderators alone delete a space that has some", async () => {
  const { viewer, secondViewer, people } = await startTwins();
  const { body: room } = await viewer("POST", "/rooms", { title: "Moderated" });
  await viewer("POST", "/memberships", { roomId: room.id, personId: people.secondViewer.id, isModerator: true });
  expect((await viewer("DELETE", `/rooms/${room.id}`)).status).toBe(204);
  expect((await secondViewer("GET", `/rooms/${room.id}`)).status).toBe(200);
  expect((await secondViewer("DELETE", `/rooms/${room.id}`)).status).toBe(204);
  expect((await secondViewer("GET", `/rooms/${room.id}`)).status).toBe(404);
});

test("a space that goes is told as the end of each membership, too", async () => {
  const { viewer, sandbox, people } = await startTwins();
  const { body: room } = await viewer("POST", "/rooms", { title: "Short" });
  await viewer("POST", "/memberships", { roomId: room.id, personId: people.bot.id });
  const ended: string[] = [];
  sandbox.world.webexEvents.subscribe((event) => {
    if (event.kind === "membership" && event.action === "deleted") ended.push(event.membership.personId);
  });
  await viewer("DELETE", `/rooms/${room.id}`);
  await until(() => expect(ended.toSorted()).toEqual([people.bot.id, people.viewer.id].toSorted()));
});

test("a space keeps what it is created and changed with", async () => {
  const { viewer } = await startTwins();
  const details = { title: "Locked", isLocked: true, description: "For the night", isPublic: false };
  const { body: room } = await viewer("POST", "/rooms", details);
  expect(room).toMatchObject(details);
  const { body: changed } = await viewer("PUT", `/rooms/${room.id}`, { title: "Open", isLocked: false });
  expect(changed).toMatchObject({ title: "Open", isLocked: false, description: "For the night" });
});

test("people: administrators list all, ids that nobody has are named, and everybody has a picture", async () => {
  const { ask, bot, viewer, people } = await startTwins();
  const { body: all } = await ask("GET", "/v1/people", { token: people.admin.token });
  expect(idsOf(all.items)).toContain(people.viewer.id);
  expect((await viewer("GET", "/people")).status).toBe(400);
  const { body: some } = await bot("GET", `/people?id=${people.viewer.id},nobody`);
  expect(idsOf(some.items)).toEqual([people.viewer.id]);
  expect(some.notFoundIds).toEqual(["nobody"]);
  expect((await bot("GET", "/people/me")).body.avatar).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/.+/);
  expect((await bot("GET", `/people?id=${people.viewer.id}`)).body).not.toHaveProperty("notFoundIds");
});

test("everybody has a token with the organisation at its end too, where Cisco's SDK looks for it", async () => {
  const { ask, control } = await startTwins();
  for (const { personId, orgId, tokenWithOrg } of (await control("GET", "/people")).body) {
    const [, , organization, ...more] = tokenWithOrg.split("_");
    expect([`ciscospark://us/ORGANIZATION/${organization}`, more]).toEqual([atob(orgId), []]);
    expect((await ask("GET", "/v1/people/me", { token: tokenWithOrg })).body.id).toBe(personId);
  }
});

test("the catalogue for clients that have no token yet has the same services", async () => {
  const { ask, people, control } = await startTwins();
  const limited = await ask("GET", "/u2c/api/v1/limited/catalog?format=hostmap&orgId=some");
  const { body } = await ask("GET", "/u2c/api/v1/catalog?format=hostmap", { token: people.bot.token });
  expect(limited).toMatchObject({ status: 200, body });
  const { calls } = (await control("GET", "/calls")).body;
  expect(calls.slice(-2).map(({ api, by }: Record<string, string>) => [api, by])).toEqual([
    ["webex", "nobody"],
    ["webex", "bot"],
  ]);
});

test("reports of how a client fares are taken at the address that the catalogue names", async () => {
  const { ask, people } = await startTwins();
  const { token } = people.bot;
  const { metrics } = (await ask("GET", "/u2c/api/v1/catalog", { token })).body.serviceLinks;
  const report = { metrics: [{ metricName: "mercury_connection_success" }] };
  expect((await ask("POST", `${metrics}/clientmetrics`, { token, body: report })).status).toBe(204);
});

test("an answer to a message to a person says to whom it went", async () => {
  const { bot, people } = await startTwins();
  const byId = await bot("POST", "/messages", { toPersonId: people.viewer.id, text: "hi" });
  expect(byId.body).toMatchObject({ toPersonId: people.viewer.id, roomType: "direct" });
  const byAddress = await bot("POST", "/messages", { toPersonEmail: people.viewer.email, text: "hi" });
  expect(byAddress.body).toMatchObject({ toPersonEmail: people.viewer.email, roomId: byId.body.roomId });
  expect((await bot("GET", `/messages/${byId.body.id}`)).body).not.toHaveProperty("toPersonId");
});

test("bodies may be forms", async () => {
  const { viewer, bot, people, warRoom } = await startTwins();
  const posted = await viewer("POST", "/messages", new URLSearchParams({ roomId: warRoom, text: "from a form" }));
  expect(posted.body).toMatchObject({ roomId: warRoom, text: "from a form" });
  const room = await viewer("POST", "/rooms", new URLSearchParams({ title: "By form", isLocked: "true" }));
  expect(room.body).toMatchObject({ title: "By form", isLocked: true });
  const invitation = new URLSearchParams({ roomId: room.body.id, personId: people.bot.id });
  expect((await viewer("POST", "/memberships", invitation)).status).toBe(200);
  expect((await bot("GET", `/rooms/${room.body.id}`)).status).toBe(200);
});

test("a file may be given by its address, alone or in a list", async () => {
  const { viewer, bot, warRoom } = await startTwins();
  const address = "https://example.com/reports/march.csv?x=1";
  for (const files of [address, [address]]) {
    const { body: message } = await viewer("POST", "/messages", { roomId: warRoom, files });
    expect(message.files).toHaveLength(1);
    const head = await fetch(message.files[0], { headers: { authorization: "Bearer sandbox-viewer-token" } });
    expect(head.headers.get("content-disposition")).toBe('attachment; filename="march.csv"');
    expect(await head.text()).toContain(address);
  }
  expect((await viewer("POST", "/messages", { roomId: warRoom, files: [address, address] })).status).toBe(400);
  expect((await viewer("POST", "/messages", { roomId: warRoom, files: "no address" })).status).toBe(400);
  expect((await bot("GET", `/messages?roomId=${warRoom}&mentionedPeople=me`)).status).toBe(200);
});

test("an edit with Markdown takes no HTML beside it", async () => {
  const { viewer, warRoom } = await startTwins();
  const { body: message } = await viewer("POST", "/messages", { roomId: warRoom, text: "before" });
  const edit = { roomId: warRoom, markdown: "**after**" };
  expect((await viewer("PUT", `/messages/${message.id}`, { ...edit, html: "<b>after</b>" })).status).toBe(400);
  expect((await viewer("PUT", `/messages/${message.id}`, edit)).body.text).toBe("after");
});

test("a card of another bot is taken, whatever our style says of it, and the page shows that", async () => {
  const { bot, noc, control } = await startTwins({ refusals, lint });
  const post = (change: object) =>
    bot("POST", "/messages", {
      roomId: noc,
      text: "a card",
      attachments: [{ ...CARD, content: { ...CARD.content, ...change } }],
    });
  const actions = [
    { type: "Action.OpenUrl", title: "Open", url: "http://example.com" },
    { type: "Action.Submit", title: "Send" },
  ];
  const { status, body: taken } = await post({ version: "1.0", actions });
  expect(status).toBe(200);
  expect((await control("GET", `/messages/${taken.id}/lint`)).body.findings).toEqual([
    'card.version: must be "1.3"',
    "card.actions[0].url: must be an https address",
    "card.actions[1].data: must be an object",
  ]);
  const refused = await post({ version: "1.5" });
  expect(refused.status).toBe(400);
  expect(refused.body.errors).toEqual([{ description: 'card.version: must be "1.3"' }]);
});

test.each([
  "meetings",
  "recordings",
  "telephony_calls",
  "telephony_mwi",
  "uc_counters",
  "serviceApp",
  "adminBatchJobs",
])("a webhook for %s is accepted, with who owns it", async (resource) => {
  const { viewer } = await startTwins();
  const order = { name: "other", targetUrl: "https://example.com/hook", resource, event: "created" };
  expect((await viewer("POST", "/webhooks", order)).body).toMatchObject({ resource, ownedBy: "creator" });
  expect((await viewer("POST", "/webhooks", { ...order, ownedBy: "org" })).body.ownedBy).toBe("org");
  expect((await viewer("GET", "/webhooks?ownedBy=org")).body.items).toHaveLength(1);
});

test("a refusal of the Wholesale API has an errorCode, as its specification says", async () => {
  const { ask } = await startTwins();
  const { body, status } = await ask("GET", "/v1/wholesale/customers/nobody", { token: "sandbox-wholesale-token" });
  expect(status).toBe(404);
  expect(body).toMatchObject({ errorCode: expect.any(Number), errors: [{ errorCode: expect.any(Number) }] });
  expect((await ask("GET", "/v1/rooms/nobody", { token: "sandbox-bot-token" })).body).not.toHaveProperty("errorCode");
});

test("several statuses in one parameter are understood if the sandbox is told so", async () => {
  const twins = await startTwins({ customers: 200, behaviour: { multipleStatuses: "comma" } });
  const list = async (query: string) =>
    (await twins.ask("GET", `/v1/wholesale/customers?max=100&${query}`, { token: "sandbox-wholesale-token" })).body
      .items;
  const [errors, moving] = [await list("status=error"), await list("status=provisioning")];
  expect(errors.length).toBeGreaterThan(0);
  expect(await list("status=error,provisioning")).toHaveLength(errors.length + moving.length);
});
