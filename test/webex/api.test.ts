import { expect, test } from "vitest";
import { createHttp } from "../../src/http.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { type Script, startLoopback } from "../support/loopback.ts";
import { NO_SECRETS } from "../support/secrets.ts";

async function connect(script: Script) {
  const { url, requests } = await startLoopback(script);
  const http = createHttp({ secrets: NO_SECRETS, baseUrl: `${url}/v1`, connections: 1, timeoutMs: 60_000, retries: 0 });
  return { api: createWebexApi(http, "token"), requests, url };
}

const member = (personId: string) => ({ id: `m-${personId}`, roomId: "room", personId });
const link = (url: string) => ({ link: `<${url}>; rel="next"` });

test("a list is read to its end, page by page", async () => {
  const { api, url } = await connect(({ query }) =>
    query.has("cursor")
      ? { json: { items: [member("bob")] } }
      : { json: { items: [member("ada")] }, headers: link(`${url}/v1/memberships?cursor=2`) },
  );
  const members = await api.memberships({ roomId: "room" });
  expect(members.map(({ personId }) => personId)).toEqual(["ada", "bob"]);
});

test("the next page is asked for with the room, whatever the link keeps", async () => {
  const { api, requests } = await connect(({ query, headers }) =>
    query.has("cursor")
      ? { json: { items: [] } }
      : { json: { items: [] }, headers: link(`http://${headers.host}/v1/people?cursor=2&roomId=other`) },
  );
  await api.memberships({ roomId: "room", personId: "ada" });
  expect(requests[1]).toMatchObject({ path: "/v1/memberships" });
  const asked = { cursor: "2", roomId: "room", personId: "ada", max: "1000" };
  expect(Object.fromEntries(requests[1]?.query ?? [])).toEqual(asked);
});

test("PRODUCT 5: an answer about somebody or something else than was asked for is a failure", async () => {
  const other = { id: "other", roomId: "room", personId: "ada", messageId: "m", created: "2026-11-23T15:00:00Z" };
  const { api } = await connect(({ path }) => ({ json: path.endsWith("memberships") ? { items: [other] } : other }));
  const calls = [() => api.person("ada"), () => api.message("one"), () => api.action("one")];
  for (const call of [...calls, () => api.memberships({ roomId: "another room" })])
    await expect(call()).rejects.toMatchObject({ code: "webex.unexpected" });
});

test.each([
  ["the message", (text: string) => `Cannot post “${text}”`],
  ["the whole call", (_: string, body: string) => `Cannot post ${body}`],
  ["a part of it", (text: string) => text.slice(5, 40)],
])("PRODUCT 5: a refusal that quotes %s does not bring it into the log", async (_, quote) => {
  const text = "✕ Error: Acme Bakery\n1. Harborlight Clinic, Halifax";
  const card = { type: "AdaptiveCard", body: [{ type: "TextBlock", text }] };
  const { api } = await connect(({ body }) => ({ status: 400, json: { message: quote(text, body) } }));
  const failure: { cause?: unknown } = await api
    .postMessage({ roomId: "room", text, attachments: [{ contentType: "card", content: card }] })
    .catch((error) => error);
  expect(String(failure.cause)).toContain("[quoted]");
  expect(String(failure.cause)).not.toMatch(/Acme|Harbor|Halifax|TextBlock/);
});

test("an id of another region is the same object", async () => {
  const idOf = (region: string) => Buffer.from(`ciscospark://${region}/PEOPLE/ada`).toString("base64url");
  const { api } = await connect([{ json: { id: idOf("urn:TEAM:eu-central-1_k") } }]);
  await expect(api.person(idOf("us"))).resolves.toMatchObject({ id: idOf("urn:TEAM:eu-central-1_k") });
});

test.each([
  ["without its items", { json: { message: "hello" } }],
  ["with an item that cannot be read", { json: { items: [member("ada"), { id: "m-guest" }] } }],
  ["that is no JSON", { body: "<html>" }],
  [
    "that goes on where no token may go",
    { json: { items: [member("ada")] }, headers: link("https://elsewhere.example/v1/memberships?cursor=2") },
  ],
])("a list %s is a failure and not a shorter list: whoever is missing might be a guest", async (_, answer) => {
  const { api } = await connect([answer]);
  await expect(api.memberships({ roomId: "room" })).rejects.toMatchObject({
    code: "webex.unexpected",
    message: "Webex answered with something else than was asked for. (GET memberships)",
  });
});

test("a list without an end is given up", async () => {
  const { api, requests, url } = await connect(() => ({
    json: { items: [member("ada")] },
    headers: link(`${url}/v1/memberships?cursor=again`),
  }));
  await expect(api.memberships({ roomId: "room" })).rejects.toMatchObject({ code: "webex.unexpected" });
  expect(requests.length).toBeLessThan(100);
});

test("an unexpected answer is a failure with a hint", async () => {
  const { api } = await connect([{ body: "<html>" }]);
  await expect(api.me()).rejects.toMatchObject({
    code: "webex.unexpected",
    hint: expect.stringContaining("WEBEX_API_URL"),
  });
});

test("an edit that is answered with nonsense may be repeated, a message may not", async () => {
  const { api } = await connect([{ body: "<html>" }, { body: "<html>" }]);
  const body = { roomId: "room", text: "customers" };
  await expect(api.editMessage("m1", body)).rejects.toMatchObject({ retryable: true, outcomeUnknown: false });
  await expect(api.postMessage(body)).rejects.toMatchObject({ retryable: false, outcomeUnknown: true });
});

test.each([423, 429])("ALERTS 29: an edit that is answered %i is not waited for", async (status) => {
  const { url, requests } = await startLoopback([{ status, headers: { "retry-after": "60" } }]);
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const http = createHttp({ baseUrl: url, connections: 1, timeoutMs: 60_000, retries: 4, sleep, secrets: NO_SECRETS });
  const edit = createWebexApi(http, "token").editMessage("m", { roomId: "room", text: "new" });
  await expect(edit).rejects.toMatchObject({ retryable: true, retryAfterS: 60 });
  expect([requests.length, waits]).toEqual([1, []]);
});
