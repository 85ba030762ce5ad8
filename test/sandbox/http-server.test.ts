import { once } from "node:events";
import { request } from "node:http";
import { expect, test } from "vitest";
import { startTwins } from "./twins.ts";

/** Asks with headers that `fetch` would not send. */
function raw(url: string, options: { method?: string; path: string; headers?: Record<string, string> }) {
  const { port } = new URL(url);
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", ...options }, (response) => {
      let body = "";
      response.on("data", (piece) => (body += piece));
      response.on("end", () => resolve({ status: response.statusCode, body }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("the page, its parts and its three vendor files are served under a strict policy", async () => {
  const { ask } = await startTwins();
  const paths = [
    "/",
    "/app.js",
    "/base.css",
    "/hostconfig-dark.json",
    "/vendor/adaptivecards.min.js",
    "/vendor/adaptivecards.css",
    "/vendor/markdown-it.min.js",
  ];
  for (const path of paths) {
    const { status, headers, body } = await ask("GET", path);
    expect(status, path).toBe(200);
    expect(JSON.stringify(body).length).toBeGreaterThan(100);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("an idle connection is kept longer than clients use it", async () => {
  const { ask } = await startTwins();
  const { headers } = await ask("GET", "/");
  expect(headers.get("keep-alive")).toBe("timeout=75");
});

test.each([
  "/nothing.js",
  "/../sandbox.ts",
  "/..%2f..%2f..%2fpackage.json",
  "/%2e%2e/main.ts",
  "/vendor/other.js",
  "/page",
])("%s is not served", async (path) => {
  const { sandbox } = await startTwins();
  expect((await raw(sandbox.url, { path })).status).toBe(404);
});

test("a host name other than loopback is refused everywhere", async () => {
  const { sandbox } = await startTwins();
  for (const path of ["/", "/sandbox/people", "/v1/people/me"]) {
    expect((await raw(sandbox.url, { path, headers: { host: "rebound.example" } })).status).toBe(403);
  }
  const { port } = new URL(sandbox.url);
  expect((await raw(sandbox.url, { path: "/sandbox/people", headers: { host: `localhost:${port}` } })).status).toBe(
    200,
  );
});

test("pages of other origins cannot change anything, the sandbox's page and programs can", async () => {
  const { sandbox } = await startTwins();
  const pull = async (headers: Record<string, string>) =>
    (await raw(sandbox.url, { method: "POST", path: "/sandbox/scenarios/break-one", headers })).status;
  expect(await pull({ origin: "https://elsewhere.example" })).toBe(403);
  expect(await pull({ "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await pull({ origin: "http://127.0.0.1:1" })).toBe(403);
  expect(await pull({ origin: sandbox.url, host: new URL(sandbox.url).host, "sec-fetch-site": "same-origin" })).toBe(
    200,
  );
  expect(await pull({})).toBe(200);
});

test("a request that offers HTTP/2 is answered as any other, with its body", async () => {
  const { sandbox, people, noc } = await startTwins();
  const { port } = new URL(sandbox.url);
  const body = JSON.stringify({ roomId: noc, text: "from a client that knows HTTP/2" });
  const headers = {
    connection: "Upgrade, HTTP2-Settings",
    upgrade: "h2c",
    "http2-settings": "AAMAAABkAAQAAP__",
    authorization: `Bearer ${people.bot.token}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  const asked = request({ port, host: "127.0.0.1", method: "POST", path: "/v1/messages", headers });
  asked.write(body.slice(0, 10));
  asked.end(body.slice(10));
  const [response] = await once(asked, "response");
  response.resume();
  expect(response.statusCode).toBe(200);
  const [said] = sandbox.world.messages.inRoom(noc);
  expect(said?.text).toBe("from a client that knows HTTP/2");
});

test("malformed requests are answered and do no harm", async () => {
  const { sandbox, viewer, ask, people } = await startTwins();
  expect((await raw(sandbox.url, { path: "//" })).status).toBe(404);
  expect((await raw(sandbox.url, { method: "OPTIONS", path: "/v1/messages" })).status).toBe(405);
  const broken = await fetch(`${sandbox.url}/v1/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${people.viewer.token}`, "content-type": "application/json" },
    body: "{oops",
  });
  expect(broken.status).toBe(400);
  expect((await ask("GET", "/sandbox/nothing")).status).toBe(404);
  expect((await viewer("GET", "/people/me")).status).toBe(200);
});

test("the event stream sends the present state at once, and then every event", async () => {
  const { sandbox, bot, control, noc } = await startTwins();
  const leave = new AbortController();
  const response = await fetch(`${sandbox.url}/sandbox/events`, { signal: leave.signal });
  const events: { type: string; data: Record<string, unknown> }[] = [];
  const reading = (async () => {
    let text = "";
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString();
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      for (const frame of frames) {
        const [, type = "", data = "{}"] = /^event: (.+)\ndata: (.+)$/.exec(frame) ?? [];
        events.push({ type, data: JSON.parse(data) });
      }
    }
  })().catch(() => undefined);
  const seen = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data);
  const { body: said } = await bot("POST", "/messages", { roomId: noc, text: "hello" });
  await bot("DELETE", `/messages/${said.id}`);
  await control("POST", "/faults", { status: 500 });
  await expect.poll(() => seen("world").length).toBeGreaterThan(1);
  expect(events.slice(0, 4).map(({ type }) => type)).toEqual(["clock", "world", "bot", "seeing"]);
  expect(seen("bot")).toEqual([{ state: "none" }]);
  expect(seen("message")).toEqual([
    { action: "created", message: said },
    { action: "deleted", message: said },
  ]);
  expect(seen("call").map(({ method, path }) => `${method} ${path}`)).toContain("POST /messages");
  expect(seen("world").at(-1)).toMatchObject({ customers: 250, faults: [{ status: 500 }] });
  leave.abort();
  await reading;
});
