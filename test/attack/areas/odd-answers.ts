import assert from "node:assert/strict";
import { createSpace } from "../../support/alert-journey.ts";
import { until } from "../../support/until.ts";
import type { Arena } from "../arena.ts";
import type { Area, Attack } from "../attack.ts";
import { json, matches, type ProxiedAnswer, times } from "../proxy.ts";

const ODD: Readonly<Record<string, ProxiedAnswer>> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 405, 409, 410, 415, 423, 428, 429, 500, 503].map((status) => [
      String(status),
      json({}, status),
    ]),
  ),
  302: { status: 302, headers: { location: "http://127.0.0.1:9/" } },
  204: { status: 204 },
  HTML: { status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" },
  nothing: { status: 200 },
  null: json(null),
  "an empty list": json([]),
  "a text": json("message"),
  "half of a message": { status: 200, body: '{"id":"x","roomId":"r","pers' },
  "ids that no database stores": json({
    id: "x\0",
    roomId: "\ud800",
    personId: "x\0",
    created: "2026-01-01T00:00:00Z",
  }),
  "another message": json({
    id: "another",
    roomId: "another",
    personId: "another",
    created: "2026-01-01T00:00:00Z",
    text: "customers",
  }),
};

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const viewer = arena.person("viewer");

  const attack = (what: string, path: RegExp, ask: (roomId: string) => Promise<unknown>) =>
    Object.entries(ODD).map(
      ([name, answer]): Attack => ({
        name: `${what} answered once with ${name}`,
        async run() {
          const roomId = await createSpace(arena, viewer);
          const before = (await viewer.fromBot(roomId)).length;
          arena.proxy.intercept(times(1, (call) => (matches(call, "GET", path) ? answer : undefined)));
          await ask(roomId);
          await until(async () => {
            if ((await viewer.fromBot(roomId)).length > before) return;
            await arena.advanceClock("1s");
            throw new Error("The question was lost.");
          });
          const [said] = (await viewer.fromBot(roomId)).slice(-1);
          assert.match(said?.text ?? "", /customers/i);
        },
      }),
    );
  return [
    ...attack("a message", /^\/messages\/./, (roomId) => viewer.send("customers", { roomId })),
    ...attack("a press", /^\/attachment\/actions\/./, async (roomId) => {
      const [hello] = await viewer.fromBot(roomId);
      await viewer.call("POST", "/attachment/actions", {
        type: "submit",
        messageId: hello?.id,
        inputs: { command: "customers" },
      });
    }),
  ];
}

export const oddAnswers: Area = {
  name: "odd answers",
  judged: "the question that Webex was answered 200 for is answered in its space",
  attacks: attacksOf,
};
