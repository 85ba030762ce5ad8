import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Arena } from "../arena.ts";
import type { Area, Attack } from "../attack.ts";
import { assertAnswers } from "../judge.ts";
import { json, matches, type Rule } from "../proxy.ts";

/** A host that must hear nothing. */
async function startTrap() {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`);
    response.end('{"items":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return { heard, port: (server.address() as AddressInfo).port };
}

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const { heard, port } = await startTrap();
  const trap = `http://127.0.0.1:${port}`;
  const base = new URL(arena.proxy.url);
  const viewer = arena.person("viewer");

  async function judge(): Promise<void> {
    arena.proxy.clear();
    await arena.waitForQuickPolls();
    assert.deepEqual(heard, [], "Another host was called.");
    const outside = arena.proxy.calls.filter(
      ({ path }) => !/^\/(wholesale|organizations|people|messages|rooms|memberships|webhooks|attachment)/.test(path),
    );
    assert.deepEqual(
      outside.map(({ path }) => path),
      [],
      "A path outside of the API was called.",
    );
    await assertAnswers(arena);
  }

  const redirects = [301, 302, 303, 307, 308].flatMap((status) =>
    [
      ["the list of customers", /^\/wholesale\/customers$/],
      ["one customer", /^\/wholesale\/customers\/./],
      ["a post to a space", /^\/messages$/],
    ].map(
      ([what, path]): Attack => ({
        name: `${status} from ${what} to another host`,
        async run() {
          arena.proxy.intercept((call) =>
            (path as RegExp).test(call.path) ? { status, headers: { location: `${trap}/v1/${status}` } } : undefined,
          );
          await viewer.send("customer c1677a16-557a-4fb4-b48f-24adde57ec99 fresh=yes", "direct");
          await judge();
        },
      }),
    ),
  );

  const links: Readonly<Record<string, string>> = {
    "another host": `${trap}/v1/wholesale/customers?offset=10`,
    "another port": `http://127.0.0.1:${port}/v1/wholesale/customers?offset=10`,
    "the host as a user name": `http://${base.host}@127.0.0.1:${port}/v1/wholesale/customers?offset=10`,
    "the host as a sub-domain": `http://${base.host}.evil.example/v1/wholesale/customers?offset=10`,
    "an address without a scheme": `//127.0.0.1:${port}/v1/wholesale/customers?offset=10`,
    backslashes: `http:\\\\127.0.0.1:${port}\\v1\\wholesale\\customers?offset=10`,
    "the host of cloud credentials": "http://169.254.169.254/latest/meta-data/?offset=10",
    "a file": "file:///etc/passwd?offset=10",
    "another scheme": "gopher://127.0.0.1/_x?offset=10",
    "a way out of the base address": `${base.origin}/v1/../sandbox/people?offset=10`,
    "an encoded way out": `${base.origin}/v1/%2e%2e/sandbox/people?offset=10`,
    "another path of the API": `${base.origin}/v1/people/me?offset=10`,
    "another object to delete": `${base.origin}/v1/messages/x?offset=10&_method=DELETE`,
    "a line break": `${base.origin}/v1/wholesale/customers?offset=10%0d%0aHost:%20evil`,
  };
  const followed = (of: string, path: string): readonly Attack[] =>
    Object.entries(links).map(([name, link]) => ({
      name: `the next page of ${of} at ${name}`,
      async run() {
        const rule: Rule = async (call, forward) => {
          if (!matches(call, "GET", path)) return undefined;
          const { status, body = "" } = await forward();
          return status === 200 ? json(JSON.parse(String(body)), 200, { link: `<${link}>; rel="next"` }) : undefined;
        };
        arena.proxy.intercept(rule);
        await viewer.send(of === "customers" ? "customers fresh=yes" : "subpartners", "direct");
        await viewer.send("customers", { roomId: arena.groupRoom });
        await arena.advanceClock("2m");
        await viewer.send("customers", { roomId: arena.groupRoom });
        await judge();
      },
    }));
  return [
    ...redirects,
    ...followed("customers", "/wholesale/customers"),
    ...followed("members", "/memberships").slice(0, 11),
  ];
}

export const foreignHosts: Area = {
  name: "redirects and links",
  judged: "another host hears nothing, no path outside of the API is called, and questions are answered afterwards",
  attacks: attacksOf,
};
