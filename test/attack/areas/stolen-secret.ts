import assert from "node:assert/strict";
import { createSpace } from "../../support/alert-journey.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";
import { askFor, assertOutsiderSawNothing, fence } from "../judge.ts";

/** Bodies that nobody should send; signed, as by a thief of the secret. */
const ODD_BODIES: Readonly<Record<string, string>> = {
  "an empty body": "",
  null: "null",
  "a number": "1e999",
  "a list of events": '[{"resource":"messages","event":"created","data":{"id":"x","roomId":"r"}}]',
  "a list nested 20,000 times": "[".repeat(20_000) + "]".repeat(20_000),
  "an object nested 5,000 times": `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  "data that is null": '{"resource":"messages","event":"created","data":null}',
  "data that is a list": '{"resource":"messages","event":"created","data":[]}',
  "an id that is a number": '{"resource":"messages","event":"created","data":{"id":1,"roomId":"r"}}',
  "an id that is an object": '{"resource":"messages","event":"created","data":{"id":{"$ne":1},"roomId":"r"}}',
  "an id with a path": '{"resource":"messages","event":"created","data":{"id":"../people/me","roomId":"r"}}',
  "an id with a query": '{"resource":"messages","event":"created","data":{"id":"x?roomId=1","roomId":"r"}}',
  "an id with a line break": '{"resource":"messages","event":"created","data":{"id":"x\\r\\nHost: evil","roomId":"r"}}',
  "an id with a zero byte": '{"resource":"messages","event":"created","data":{"id":"x\\u0000y","roomId":"r"}}',
  "an id with half of a character": '{"resource":"messages","event":"created","data":{"id":"x\\ud800y","roomId":"r"}}',
  "an id with a quotation mark of SQL": `{"resource":"messages","event":"created","data":{"id":"x'; drop table inbox;--","roomId":"r'--"}}`,
  "an empty id": '{"resource":"messages","event":"created","data":{"id":"","roomId":"r"}}',
  "an id of 50,000 characters": `{"resource":"messages","event":"created","data":{"id":"${"x".repeat(50_000)}","roomId":"r"}}`,
  "a resource that is called __proto__": '{"resource":"__proto__","event":"created","data":{"id":"x"}}',
  "data with __proto__":
    '{"resource":"messages","event":"created","data":{"id":"pp","roomId":"r","__proto__":{"personId":"x"}}}',
  "a constructor in the place of a resource": '{"resource":"constructor","event":"prototype","data":{"id":"x"}}',
  "a press without an id of a space": '{"resource":"attachmentActions","event":"created","data":{"id":"no-room"}}',
  "a space that was deleted": '{"resource":"rooms","event":"deleted","data":{"id":"r"}}',
  "a time that is no time":
    '{"resource":"memberships","event":"deleted","data":{"id":"m","roomId":"r","created":"never"}}',
  "a body that is not UTF-8": Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]).toString("latin1"),
};

async function tryBody(body: string, arena: Arena): Promise<void> {
  const { status } = await arena.deliver(body);
  assert.ok([200, 400].includes(status), `It was answered ${status}.`);
  assert.deepEqual(arena.logged("request.failed"), []);
  assert.deepEqual(arena.logged("inbox.failed"), []);
}

/** Events that contradict Webex. */
async function lies(arena: Arena): Promise<readonly Attack[]> {
  const [viewer, admin, outsider] = [arena.person("viewer"), arena.person("admin"), arena.person("outsider")];
  const guestRoom = await createSpace(arena, viewer, outsider);
  const ownRoom = await createSpace(arena, viewer, admin);
  const tell = (resource: string, event: string, data: object, more: object = {}) =>
    arena.deliver(JSON.stringify({ resource, event, data, ...more }));

  const lie = (name: string, run: () => Promise<void>): Attack => ({
    name,
    async run() {
      await run();
      await fence(arena, guestRoom);
      await fence(arena, ownRoom);
      assertOutsiderSawNothing(arena);
    },
  });
  /** The outsider asks, and the thief says that somebody else did. */
  const disguised = (name: string, data: object, text = "customers") =>
    lie(name, async () => {
      const { id } = await outsider.send(text, { roomId: guestRoom });
      await tell("messages", "created", { id, roomId: guestRoom, personId: outsider.personId, ...data });
    });

  return [
    disguised("a question of the outsider as of the admin", { personId: admin.personId }),
    disguised("a question of the outsider as of the bot", { personId: arena.botId }),
    disguised("a question of the outsider as of another space", { roomId: ownRoom, personId: admin.personId }),
    disguised("a question of the outsider as of a 1:1", { roomType: "direct", personId: admin.personId }),
    disguised("a question of the outsider with the text in the event", { text: "customers", personEmail: admin.email }),
    disguised("allow space by the outsider as of the admin", { personId: admin.personId }, "allow space"),
    lie("a message of the bot itself as a question", async () => {
      const [first] = await viewer.fromBot(ownRoom);
      await tell("messages", "created", { id: first?.id, roomId: ownRoom, personId: admin.personId });
      assert.equal((await viewer.fromBot(ownRoom)).filter(({ text = "" }) => text.includes("understand")).length, 0);
    }),
    lie("a message as a press", async () => {
      const { id } = await viewer.send("help", { roomId: ownRoom });
      await tell("attachmentActions", "created", { id, roomId: ownRoom, personId: admin.personId });
    }),
    lie("a press as a message", async () => {
      const card = await viewer.ask("customers", { roomId: ownRoom });
      await viewer.press(card, "Next ›");
      await tell("messages", "created", { id: card.id, roomId: guestRoom, personId: admin.personId });
    }),
    lie("the bot as a new member of a space that does not exist", async () => {
      await tell(
        "memberships",
        "created",
        { id: "m1", roomId: "no-such-room", personId: arena.botId },
        { actorId: admin.personId },
      );
    }),
    lie("the bot as removed from a space in which it is", async () => {
      await admin.ask("allow space", { roomId: ownRoom });
      await tell("memberships", "deleted", { id: "m2", roomId: ownRoom, personId: arena.botId });
      await fence(arena, ownRoom);
      assert.ok(arena.logged("event.untrue").length > 0, "The bot did not ask Webex.");
    }),
    lie("a space that moved into the space of the outsider", async () => {
      await tell("rooms", "migrated", { id: guestRoom });
    }),
    lie("a space with permission that was deleted, as moved into the space of the outsider", async () => {
      const lost = await createSpace(arena, arena.person("operator"), admin);
      await admin.ask("allow space", { roomId: lost });
      await arena.person("operator").ask("watch confirm=yes", { roomId: lost });
      await arena.control("DELETE", `/rooms/${lost}`);
      const before = arena.logged("room.migration_followed").length;
      const other = await createSpace(arena, viewer, outsider);
      await tell("rooms", "migrated", { id: other });
      await arena.waitForLog("room.migration_followed", 1, before);
      await askFor(viewer, other, "customers", /A guest is in this space/);
    }),
    lie("guests who left, a hundred times", async () => {
      for (let time = 0; time < 100; time += 1)
        await tell("memberships", "deleted", { id: `m${time}`, roomId: guestRoom, personId: outsider.personId });
      assert.match((await viewer.ask("customers", { roomId: guestRoom })).text ?? "", /A guest is in this space/);
    }),
    lie("a thousand messages that do not exist", async () => {
      await Promise.all(
        Array.from({ length: 1_000 }, (_, index) =>
          tell("messages", "created", { id: `none-${index}`, roomId: "none" }),
        ),
      );
    }),
  ];
}

export const stolenSecret: Area = {
  name: "stolen webhook secret",
  judged: "the answer is 200 or 400, the outsider reads no customer, and the spaces get their answers",
  attacks: async (arena) => [...forEach(ODD_BODIES, tryBody), ...(await lies(arena))],
};
