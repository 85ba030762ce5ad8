import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Journey, socketTest, startJourney, webhookTest } from "../support/journey.ts";

const OLD = "the-old-secret-of-enough-length";
let journey: Journey;
let secret: string;

beforeAll(async () => {
  journey = await startJourney({ customers: 10 });
  secret = journey.env.WEBEX_WEBHOOK_SECRET ?? "";
  await journey.startBot({ WEBEX_WEBHOOK_SECRET: `${secret},${OLD}` });
});
afterAll(() => journey.stop());

const sign = (body: string, by = secret) => createHmac("sha1", by).update(body).digest("hex");

async function deliver(body: string, headers: Record<string, string> = { "x-spark-signature": sign(body) }) {
  const response = await fetch(`${journey.env.PUBLIC_URL}/webhook`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const event = (id: string, more: object = {}) =>
  JSON.stringify({
    name: "x",
    resource: "messages",
    event: "created",
    data: { id, roomId: `room-${id}`, personId: "someone" },
    ...more,
  });

webhookTest("an unsigned, wrongly signed or re-serialised body is answered 401", async () => {
  const body = event("a");
  expect((await deliver(body, {})).status).toBe(401);
  expect((await deliver(body, { "x-spark-signature": sign(body, "another secret") })).status).toBe(401);
  expect((await deliver(`${body} `, { "x-spark-signature": sign(body) })).status).toBe(401);
});

webhookTest("either secret is good during rotation", async () => {
  const body = event("b");
  expect((await deliver(body, { "x-spark-signature": sign(body, OLD) })).body).toEqual({ outcome: "kept" });
});

webhookTest("a duplicate delivery is answered 200 and does nothing", async () => {
  const body = event("c");
  expect((await deliver(body)).body).toEqual({ outcome: "kept" });
  expect((await deliver(body)).body).toEqual({ outcome: "known" });
  expect((await deliver(event("c", { name: "y" }))).body).toEqual({ outcome: "known" });
});

webhookTest("a signed body with white space and escapes is accepted", async () => {
  const body = ` {"resource":"messages", "event":"created","data":{"id":"\\u0064","roomId":"r","personId":"someone"}}\n`;
  expect((await deliver(body)).body).toEqual({ outcome: "kept" });
});

webhookTest("a body that is no JSON, or no event, is answered 400", async () => {
  expect((await deliver("not json")).status).toBe(400);
  expect((await deliver("[]")).status).toBe(400);
  expect((await deliver('{"resource":"messages"}')).status).toBe(400);
});

webhookTest("a body over the limit is answered 413", async () => {
  expect((await deliver(event("d", { padding: "x".repeat(70_000) }))).status).toBe(413);
});

webhookTest("other events and the bot's own messages are ignored, without a row in the database", async () => {
  const own = JSON.stringify({
    resource: "messages",
    event: "created",
    data: { id: "own", roomId: "r", personId: journey.botId },
  });
  expect((await deliver(own)).body).toEqual({ outcome: "ignored" });
  const room = JSON.stringify({ resource: "rooms", event: "updated", data: { id: "r" } });
  expect((await deliver(room)).body).toEqual({ outcome: "ignored" });
});

webhookTest("a message that was deleted before the bot reads it is tried again for some seconds only", async () => {
  await deliver(event("never-was"));
  await expect.poll(() => journey.logged("event.gone").length).toBeGreaterThan(0);
  expect(await journey.countEvents("answer.postponed")).toBeGreaterThan(2);
  expect(journey.logged("answer.failed")).toEqual([]);
});

socketTest("a bot that listens by a socket takes no webhook, whatever signed it", async () => {
  const body = event("a");
  for (const by of ["", secret, OLD])
    expect((await deliver(body, { "x-spark-signature": sign(body, by) })).status).toBe(401);
});

test("/healthz and /readyz answer, and /readyz has its reasons", async () => {
  const { status, headers } = await fetch(`${journey.env.PUBLIC_URL}/healthz`);
  expect([status, headers.get("keep-alive")]).toEqual([200, "timeout=75"]);
  const ready = await journey.readyz();
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, reasons: [] });
});

test("ALERTS 32: a Wholesale token that is refused makes /readyz degraded, and names the reason", async () => {
  await journey.addFault({ api: "wholesale", status: 401 });
  await journey.person("viewer").ask("customers fresh=yes");
  const ready = await journey.readyz();
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    ready: true,
    status: "degraded",
    reasons: expect.arrayContaining(["Wholesale API"]),
  });
  await journey.clearFaults();
  await journey.person("viewer").ask("customers fresh=yes");
  await expect.poll(async () => (await journey.readyz()).json()).toMatchObject({ status: "ok", reasons: [] });
});
