import assert from "node:assert/strict";
import type { Arena } from "../arena.ts";
import type { Area, Attack } from "../attack.ts";
import { assertLogIsClean } from "../judge.ts";
import { json, matches, type Rule, times } from "../proxy.ts";

const STATUSES = [400, 401, 403, 404, 409, 410, 415, 422, 423, 429, 500, 502, 503, 504];

/** The ways in which an upstream may repeat what it was sent. */
const ECHOES: Readonly<
  Record<string, (token: string, body: string) => { readonly body: unknown; readonly headers?: Record<string, string> }>
> = {
  "in the message": (token, body) => ({ body: { message: `Bearer ${token} ${body}` } }),
  "in the list of errors": (token, body) => ({
    body: { message: "no", errors: [{ description: `${token} ${body}` }] },
  }),
  "in the tracking id": (token) => ({ body: { message: "no", trackingId: token }, headers: { trackingid: token } }),
  "in Base64": (token) => ({ body: { message: `Basic ${Buffer.from(`bot:${token}`).toString("base64")}` } }),
  "with each letter escaped": (token) => ({
    body: { message: [...token].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("") },
  }),
  "encoded for an address": (token) => ({
    body: { message: `https://x/?t=${encodeURIComponent(token)}&Authorization=Bearer%20${token}` },
  }),
  "as another token": () => ({ body: { message: "Authorization: Bearer another-token-of-somebody" } }),
  "with a line break in the token": (token) => ({ body: { message: `${token.slice(0, 8)}\n${token.slice(8)}` } }),
};

const tokenOf = (header = "") => header.replace(/^Bearer /, "");

const echoing =
  (
    status: number,
    echo: (token: string, body: string) => { body: unknown; headers?: Record<string, string> },
    paths: RegExp,
  ): Rule =>
  (call) => {
    if (!paths.test(call.path)) return undefined;
    const { body, headers = {} } = echo(tokenOf(call.headers.authorization), call.body);
    return json(body, status, headers);
  };

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const viewer = arena.person("viewer");
  const WHOLESALE = /^\/(wholesale|organizations)/;
  const WEBEX = /^\/(messages|people\/(?!me)|rooms|memberships|attachment)/;

  async function judge(from: number): Promise<void> {
    assertLogIsClean(arena, from);
    assert.ok(!arena.lines.slice(from).join("\n").includes("another-token-of-somebody"), "The log has a token.");
    const token = arena.botEnv.WHOLESALE_ACCESS_TOKEN ?? "";
    const { items } = await viewer.call<{ items: { id: string }[] }>("GET", "/rooms?max=1000");
    for (const { id } of items) {
      const said = JSON.stringify(await viewer.fromBot(id));
      for (const secret of [token, arena.botEnv.WEBEX_BOT_TOKEN ?? "", "another-token-of-somebody"])
        assert.ok(!said.includes(secret), "A card has a token.");
    }
  }
  const echoes = Object.entries(ECHOES);
  const wholesale = STATUSES.map((status, index): Attack => {
    const [name, echo] = echoes[index % echoes.length] ?? ["", ECHOES["in the message"]];
    return {
      name: `the Wholesale API answers ${status} with the token ${name}`,
      async run() {
        const from = arena.lines.length;
        arena.proxy.intercept(times(3, echoing(status, echo as never, WHOLESALE)));
        await viewer.ask("customers fresh=yes");
        await viewer.ask("subpartners");
        await judge(from);
      },
    };
  });
  const webex = STATUSES.filter((status) => status !== 401).map((status, index): Attack => {
    const [name, echo] = echoes[(index + 3) % echoes.length] ?? ["", ECHOES["in the message"]];
    return {
      name: `Webex answers ${status} with the token and the message ${name}`,
      async run() {
        const from = arena.lines.length;
        arena.proxy.intercept(times(2, echoing(status, echo as never, WEBEX)));
        await viewer.send("customers", "direct");
        await arena.advanceClock("20s");
        await arena.waitForQuickPolls();
        arena.proxy.clear();
        await arena.advanceClock("2m");
        await viewer.ask("customers");
        await judge(from);
      },
    };
  });
  const posts = [400, 403, 404, 409, 413, 422].map(
    (status): Attack => ({
      name: `Webex refuses a card with ${status} and repeats it`,
      async run() {
        const from = arena.lines.length;
        const repeat: Rule = (call) =>
          matches(call, "POST", "/messages")
            ? json(
                {
                  message: `Cannot post: ${call.body}`,
                  errors: [{ description: `Cannot post ${call.body} of ana.lima@meridian-voice.example` }],
                },
                status,
              )
            : undefined;
        arena.proxy.intercept(times(2, repeat));
        await viewer.send("customer c1677a16-557a-4fb4-b48f-24adde57ec99", "direct");
        await arena.waitForQuickPolls();
        arena.proxy.clear();
        await arena.advanceClock("4m");
        await viewer.ask("help");
        await judge(from);
      },
    }),
  );
  return [...wholesale, ...webex, ...posts];
}

export const secrets: Area = {
  name: "echoing upstreams",
  judged: "no log line and no card has a token, an address, a customer's name or the text of a card",
  attacks: attacksOf,
};
