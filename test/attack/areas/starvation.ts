import assert from "node:assert/strict";
import { createSpace } from "../../support/alert-journey.ts";
import type { Arena } from "../arena.ts";
import type { Area, Attack } from "../attack.ts";

/** So many questions of the crowd may be answered between a question of somebody else and its answer. */
const MOST_BEFORE = 40;

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const [ana, ben, eve] = [arena.person("viewer"), arena.person("viewer", 1), arena.person("outsider")];
  const ended = () =>
    ["answer.sent", "answer.denied", "event.gone"].reduce((sum, event) => sum + arena.logged(event).length, 0);

  const flood = (name: string, send: () => Promise<unknown>): Attack => ({
    name,
    async run() {
      await send();
      const before = ended();
      const { text = "" } = await ben.ask("summary");
      assert.match(text, /customers/i, text);
      assert.ok(ended() - before <= MOST_BEFORE, `${ended() - before} others were answered before.`);
      await arena.advanceClock("20m");
      await arena.waitForQuickPolls();
    },
  });
  const rooms = await Promise.all(Array.from({ length: 12 }, () => createSpace(arena, ana)));
  const guestRoom = await createSpace(arena, ana, eve);
  const each = (count: number, send: (at: number) => Promise<unknown>) =>
    Promise.all(Array.from({ length: count }, (_, at) => send(at)));
  const forged = (data: object, resource = "messages") =>
    arena.deliver(JSON.stringify({ resource, event: "created", data }));

  return [
    flood("300 questions of one person in 12 spaces", () =>
      each(300, (at) => ana.send("customers fresh=yes", { roomId: rooms[at % 12] ?? "" })),
    ),
    flood("200 questions of an outsider, 1:1 and in a space", () =>
      each(200, (at) => eve.send("customers", at % 2 === 0 ? "direct" : { roomId: guestRoom })),
    ),
    flood("500 forged questions of somebody else", () =>
      each(500, (at) => forged({ id: `none-${at}`, roomId: `r-${at}`, personId: "x" })),
    ),
    flood("100 forged questions as of the person who asks next", () =>
      each(100, (at) => forged({ id: `as-ben-${at}`, roomId: `b-${at}`, personId: ben.personId })),
    ),
    flood("200 presses on one card", async () => {
      const card = await ana.ask("help", { roomId: rooms[0] ?? "" });
      await each(200, (at) =>
        ana.call("POST", "/attachment/actions", {
          type: "submit",
          messageId: card.id,
          inputs: { command: `customers page=${at + 1}` },
        }),
      );
    }),
    flood("20 exports at once", () => each(20, (at) => ana.send("export", { roomId: rooms[at % 12] ?? "" }))),
    flood("500 calls without a signature", () => each(500, () => arena.deliver("{}", {}))),
  ];
}

export const starvation: Area = {
  name: "starvation",
  judged: `another person is answered before ${MOST_BEFORE} of the crowd`,
  arena: { env: { QUESTIONS_PER_MINUTE: "30" } },
  attacks: attacksOf,
};
