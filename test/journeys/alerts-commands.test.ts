import { afterAll, beforeAll, expect, test } from "vitest";
import {
  alertNumberOf,
  BASELINE,
  createSpace,
  pickCustomer,
  startHealthyJourney,
  type WatchedRoom,
  watchIn,
} from "../support/alert-journey.ts";
import { EDITS_REFUSED } from "../support/edits.ts";
import type { Journey } from "../support/journey.ts";
import { type Person, titlesOf } from "../support/person.ts";

let journey: Journey;
let room: WatchedRoom;
let operator: Person;
let admin: Person;
let viewer: Person;

beforeAll(async () => {
  journey = await startHealthyJourney();
  room = await watchIn(journey);
  [operator, admin, viewer] = [room.owner, journey.person("admin"), journey.person("viewer")];
});
afterAll(() => journey.stop());

/** Breaks a package and waits for its alert. */
async function failAndWait() {
  const one = pickCustomer(journey);
  await one.fail();
  return { ...one, alert: await room.waitFor(/^✕ Error: /, one.id) };
}

test.skipIf(EDITS_REFUSED)(
  "ALERTS 22: an acknowledgement has its reason on the card, and stops reminders until the error comes back",
  async () => {
    const { id, alert, fail, heal } = await failAndWait();
    await room.ask(`ack ${alertNumberOf(alert)} on it, eta 2 h`);
    const taken = await room.waitForEdit(alert, /[Aa]cknowledged by Carla Jensen/);
    expect(taken.text).toContain("on it, eta 2 h");
    await room.ask(`ack ${alertNumberOf(alert)} back at five`);
    const changed = await room.waitForEdit(alert, /back at five/);
    expect(changed.text).not.toContain("on it, eta 2 h");
    await journey.advanceClock("5h");
    await journey.waitForQuickPolls();
    expect((await room.newMessages(id)).filter(({ text = "" }) => /Still in error/.test(text))).toEqual([]);
    await heal();
    await room.waitForEdit(alert, /^✓ Recovered/);
    await fail();
    await room.waitFor(/Re-opened/, id);
    expect((await room.waitForEdit(alert, /^✕/)).text).not.toContain("acknowledged by");
    await journey.advanceClock("5h");
    const reminder = await room.waitFor(/^✕ Still in error/, id);
    expect(reminder.parentId).toBe(alert.id);
    await heal();
    await room.waitForEdit(alert, /^✓ Recovered/);
  },
);

test("ALERTS 23: a muted error is notified when the mute ends, marked as such", async () => {
  const { id, fail, heal } = pickCustomer(journey);
  const mute = await room.ask(`mute externalId=${id} for=2h because="maintenance"`);
  expect(mute.text).toMatch(/^Muted until /);
  await fail();
  await journey.waitForSweeps();
  expect((await room.newMessages(id)).filter(({ text = "" }) => /Error/.test(text))).toEqual([]);
  expect((await room.ask("mutes")).text).toContain("maintenance");
  await journey.advanceClock("2h");
  const alert = await room.waitFor(/^✕ Error: /, id);
  expect(alert.text).toContain("Was muted");
  await heal();
  await room.waitForEdit(alert, /^✓ Recovered/);
});

test("ALERTS 23: an alert muted by its button still gets its recovery; a second press mutes nothing more", async () => {
  const { id, alert, fail, heal } = await failAndWait();
  await operator.press(alert, "Mute 24 h");
  await admin.press(alert, "Mute 24 h");
  await room.waitForEdit(alert, /Muted: until .*, by Carla Jensen/);
  const asked = await room.ask("mutes");
  // The answer to the second press may be late.
  const mutes = /^Already muted/.test(asked.text ?? "") ? await room.waitFor(/mutes? in this space/) : asked;
  expect(mutes.text).toMatch(/^1 mute in this space/);
  await heal();
  const recovery = await room.waitFor(/^✓ Recovered/, id);
  expect(recovery.id === alert.id || recovery.parentId === alert.id).toBe(true);
  // An edit that is still owed would show the error that follows.
  await room.waitForEdit(alert, /^✓ Recovered/);
  await fail();
  await journey.waitForSweeps();
  expect((await room.newMessages(id)).filter(({ text = "" }) => /Re-opened/.test(text))).toEqual([]);
  expect((await room.ask("unmute")).text).toMatch(/^Mute \d+ has ended/);
  const again = await room.waitForReply(alert, /^✕ Re-opened/);
  expect(again.text).toContain("Was muted");
  await heal();
  await journey.waitForQuickPolls();
});

test("ALERTS 24: an alert not acknowledged for half an hour is escalated to a person and to a space, once", async () => {
  const noc = await createSpace(journey, operator, viewer);
  const { id, fail, heal } = pickCustomer(journey);
  const spaces = [];
  for (const target of [viewer.email, noc]) {
    const roomId = await createSpace(journey, operator);
    spaces.push(await watchIn(journey, `externalId=${id} escalate=${target}`, roomId));
  }
  await fail();
  await room.waitFor(/^✕ Error: /, id);
  for (const space of spaces) await space.waitFor(/^✕ Error: /);
  await journey.advanceClock("31m");
  const isAbout = ({ text = "" }) => text.includes(id);
  const escalation = await operator.waitForMessage(noc, isAbout);
  expect(escalation.text).toMatch(/^✕ Escalated/);
  const { roomId } = await viewer.ask("help");
  const direct = await viewer.waitForMessage(roomId, isAbout);
  expect(direct.text).toMatch(/^✕ Escalated[\s\S]*Sent to: Test/);
  await journey.advanceClock("31m");
  await journey.waitForQuickPolls();
  expect((await operator.fromBot(noc)).filter(isAbout)).toHaveLength(1);
  await heal();
  await room.waitFor(/^✓ Recovered/, id);
});

test("viewers may neither watch, acknowledge nor mute, by command or by button", async () => {
  const { alert, heal } = await failAndWait();
  for (const command of ["watch", `ack ${alertNumberOf(alert)}`, `mute all for=1h because="quiet please"`]) {
    const answer = await viewer.ask(command, { roomId: room.roomId });
    expect(answer.text).toContain("Only operators can do this");
  }
  const before = (await room.newMessages()).length;
  await viewer.press(alert, "Acknowledge");
  await expect.poll(async () => (await room.newMessages()).length).toBe(before + 1);
  const [still] = (await room.newMessages()).filter(({ id }) => id === alert.id);
  expect(still && titlesOf(still)).toContain("Acknowledge");
  await heal();
});

test("Watch pressed twice, and by two people, is one watch", async () => {
  const roomId = await createSpace(journey, operator, admin);
  const preview = await operator.ask("watch package=webex_calling", { roomId });
  for (const person of [operator, operator, admin]) await person.press(preview, "Watch");
  await operator.waitForMessage(roomId, /Already watched/);
  await operator.waitForMessage(roomId, BASELINE);
  await journey.waitForQuickPolls();
  expect((await operator.ask("watches", { roomId })).text).toMatch(/^Watches of this space: 1/);
  const cards = (await operator.fromBot(roomId)).filter(({ text = "" }) => BASELINE.test(text));
  expect(cards).toHaveLength(1);
});
