import assert from "node:assert/strict";
import { createSpace } from "../../support/alert-journey.ts";
import type { Message } from "../../support/person.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";
import { assertOutsiderSawNothing } from "../judge.ts";
import { json, type ProxiedAnswer, replaceWith, rewrite } from "../proxy.ts";

interface Member {
  readonly id: string;
  readonly personId: string;
  readonly personEmail?: string;
  readonly personOrgId?: string | null;
}

/** Changes of the guest's line in the list of members. */
const disguises = ({
  world,
}: Arena): Readonly<Record<string, (guest: Member) => Member | readonly Member[] | undefined>> => {
  const home = world.people.bot.orgId;
  return {
    "no organisation": ({ personOrgId: _, ...guest }) => guest,
    "an organisation that is null": (guest) => ({ ...guest, personOrgId: null }),
    "an empty organisation": (guest) => ({ ...guest, personOrgId: "" }),
    "the home organisation in capital letters": (guest) => ({ ...guest, personOrgId: home.toUpperCase() }),
    "the home organisation with a blank behind": (guest) => ({ ...guest, personOrgId: `${home} ` }),
    "the home organisation with a zero byte": (guest) => ({ ...guest, personOrgId: `${home}\u0000` }),
    "a part of the home organisation": (guest) => ({ ...guest, personOrgId: home.slice(0, -1) }),
    "the address of an insider as a display name": (guest) => ({
      ...guest,
      personDisplayName: world.people.admin.email,
    }),
    "an address that begins like a bot's": (guest) => ({ ...guest, personEmail: "eve@webex.bot.evil.example" }),
    "an address that ends almost like a bot's": (guest) => ({ ...guest, personEmail: "eve@notwebex.bot" }),
    "an address with a bot's domain in its first part": (guest) => ({
      ...guest,
      personEmail: "eve@webex.bot@evil.example",
    }),
    "a bot's address with a point behind": (guest) => ({ ...guest, personEmail: "eve@webex.bot." }),
    "a bot's address with a line break behind": (guest) => ({ ...guest, personEmail: "eve@webex.bot\n" }),
    "the admin's address with another domain behind": (guest) => ({
      ...guest,
      personEmail: `${world.people.admin.email}.evil.example`,
    }),
    "the admin's address with a blank": (guest) => ({ ...guest, personEmail: ` ${world.people.admin.email}` }),
    "the admin's address with a look-alike letter": (guest) => ({
      ...guest,
      personEmail: world.people.admin.email.replace("a", "\u0430"),
    }),
    "the operator's address with a Kelvin sign": (guest) => ({
      ...guest,
      personEmail: "\u212Aim.lee@meridian-voice.example",
    }),
    "the operator's address in full-width letters": (guest) => ({
      ...guest,
      personEmail: "\uff4bim.lee@meridian-voice.example",
    }),
    "an empty address": (guest) => ({ ...guest, personEmail: "" }),
    "no line at all": () => undefined,
    "a line without a person": ({ personId: _, ...guest }) => guest as never,
    "a line that is a number": () => 1 as never,
    "two lines, one of them of the home organisation": (guest) => [guest, { ...guest, personOrgId: home }],
  };
};

/** Answers in the place of the list of members. */
const lists = (arena: Arena): Readonly<Record<string, (real: readonly Member[]) => ProxiedAnswer>> => {
  const isGuest = ({ personId }: Member) => personId === arena.person("outsider").personId;
  const withoutGuest = (real: readonly Member[]) => ({ items: real.filter((member) => !isGuest(member)) });
  const next = (address: string) => ({ link: `<${address}>; rel="next"` });
  return {
    "an empty list": () => json({ items: [] }),
    "204": () => ({ status: 204 }),
    "an empty body": () => json(undefined),
    null: () => json(null),
    "a bare list": (real) => json(real),
    HTML: () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" }),
    "half of the JSON": (real) => ({ status: 200, body: JSON.stringify({ items: real }).slice(0, -20) }),
    403: () => json({ message: "no" }, 403),
    404: () => json({ message: "no" }, 404),
    410: () => json({ message: "no" }, 410),
    "302 to another host": () => ({ status: 302, headers: { location: "http://127.0.0.1:9/" } }),
    "the guest on a next page of another host": (real) =>
      json(withoutGuest(real), 200, next("https://evil.example/v1/memberships?cursor=1")),
    "the guest on a next page outside of the base address": (real) =>
      json(withoutGuest(real), 200, next(`${arena.proxy.url}/other/memberships?cursor=1`)),
    "the guest on a next page without an address": (real) => json(withoutGuest(real), 200, next("")),
    "pages without an end": (real) => json(withoutGuest(real), 200, next(`${arena.proxy.url}/v1/memberships?cursor=1`)),
    "only the bot": (real) => json({ items: real.filter(({ personId }) => personId === arena.botId) }),
    "the members of another space": (real) =>
      json({ items: withoutGuest(real).items.map((member) => ({ ...member, roomId: arena.groupRoom })) }),
  };
};

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const [viewer, admin, outsider] = [arena.person("viewer"), arena.person("admin"), arena.person("outsider")];
  const newRoom = () => createSpace(arena, viewer, admin, outsider);

  /** An insider asks in a space with a guest, while Webex says something odd about it. */
  async function ask(roomId: string): Promise<Message> {
    return viewer.ask("customers status=error", { roomId });
  }
  const attack = (name: string, run: () => Promise<void>): Attack => ({
    name,
    async run() {
      await run();
      assertOutsiderSawNothing(arena);
    },
  });

  return [
    ...forEach(disguises(arena), async (disguise) => {
      const change = ({ items }: { items: readonly Member[] }) => ({
        items: items.flatMap((member) => (member.personId === outsider.personId ? (disguise(member) ?? []) : member)),
      });
      const roomId = await newRoom();
      // A guest who was never seen and is in no list of Webex cannot be known.
      if (disguise({ id: "", personId: "" }) === undefined) await ask(roomId);
      await arena.advanceClock("2m");
      arena.proxy.intercept(rewrite("GET", "/memberships", change as never));
      await ask(roomId);
      assertOutsiderSawNothing(arena);
    }).map(({ name, ...rest }) => ({ name: `a guest with ${name}`, ...rest })),
    ...forEach(lists(arena), async (list) => {
      const { items } = await viewer.call<{ items: readonly Member[] }>(
        "GET",
        `/memberships?roomId=${await newRoom()}`,
      );
      arena.proxy.intercept(replaceWith("GET", "/memberships", list(items)));
      const roomId = await newRoom();
      await viewer.ask("customers status=error", { roomId });
    }).map(({ name, run }) => ({
      name: `members: ${name}`,
      run: async () => {
        await run(arena);
        assertOutsiderSawNothing(arena);
      },
    })),
    attack("allow space by the guest", async () => {
      const roomId = await newRoom();
      await outsider.send("allow space", { roomId });
      await viewer.ask("customers", { roomId });
    }),
    attack("allow space by a viewer", async () => {
      const roomId = await newRoom();
      await viewer.ask("allow space", { roomId });
      await viewer.ask("customers", { roomId });
    }),
    attack("the button that allows the space, pressed by the guest and by a viewer", async () => {
      const roomId = await newRoom();
      const denial = await viewer.ask("customers", { roomId });
      await outsider.press(denial, "Allow this space (admins)");
      await viewer.press(denial, "Allow this space (admins)");
      await viewer.ask("customers", { roomId });
    }),
    attack("allow space in the 1:1 of the admin", async () => {
      await admin.ask("allow space");
      const roomId = await newRoom();
      await viewer.ask("customers", { roomId });
    }),
    attack("a guest who comes between the question and the answer", async () => {
      const roomId = await createSpace(arena, viewer, admin);
      let isThere = false;
      arena.proxy.intercept(async (call, forward) => {
        if (call.method !== "GET" || call.path !== "/wholesale/customers" || isThere) return undefined;
        isThere = true;
        await viewer.call("POST", "/memberships", { roomId, personId: outsider.personId }).catch(() => undefined);
        await arena.sandbox.webhooksDelivered();
        return forward();
      });
      const answer = await viewer.ask("customers status=error fresh=yes", { roomId });
      assert.match(answer.text ?? "", /guest/);
    }),
    attack("a guest who comes after the card, when it is pressed", async () => {
      const roomId = await createSpace(arena, viewer, admin);
      const card = await viewer.ask("help", { roomId });
      await viewer.call("POST", "/memberships", { roomId, personId: outsider.personId });
      await viewer.call("POST", "/attachment/actions", {
        type: "submit",
        messageId: card.id,
        inputs: { command: "customers" },
      });
      await viewer.waitForMessage(roomId, /guest/);
    }),
    attack("the permission of a space, after the bot was removed and added again", async () => {
      const lonely = await createSpace(arena, viewer, admin);
      await admin.ask("allow space", { roomId: lonely });
      const left = arena.logged("room.left").length;
      await arena.control("POST", `/rooms/${lonely}/kick`, {});
      await arena.waitForLog("room.left", 1, left);
      await viewer.call("POST", "/memberships", { roomId: lonely, personId: outsider.personId });
      await arena.control("POST", `/rooms/${lonely}/invite`, {});
      await viewer.ask("customers", { roomId: lonely });
    }),
    attack("an export into a space with a guest", async () => {
      const roomId = await newRoom();
      await viewer.ask("export", { roomId });
    }),
    ...[
      "customer c1677a16-557a-4fb4-b48f-24adde57ec99",
      "summary",
      "changes",
      "trend",
      "history c1677a16-557a-4fb4-b48f-24adde57ec99",
      "verify",
      "alerts",
      "handover",
      "outbox",
      "status",
      "find",
      "subpartners",
      "watches",
      "open 1",
      "follow c1677a16-557a-4fb4-b48f-24adde57ec99",
      "alert 1",
    ].map((text) =>
      attack(`“${text}” in a space with a guest`, async () => {
        const roomId = await newRoom();
        await admin.ask(text, { roomId });
      }),
    ),
    attack("a thread in which the guest answers", async () => {
      const roomId = await newRoom();
      const denial = await viewer.ask("customers", { roomId });
      const root = await viewer.send("help", { roomId });
      await outsider.call("POST", "/messages", {
        roomId,
        parentId: root.id,
        markdown: `<@personId:${arena.botId}|x> customers`,
      });
      assert.match(denial.text ?? "", /guest/);
      await viewer.ask("help", { roomId });
    }),
  ];
}

export const guests: Area = {
  name: "guests and members",
  judged: "the outsider reads every space that he is in, with its files, and finds no customer",
  arena: { env: { OPERATORS: "kim.lee@meridian-voice.example,carla.jensen@meridian-voice.example" } },
  attacks: attacksOf,
};
