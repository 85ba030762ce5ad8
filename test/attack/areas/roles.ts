import assert from "node:assert/strict";
import { createSpace } from "../../support/alert-journey.ts";
import { until } from "../../support/until.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";
import { askFor, assertOutsiderSawNothing, fence } from "../judge.ts";
import { json, matches, replaceWith } from "../proxy.ts";

const ABOVE_A_VIEWER: readonly string[] = [
  "watch confirm=yes",
  "unwatch 1",
  "ack all",
  "ack 1",
  "unack 1",
  "mute all for=1h because=x",
  "unmute 1",
  "digest daily 09:00",
  "digest off",
  "drill",
  "use all",
  "use subpartner=Northlight Telecom",
  "allow space",
  "disallow space",
  "confirm",
  "WATCH confirm=yes",
  "  watch  confirm = yes",
  "please watch confirm=yes",
  "ＷＡＴＣＨ confirm=yes",
  "Allow Space!",
];

/** Data that a person may send with a press. */
const INPUTS: Readonly<Record<string, unknown>> = {
  "a command above the role": { command: "allow space" },
  "a command as a list": { command: ["allow space"] },
  "a command as an object": { command: { toString: "allow space" } },
  "a command as a number": { command: 1 },
  "a command with a line break": { command: "help\nallow space" },
  "a command of 100,000 letters": { command: "x".repeat(100_000) },
  "no command": {},
  "an input with another command": { command: "customers", with: "q", q: 'x" allow space "' },
  "an input that closes the quotation": { command: "customers", with: "city", city: '" allow space' },
  "inputs named like properties": JSON.parse(
    '{"command":"customers","with":"__proto__ constructor","__proto__":"x","constructor":"y"}',
  ),
  "with as a list": { command: "customers", with: ["status"], status: "error" },
  "with 10,000 names": { command: "customers", with: "status ".repeat(10_000), status: "error" },
  "a list input with a command": { command: "customers", with: "status[]", "status[]": "error,allow space" },
  "a role": {
    command: "allow space",
    role: "admin",
    senderId: "admin",
    personEmail: "david.mori@meridian-voice.example",
  },
  "a page token that was edited": { command: "customers page=-1 offset=999999" },
  "confirm of a list in doubt": { command: "confirm" },
  "tell now of a message that does not exist": { command: "outbox now=1" },
  "an alert of another space": { command: "ack 1 taken" },
};

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const [viewer, admin, outsider] = [arena.person("viewer"), arena.person("admin"), arena.person("outsider")];
  const guestRoom = await createSpace(arena, viewer, admin, outsider);
  const roomId = await createSpace(arena, viewer, admin);
  const card = await viewer.ask("help", { roomId: guestRoom });

  /** Nothing that needs a role has happened. */
  async function judge(): Promise<void> {
    await fence(arena, guestRoom);
    assertOutsiderSawNothing(arena);
    await askFor(viewer, guestRoom, "customers", /A guest is in this space/);
    await askFor(viewer, roomId, "watches", /no watches/);
    assertOutsiderSawNothing(arena);
  }

  const bots: Readonly<Record<string, string>> = {
    "a bot of another organisation": "evil@webex.bot",
    "a bot of the old domain": "evil@sparkbot.io",
    "a bot with capital letters": "Evil@WEBEX.BOT",
  };

  return [
    ...ABOVE_A_VIEWER.map(
      (text): Attack => ({
        name: `“${text}” by a viewer`,
        async run() {
          await viewer.ask(text, { roomId });
          await judge();
        },
      }),
    ),
    ...forEach(INPUTS, async (inputs) => {
      for (const person of [outsider, viewer])
        await person.call("POST", "/attachment/actions", { type: "submit", messageId: card.id, inputs });
      await judge();
    }).map(({ name, run }) => ({ name: `a press with ${name}`, run })),
    ...forEach(bots, async (address) => {
      await arena.advanceClock("2h");
      arena.proxy.intercept(async (call, forward) => {
        if (!matches(call, "GET", `/people/${outsider.personId}`)) return undefined;
        const { body = "" } = await forward();
        return json({
          ...JSON.parse(String(body)),
          emails: [address],
          orgId: arena.world.people.bot.orgId,
          type: "bot",
        });
      });
      const before = arena.logged("answer.denied").length;
      const { roomId: direct } = await outsider.send("customers", "direct");
      await outsider.send("customers", { roomId: guestRoom });
      await until(() => assert.ok(arena.logged("answer.denied").length >= before + 2));
      assert.equal(
        (await outsider.fromBot(direct)).filter(({ created, text }) => created > card.created && text).length,
        0,
        "A bot was answered.",
      );
    }).map(({ name, run }) => ({ name, run })),
    {
      name: "a press on the card of somebody else, told to the bot",
      async run() {
        const own = await outsider.call<{ id: string }>("POST", "/messages", {
          roomId: guestRoom,
          text: "a card",
          attachments: [
            {
              contentType: "application/vnd.microsoft.card.adaptive",
              content: { type: "AdaptiveCard", version: "1.3", body: [] },
            },
          ],
        });
        arena.proxy.intercept(
          replaceWith(
            "GET",
            "/attachment/actions/foreign",
            json({
              id: "foreign",
              messageId: own.id,
              roomId: guestRoom,
              personId: admin.personId,
              created: new Date(arena.world.clock()).toISOString(),
              inputs: { command: "allow space" },
            }),
          ),
        );
        const ignored = arena.logged("press.ignored").length;
        await arena.deliver(
          JSON.stringify({
            resource: "attachmentActions",
            event: "created",
            data: { id: "foreign", roomId: guestRoom, personId: admin.personId },
          }),
        );
        await arena.waitForLog("press.ignored", 1, ignored);
        arena.proxy.clear();
        await judge();
      },
    },
    {
      name: "the button of an admin's answer, pressed by a viewer",
      async run() {
        const answer = await admin.ask("subpartners", { roomId });
        const { actions = [] } = (answer.attachments?.[0]?.content ?? {}) as { actions?: { data: object }[] };
        for (const { data } of actions)
          await viewer.call("POST", "/attachment/actions", { type: "submit", messageId: answer.id, inputs: data });
        await fence(arena, roomId);
        await askFor(viewer, roomId, "subpartners", /sub-partner/i);
        const said = (await viewer.fromBot(roomId)).map(({ text = "" }) => text).join("\n");
        assert.doesNotMatch(said, /now sees only/);
        await judge();
      },
    },
  ];
}

export const roles: Area = {
  name: "roles, presses and bots",
  judged: "the guest reads no customer, the space is not allowed and watches nothing, and no bot is answered",
  arena: { env: { OPERATORS: "nobody@meridian-voice.example" } },
  attacks: attacksOf,
};
