import { afterAll, beforeAll, expect, test } from "vitest";
import { onPostgres } from "../support/databases.ts";
import { addressOnFreePort, type Journey, startJourney } from "../support/journey.ts";
import { until } from "../support/until.ts";

/** A bot without a public address, which listens by a socket. */

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ bySocket: true });
  await journey.startBot({ OPS_ROOM_ID: journey.groupRoom });
});

afterAll(() => journey.stop());

/** A new space of the operator and the bot. */
async function openSpace(title: string) {
  const operator = journey.person("operator");
  const { id: roomId } = await operator.call<{ id: string }>("POST", "/rooms", { title });
  await operator.call("POST", "/memberships", { roomId, personId: journey.botId });
  await operator.waitForMessage(roomId, /Hello/);
  return { operator, roomId };
}

/** Waits until the bot listens by its only device, and has acknowledged everything. */
const waitForDevice = () =>
  until(async () => {
    const devices = await journey.sandbox("GET", "/devices");
    expect(devices).toMatchObject([{ isListening: true, unacknowledged: 0 }]);
  });

test("a space is greeted, a question is answered, a press turns the page, and a problem is told", async () => {
  const { operator, roomId } = await openSpace("By socket");
  const list = await operator.ask("customers", { roomId });
  await operator.press(list, "Next ›");
  await operator.waitForMessage(roomId, /11–20/);
  expect(journey.world.webhooks.ofPerson(journey.botId)).toEqual([]);
  await waitForDevice();
});

test.each([
  ["is cut", {}],
  ["is ended by Webex", { code: 1000, reason: "idle" }],
])("what is said while the connection %s is answered once when it is there again", async (_, end) => {
  const { operator, roomId } = await openSpace("Gap");
  await journey.addFault({ api: "webex", path: "/mercury", drop: true, times: 1 });
  await journey.sandbox("POST", "/devices/close", end);
  await operator.ask("help", { roomId });
  await waitForDevice();
  expect(await operator.fromBot(roomId)).toHaveLength(2);
});

test("an event that is lost on the way is found in the list of messages", async () => {
  const { operator, roomId } = await openSpace("Lost");
  await journey.addFault({ frame: "conversation.activity", times: 1 });
  await operator.send("help", { roomId });
  // The next event shows the gap.
  await operator.ask("whoami");
  await operator.waitForMessage(roomId, /Ask/);
});

test("a message of another region is read by its own id", async () => {
  const { operator, roomId } = await openSpace("Moved");
  const cluster = "urn:TEAM:eu-central-1_k";
  const moved = await journey.sandbox<{ id: string }>("POST", `/rooms/${roomId}/migrate`, { cluster });
  await operator.ask("help", { roomId: moved.id });
});

test.each([400, 403, 404])(
  "a message and a press whose ids Webex does not tell (%i) are answered all the same",
  async (status) => {
    const operator = journey.person("operator");
    await journey.addFault({ api: "webex", path: "/conversation", status, times: 2 });
    const list = await operator.ask("customers");
    await operator.press(list, "Next ›");
    await operator.waitForButton(list, "‹ Prev");
  },
);

test("a device that Webex has dropped is registered anew", async () => {
  const { operator, roomId } = await openSpace("Dropped");
  await journey.sandbox("DELETE", "/devices");
  await operator.ask("help", { roomId });
  await waitForDevice();
});

test("a bot that cannot test its connection listens all the same, and says so", async () => {
  const { operator, roomId } = await openSpace("Untested");
  await journey.addFault({ api: "webex", method: "POST", path: "/rooms", status: 403, times: 1 });
  await journey.sandbox("POST", "/devices/close", {});
  await until(async () => {
    expect(await journey.sandbox("GET", "/faults")).toEqual([]);
    expect(await (await journey.readyz()).json()).toMatchObject({ ready: true, reasons: ["Webex socket"] });
  });
  await operator.ask("help", { roomId });
  await waitForDevice();
});

test("a bot that another program has replaced says so, and does not fight", async () => {
  await journey.sandbox("POST", "/devices/close", { code: 4000, reason: "replaced" });
  await until(() => expect(journey.logged("socket.refused")).toHaveLength(1));
  const readiness = await (await journey.readyz()).json();
  expect(readiness).toMatchObject({ status: "degraded", reasons: ["Webex socket"] });
  expect(await journey.sandbox("GET", "/devices")).toMatchObject([{ isListening: false }]);
  await journey.person("operator").waitForMessage(journey.groupRoom, /does not hear Webex\nAnother program/);
});

onPostgres(() => {
  test("of several instances on one database one listens, and another one goes on when it stops", async () => {
    const instances = await startJourney({ bySocket: true });
    const first = await instances.startBot();
    await instances.startBot(await addressOnFreePort());
    const viewer = instances.person("viewer");
    expect((await viewer.ask("help")).text).toContain("Ask");
    expect(await instances.sandbox("GET", "/devices")).toMatchObject([{ isListening: true }]);
    await first.stop();
    expect((await viewer.ask("whoami")).text).toBeTruthy();
    expect(instances.logged("socket.refused")).toEqual([]);
    await instances.stop();
  });
});
