import { afterAll, beforeAll, expect, test } from "vitest";
import {
  advanceClock,
  alertNumberOf,
  createSpace,
  pickCustomer,
  SHORT_INTERVALS,
  startHealthyJourney,
  type WatchedRoom,
  waitForQuickPolls,
  waitForSweeps,
  watchIn,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { type SeenMessage, titlesOf } from "../support/person.ts";

let journey: Journey;
let room: WatchedRoom;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS);
  room = await watchIn(journey);
});
afterAll(() => journey.stop());

/** Waits for a message of the room that is about this customer. */
const hears = (id: string, pattern: RegExp) =>
  room.owner.see(room.roomId, ({ text = "" }) => text.includes(id) && pattern.test(text));

const about = async (id: string) => (await room.news()).filter(({ text = "" }) => text.includes(id));

/** Waits until a card has come to show something else. */
const shows = (card: SeenMessage, pattern: RegExp) =>
  room.owner.see(room.roomId, ({ id, text = "" }) => id === card.id && pattern.test(text));

const ask = (text: string) => room.owner.ask(text, { roomId: room.roomId });

test("ALERTS 22: whoever takes an alert says why, and nobody is reminded of it until it comes back", async () => {
  const { id, fail, heal } = pickCustomer(journey);
  await fail();
  const alert = await hears(id, /^✕ Error: /);
  await ask(`ack ${alertNumberOf(alert)} on it, eta 2 h`);
  const taken = await shows(alert, /[Aa]cknowledged by Carla Jensen/);
  expect(taken.text).toContain("on it, eta 2 h");
  await advanceClock(journey, "5h");
  await waitForQuickPolls(journey);
  expect((await about(id)).filter(({ text = "" }) => /Still in error/.test(text))).toEqual([]);
  await heal();
  await shows(alert, /^✓ Recovered/);
  await fail();
  await hears(id, /Re-opened/);
  expect((await shows(alert, /^✕/)).text).not.toContain("acknowledged by");
  await advanceClock(journey, "5h");
  const reminder = await hears(id, /^✕ Still in error/);
  expect(reminder.parentId).toBe(alert.id);
  await heal();
  await shows(alert, /^✓ Recovered/);
});

test("ALERTS 23: what is muted is not told until the mute ends, and then as that", async () => {
  const { id, fail, heal } = pickCustomer(journey);
  const mute = await ask(`mute externalId=${id} for=2h because="maintenance"`);
  expect(mute.text).toMatch(/^Muted until /);
  await fail();
  await waitForSweeps(journey);
  expect((await about(id)).filter(({ text = "" }) => /Error/.test(text))).toEqual([]);
  expect((await ask("mutes")).text).toContain("maintenance");
  await advanceClock(journey, "2h");
  const alert = await hears(id, /^✕ Error: /);
  expect(alert.text).toContain("Was muted");
  await heal();
  await shows(alert, /^✓ Recovered/);
});

test("ALERTS 23: an alert muted by its button still tells of its end; a second press mutes nothing more", async () => {
  const { id, fail, heal } = pickCustomer(journey);
  await fail();
  const alert = await hears(id, /^✕ Error: /);
  await room.owner.press(alert, "Mute 24 h");
  await journey.person("admin").press(alert, "Mute 24 h");
  await shows(alert, /Muted: until .*, by Carla Jensen/);
  expect((await ask("mutes")).text).toMatch(/^1 mute in this space/);
  await heal();
  const over = await hears(id, /^✓ Recovered/);
  expect(over.id === alert.id || over.parentId === alert.id).toBe(true);
  await fail();
  await waitForSweeps(journey);
  expect((await about(id)).filter(({ text = "" }) => /Re-opened/.test(text))).toEqual([]);
  const ended = await ask("unmute");
  expect(ended.text).toMatch(/^Mute \d+ has ended/);
  const again = await hears(id, /^✕ Re-opened/);
  expect(again.parentId).toBe(alert.id);
  expect(again.text).toContain("Was muted");
  await heal();
  await waitForQuickPolls(journey);
});

test("ALERTS 24: what nobody takes for half an hour goes to a person and to a space, once", async () => {
  const [operator, viewer] = [journey.person("operator"), journey.person("viewer")];
  const noc = await createSpace(journey, operator, viewer);
  const { id, fail, heal } = pickCustomer(journey);
  const other = await createSpace(journey, operator);
  await watchIn(journey, `externalId=${id} escalate=${viewer.email}`, other);
  const third = await createSpace(journey, operator);
  await watchIn(journey, `externalId=${id} escalate=${noc}`, third);
  await fail();
  await hears(id, /^✕ Error: /);
  await operator.see(other, ({ text = "" }) => /^✕ Error: /.test(text));
  await operator.see(third, ({ text = "" }) => /^✕ Error: /.test(text));
  await advanceClock(journey, "31m");
  const called = await operator.see(noc, ({ text = "" }) => text.includes(id));
  expect(called.text).toMatch(/^✕ Escalated/);
  const { roomId } = await viewer.ask("help");
  const direct = await viewer.see(roomId, ({ text = "" }) => text.includes(id));
  expect(direct.text).toMatch(/^✕ Escalated[\s\S]*Sent to: Test/);
  await advanceClock(journey, "31m");
  await waitForQuickPolls(journey);
  expect((await operator.fromBot(noc)).filter(({ text = "" }) => text.includes(id))).toHaveLength(1);
  await heal();
  await hears(id, /^✓ Recovered/);
});

test("viewers may neither watch, take nor mute, by word or by button", async () => {
  const { id, fail, heal } = pickCustomer(journey);
  const viewer = journey.person("viewer");
  await fail();
  const alert = await hears(id, /^✕ Error: /);
  for (const command of ["watch", `ack ${alertNumberOf(alert)}`, `mute all for=1h because="quiet please"`]) {
    const answer = await viewer.ask(command, { roomId: room.roomId });
    expect(answer.text).toContain("needs the role operator");
  }
  const before = (await room.news()).length;
  await viewer.press(alert, "Acknowledge");
  await expect.poll(async () => (await room.news()).length).toBe(before + 1);
  const [still] = (await room.news()).filter((message) => message.id === alert.id);
  expect(still && titlesOf(still)).toContain("Acknowledge");
  await heal();
});

test("Watch pressed twice, and by two people, is one watch", async () => {
  const operator = journey.person("operator");
  const space = await createSpace(journey, operator, journey.person("admin"));
  const preview = await operator.ask("watch package=webex_calling", { roomId: space });
  await operator.press(preview, "Watch");
  await operator.press(preview, "Watch");
  await journey.person("admin").press(preview, "Watch");
  await operator.see(space, ({ text = "" }) => /Already watched/.test(text));
  await operator.see(space, ({ text = "" }) => /^.?.?Watching \d/.test(text));
  await waitForQuickPolls(journey);
  expect((await operator.ask("watches", { roomId: space })).text).toMatch(/^Watches of this space: 1/);
  const cards = (await operator.fromBot(space)).filter(({ text = "" }) => /^.?.?Watching \d/.test(text));
  expect(cards).toHaveLength(1);
});
