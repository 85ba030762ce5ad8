import assert from "node:assert/strict";
import { webhookPayload } from "../../../src/sandbox/webex/webhook-delivery.ts";
import type { WebexEvent } from "../../../src/sandbox/world/webex-records.ts";
import { createSpace } from "../../support/alert-journey.ts";
import type { Message, Person } from "../../support/person.ts";
import { until } from "../../support/until.ts";
import { type Arena, sign } from "../arena.ts";
import type { Area, Attack } from "../attack.ts";
import { fence } from "../judge.ts";

/** Everything that Webex sent to the bot's webhooks, as somebody who reads the network would have it. */
function recordDeliveries({ world }: Arena) {
  const bodies: { readonly event: WebexEvent; readonly body: string }[] = [];
  world.webexEvents.subscribe((event) => {
    const [hook] = world.webhooks.all();
    if (hook) bodies.push({ event, body: JSON.stringify(webhookPayload(world, hook, event)) });
  });
  return {
    ofMessage: (id: string) =>
      bodies.find(({ event }) => event.kind === "message" && event.message.id === id)?.body ?? "",
    ofPress: () => bodies.findLast(({ event }) => event.kind === "attachmentAction")?.body ?? "",
    ofMember: (action: string, personId: string, roomId: string) =>
      bodies.findLast(
        ({ event }) =>
          event.kind === "membership" &&
          event.action === action &&
          event.membership.personId === personId &&
          event.membership.roomId === roomId,
      )?.body ?? "",
  };
}

interface Asked {
  readonly roomId: string;
  readonly question: Message;
  readonly body: string;
  readonly answers: number;
}

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const recorded = recordDeliveries(arena);
  const viewer = arena.person("viewer");
  const answersIn = async (roomId: string) => (await viewer.fromBot(roomId)).length;

  /** A question that was answered, and the call of the webhook that it came with. */
  async function answered(text = "customers"): Promise<Asked> {
    const roomId = await createSpace(arena, viewer);
    await viewer.ask("help", { roomId });
    const before = await answersIn(roomId);
    const question = await viewer.send(text, { roomId });
    await until(async () => assert.equal(await answersIn(roomId), before + 1));
    return { roomId, question, body: recorded.ofMessage(question.id), answers: before + 1 };
  }

  /** @param before what happens first; a question that was under way at a kill may be answered twice (PRODUCT 6) */
  const replay = (
    name: string,
    send: (asked: Asked) => Promise<unknown>,
    before = () => Promise.resolve(),
  ): Attack => ({
    name,
    async run() {
      const asked = await answered();
      await before();
      await fence(arena, asked.roomId);
      const answers = await answersIn(asked.roomId);
      await send(asked);
      await fence(arena, asked.roomId);
      assert.equal(await answersIn(asked.roomId), answers + 1, "The question was answered twice.");
    },
  });
  const startAgain = async (end: "stop" | "kill"): Promise<void> => {
    await arena.control("POST", "/bot", { action: end });
    await arena.control("POST", "/bot", { action: "start" });
    await arena.waitForReady();
  };
  const deliver = (body: string) => arena.deliver(body);
  const changed = (body: string, change: (event: never) => void) => {
    const parsed = JSON.parse(body);
    change(parsed as never);
    return JSON.stringify(parsed);
  };
  const aDayLater = (name: string, send: (asked: Asked) => Promise<unknown>, forward = "25h") =>
    replay(name, async (asked) => {
      await arena.advanceClock(forward);
      await send(asked);
    });

  return [
    replay("the same call again", ({ body }) => deliver(body)),
    replay("the same call a hundred times at once", ({ body }) =>
      Promise.all(Array.from({ length: 100 }, () => deliver(body))),
    ),
    replay("the same event with other white space, signed anew", ({ body }) =>
      deliver(JSON.stringify(JSON.parse(body), null, 2)),
    ),
    replay("the same event with its fields in another order", ({ body }) =>
      deliver(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body)).reverse()))),
    ),
    replay("the same event as of another webhook", ({ body }) =>
      deliver(changed(body, (event: { id: string; name: string }) => Object.assign(event, { id: "x", name: "y" }))),
    ),
    replay("the same event with the id of the message twice", ({ body }) =>
      deliver(body.replace('"data":{', '"data":{"id":"another",')),
    ),
    replay("the same event with an escape in the id", ({ question, body }) =>
      deliver(body.replaceAll(question.id, `\\u00${question.id.charCodeAt(0).toString(16)}${question.id.slice(1)}`)),
    ),
    replay("the same event as of another person", ({ body }) =>
      deliver(changed(body, (event: { data: object }) => Object.assign(event.data, { personId: "another" }))),
    ),
    replay("the same event as of another space", ({ body }) =>
      deliver(changed(body, (event: { data: object }) => Object.assign(event.data, { roomId: arena.groupRoom }))),
    ),
    replay("the same event with a time in the future", ({ body }) =>
      deliver(
        changed(body, (event: { data: object }) => Object.assign(event.data, { created: "2999-01-01T00:00:00Z" })),
      ),
    ),
    replay(
      "the same call after a restart of the bot",
      ({ body }) => deliver(body),
      () => startAgain("stop"),
    ),
    replay(
      "the same call after kill -9",
      ({ body }) => deliver(body),
      () => startAgain("kill"),
    ),
    aDayLater("the same call a day later", ({ body }) => deliver(body)),
    aDayLater("the same call a month later", ({ body }) => deliver(body), "31d"),
    aDayLater("the same call a day later, with a new time in the event", ({ body }) =>
      deliver(
        changed(body, (event: { data: object }) =>
          Object.assign(event.data, { created: new Date(arena.world.clock()).toISOString() }),
        ),
      ),
    ),
    replay("the call 23 h and 59 min later", async ({ body }) => {
      await arena.advanceClock("1439m");
      await deliver(body);
    }),
    {
      name: "a press again, a day later",
      async run() {
        const { roomId } = await answered();
        const [card] = (await viewer.fromBot(roomId)).slice(-1);
        assert.ok(card);
        await viewer.press(card, "Next ›");
        await viewer.waitForButton(card, "‹ Prev");
        const body = recorded.ofPress();
        await arena.advanceClock("25h");
        const before = JSON.stringify(await viewer.fromBot(roomId));
        await deliver(body);
        const marker = await viewer.send("help", { roomId });
        await until(async () =>
          assert.ok((await viewer.fromBot(roomId)).some(({ created }) => created > marker.created)),
        );
        assert.equal(JSON.stringify((await viewer.fromBot(roomId)).slice(0, JSON.parse(before).length)), before);
      },
    },
    {
      name: "the event that the bot was removed, after it was added again",
      run: () => replayOfRemoval(arena, viewer, recorded.ofMember),
    },
    {
      name: "the event that the bot was added, three times",
      async run() {
        const { roomId } = await answered();
        const body = recorded.ofMember("created", arena.botId, roomId);
        for (let time = 0; time < 3; time += 1) await deliver(body);
        await fence(arena, roomId);
        const greetings = (await viewer.fromBot(roomId)).filter(({ text = "" }) => text.startsWith("Hello"));
        assert.equal(greetings.length, 1);
      },
    },
    {
      name: "the event that a guest left, while the guest is there",
      async run() {
        const outsider = arena.person("outsider");
        const { roomId } = await answered();
        const member = await viewer.call<{ id: string }>("POST", "/memberships", {
          roomId,
          personId: outsider.personId,
        });
        await viewer.call("DELETE", `/memberships/${member.id}`);
        const left = recorded.ofMember("deleted", outsider.personId, roomId);
        await viewer.call("POST", "/memberships", { roomId, personId: outsider.personId });
        await deliver(left);
        assert.match((await viewer.ask("customers", { roomId })).text ?? "", /A guest is in this space/);
      },
    },
    {
      name: "a deleted question",
      async run() {
        const { roomId, question, body, answers } = await answered();
        await viewer.call("DELETE", `/messages/${question.id}`);
        await deliver(body);
        await fence(arena, roomId);
        assert.equal(await answersIn(roomId), answers + 1);
      },
    },
    {
      name: "a call that was signed for another bot with the same secret",
      async run() {
        const { status } = await arena.deliver('{"resource":"messages"}', {
          "x-spark-signature": sign('{"resource":"messages"}'),
        });
        assert.equal(status, 400);
      },
    },
  ];
}

async function replayOfRemoval(
  arena: Arena,
  viewer: Person,
  find: (action: string, personId: string, roomId: string) => string,
): Promise<void> {
  const admin = arena.person("admin");
  const roomId = await createSpace(arena, viewer, admin, arena.person("outsider"));
  await admin.ask("allow space", { roomId });
  await arena.control("POST", `/rooms/${roomId}/kick`, {});
  await until(() => assert.ok(arena.logged("room.left").length > 0));
  const removed = find("deleted", arena.botId, roomId);
  await arena.control("POST", `/rooms/${roomId}/invite`, {});
  await until(async () =>
    assert.equal((await viewer.fromBot(roomId)).filter(({ text = "" }) => text.startsWith("Hello")).length, 2),
  );
  await admin.ask("allow space", { roomId });
  await arena.deliver(removed);
  assert.match((await viewer.ask("customers", { roomId })).text ?? "", /customers/);
  assert.doesNotMatch((await viewer.ask("customers", { roomId })).text ?? "", /guest/i, "The bot believed it.");
}

export const replays: Area = {
  name: "replays",
  judged: "the spaces: no question is answered twice, and nothing that is over happens again",
  attacks: attacksOf,
};
