import assert from "node:assert/strict";
import { createSpace, watchOneCustomer } from "../../support/alert-journey.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";
import { assertNamesNone, assertOutsiderSawNothing, customersOf } from "../judge.ts";
import { json, matches, replaceWith } from "../proxy.ts";

const addresses = ({ world }: Arena): Readonly<Record<string, string>> => {
  const eve = world.people.byRole("outsider")[0]?.email ?? "";
  return {
    "an outsider": eve,
    "an outsider in capital letters": eve.toUpperCase(),
    "an outsider in quotation marks": `"${eve}"`,
    "an outsider behind a blank": `" ${eve}"`,
    "an outsider as a mail link": `mailto:${eve}`,
    "an outsider in angle brackets": `<${eve}>`,
    "two addresses": `${world.people.admin.email},${eve}`,
    "an outsider with a zero-width space": `${eve.slice(0, 3)}\u200b${eve.slice(3)}`,
    "the id of an outsider": world.people.byRole("outsider")[0]?.id ?? "",
    "nobody of Webex": "nobody@nowhere.example",
    "the bot itself": world.people.bot.email,
    "an address with a wild card": "*@meridian-voice.example",
    "a space that does not exist": "Y2lzY29zcGFyazovL3VzL1JPT00vMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw",
    "the path of a space": "../rooms",
    everybody: "all",
  };
};

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const [operator, admin, outsider] = [arena.person("operator"), arena.person("admin"), arena.person("outsider")];
  const home = await createSpace(arena, operator, admin);
  const withGuest = await createSpace(arena, operator, outsider);
  const foreignRoom = await createSpace(arena, operator, admin);
  const [partner] = arena.world.customers.subPartners;
  await admin.ask(`use subpartner=${partner?.orgId}`, { roomId: foreignRoom });

  const assertNotSaved = async (to: string): Promise<void> => {
    const { text = "" } = await operator.ask(`watch escalate=${to} confirm=yes`, { roomId: home });
    assert.doesNotMatch(text, /^Watching/, text);
    assert.match((await operator.ask("watches", { roomId: home })).text ?? "", /has no watches/);
    assertOutsiderSawNothing(arena);
  };
  /** A watch with a target that was good when it was saved; the alert comes when it no longer is. */
  const spoiled = (name: string, to: () => Promise<string>, spoil: (to: string) => Promise<void>): Attack => ({
    name,
    async run() {
      const target = await to();
      const watched = await watchOneCustomer(arena);
      const { text = "" } = await operator.ask(`watch externalId=${watched.id} escalate=${target} confirm=yes`, {
        roomId: watched.roomId,
      });
      assert.match(text, /Watching|Changed/, text);
      await spoil(target);
      await watched.fail();
      await watched.waitFor(/Error/, watched.id);
      await arena.advanceClock("35m");
      await arena.waitForQuickPolls();
      await arena.waitForQuickPolls();
      assertOutsiderSawNothing(arena);
    },
  });

  return [
    ...forEach(addresses(arena), assertNotSaved),
    { name: "a space with a guest", run: () => assertNotSaved(withGuest) },
    { name: "a space of another sub-partner", run: () => assertNotSaved(foreignRoom) },
    {
      name: "a 1:1 of somebody else with the bot",
      run: async () => {
        const { roomId } = await outsider.send("hello", "direct");
        await assertNotSaved(roomId);
      },
    },
    {
      name: "a person whom Webex does not name today",
      async run() {
        arena.proxy.intercept(replaceWith("GET", "/people", json({}, 503)));
        await assertNotSaved(admin.email);
      },
    },
    {
      name: "another person in the answer than was asked for",
      async run() {
        const eve = await outsider.call("GET", `/people/${outsider.personId}`);
        arena.proxy.intercept(replaceWith("GET", "/people", json({ items: [eve] })));
        await assertNotSaved(admin.email);
      },
    },
    spoiled(
      "a guest comes into the target after it was saved",
      () => createSpace(arena, operator, admin),
      async (roomId) => void (await operator.call("POST", "/memberships", { roomId, personId: outsider.personId })),
    ),
    spoiled(
      "the target is bound to another sub-partner after it was saved",
      () => createSpace(arena, operator, admin),
      async (roomId) => {
        await operator.call("POST", "/memberships", { roomId, personId: outsider.personId });
        await admin.ask(`use subpartner=${partner?.orgId}`, { roomId });
      },
    ),
    spoiled(
      "the person leaves the organisation after it was saved",
      async () => arena.person("viewer").email,
      async () => {
        await arena.advanceClock("5m");
        arena.proxy.intercept(async (call, forward) => {
          if (!matches(call, "GET", /^\/people(\/|$)/)) return undefined;
          const { status, body = "" } = await forward();
          return {
            status,
            headers: { "content-type": "application/json" },
            body: String(body).replaceAll(arena.world.people.bot.orgId, "elsewhere"),
          };
        });
      },
    ),
    {
      name: "nothing reached the person who left",
      async run() {
        const viewer = arena.person("viewer");
        const { items } = await viewer.call<{ items: { id: string; type: string }[] }>("GET", "/rooms?type=direct");
        for (const { id } of items)
          assertNamesNone(JSON.stringify(await viewer.fromBot(id)), customersOf(arena), "The 1:1 of somebody who left");
      },
    },
    {
      name: "a note of one space in the card of another",
      async run() {
        const one = await watchOneCustomer(arena);
        const other = await createSpace(arena, operator, outsider);
        await one.fail();
        const alert = await one.waitFor(/Error/, one.id);
        const number = /alert (\d+)/i.exec(alert.text ?? "")?.[1];
        await operator.ask(`ack ${number} the secret note`, { roomId: one.roomId });
        await operator.ask("help", { roomId: other });
        assert.doesNotMatch(JSON.stringify(await outsider.call("GET", `/messages?roomId=${other}`)), /secret note/);
        assertOutsiderSawNothing(arena);
      },
    },
  ];
}

export const escalations: Area = {
  name: "escalations",
  judged: "the watch is refused, and the outsider and whoever left read no customer",
  attacks: attacksOf,
};
