import { afterAll, beforeAll, expect, test } from "vitest";
import { PRODUCTION_WINDOWS, pickCustomers, type WatchedRoom, watchIn } from "../support/alert-journey.ts";
import { EDITS_REFUSED } from "../support/edits.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { titlesOf } from "../support/person.ts";

let journey: Journey;
let room: WatchedRoom;

beforeAll(async () => {
  journey = await startJourney({ customers: 90 });
  await journey.startBot(PRODUCTION_WINDOWS);
  room = await watchIn(journey);
});
afterAll(() => journey.stop());

type Customers = ReturnType<typeof pickCustomers>;

/** Breaks so many healthy customers, all with one code. */
async function failCustomers(count: number, code: number): Promise<Customers> {
  const customers = pickCustomers(journey, count);
  await Promise.all(customers.map(({ fail }) => fail(code)));
  return customers;
}

const healAll = (customers: Customers) => Promise.all(customers.map(({ heal }) => heal()));

/** Waits until the changes have been observed, then lets the window pass. */
async function passWindow(window = "5m"): Promise<void> {
  await journey.waitForQuickPolls();
  await journey.advanceClock(window);
}

test("ALERTS 19, 20: an error that ends within the wait is told after an hour as one that came and went", async () => {
  const customers = await failCustomers(1, 10022);
  await journey.waitForQuickPolls();
  await healAll(customers);
  await passWindow("58m");
  await journey.waitForQuickPolls();
  expect(await room.newMessages()).toEqual([]);
  await passWindow("2m");
  const message = await room.waitFor(/^1 alert came and went$/m);
  expect(message.text).toMatch(/^Came and went: .* · 10022 · .* UTC$/m);
  await journey.advanceClock("5m");
});

test("ALERTS 20: after one message the next one waits for its window, and then holds all that came", async () => {
  const first = await failCustomers(1, 10022);
  await passWindow("30s");
  await room.waitFor(/^✕ Error: /);
  const before = (await room.newMessages()).length;
  const others = await failCustomers(2, 200016);
  await passWindow("30s");
  await journey.waitForQuickPolls();
  expect(await room.newMessages()).toHaveLength(before);
  await journey.advanceClock("5m");
  await room.waitFor(/^✕ 2 packages in error: /);
  await healAll([...first, ...others]);
  await passWindow();
  await room.waitFor(/^✓ 3 packages recovered/);
});

test("ALERTS 21: errors that come together are one card, grouped by code, with buttons for all of them", async () => {
  const customers = [...(await failCustomers(1, 200016)), ...(await failCustomers(3, 10022))];
  await passWindow();
  const card = await room.waitFor(/^✕ 4 packages in error: /);
  expect(card.parentId).toBeUndefined();
  expect(card.text).toMatch(/Code 10022[\s\S]*Code 200016/);
  expect(titlesOf(card)).toEqual(["Show all", "Acknowledge these 4", "Mute all for 1 h"]);
  await room.owner.press(card, "Acknowledge these 4");
  // Three share a code and a heading.
  const mark = `acknowledged by ${room.owner.displayName}`;
  await room.waitForEdit(card, ({ text = "" }) => text.split(mark).length === 3);
  await healAll(customers);
  await passWindow();
  await room.waitForReply(card, /^✓ 4 packages recovered/);
});

test("ALERTS 21: the same code at five customers is named as their common cause, and can be muted", async () => {
  const upgrade = { kind: "maintenance", name: "Provisioning upgrade", minutes: 600 };
  await journey.sandbox("POST", "/status", upgrade);
  const isRead = journey.waitForLog("webex_status.changed");
  await journey.advanceClock("1m");
  await isRead;
  const customers = await failCustomers(5, 2560);
  await passWindow();
  const card = await room.waitFor(/^✕ 5 packages in error, common cause: code 2560/);
  expect(card.text).toMatch(
    /^Webex Calling is under maintenance.* Cisco’s turn: Wait .*\nWebex Status: Provisioning upgrade \(maint/m,
  );
  expect((await room.ask("status")).text).toMatch(/^Webex: Provisioning upgrade \(maintenance until .*\)$/m);
  expect((await room.ask("watch")).text).toMatch(/^Webex Status: Provisioning upgrade/m);
  await journey.sandbox("DELETE", "/status");
  expect(titlesOf(card)).toEqual(["Show all", "Acknowledge these 5", "Mute code 2560 for 1 h"]);
  await healAll(customers);
  await passWindow();
  await room.waitFor(/^✓ 5 packages recovered/);
});

test.skipIf(EDITS_REFUSED)(
  "ALERTS 21, 22: a storm is one card, kept up to date, acknowledged with one press, and ended with a summary",
  async () => {
    const countRoots = async () => (await room.newMessages()).filter(({ parentId }) => parentId === undefined).length;
    const before = await countRoots();
    const customers = await failCustomers(12, 2560);
    await passWindow();
    const storm = await room.waitFor(/^✕ Storm: 12 packages of 12 customers in error since .*common cause: code 2560/);
    expect(titlesOf(storm)).toEqual(["Show all", "Acknowledge these 12", "Mute code 2560 for 1 h"]);
    const more = await failCustomers(1, 2560);
    const other = await failCustomers(1, 10022);
    await passWindow();
    const edited = await room.waitForEdit(storm, /13 packages/);
    await room.waitFor(/^✕ Error: .* code 10022/);
    await room.owner.press(edited, "Acknowledge these 13");
    await room.waitForEdit(storm, /13 acknowledged/);
    await journey.advanceClock("11m");
    await journey.waitForQuickPolls();
    await journey.advanceClock("1m");
    await room.waitForReply(storm, /^! Storm no longer growing after .* 13 still in error/);
    expect(await countRoots()).toBe(before + 2);
    await healAll([...customers, ...more, ...other]);
    await passWindow();
    await room.waitFor(/^✓ 14 packages recovered/);
  },
);

test("ALERTS 22: alerts that nobody acknowledged get one reminder together, after four hours", async () => {
  // The errors that were there when the space began to watch would be in the reminder too.
  await room.ask("ack all");
  const customers = await failCustomers(3, 10022);
  await passWindow();
  await room.waitFor(/^✕ 3 packages in error: /);
  await passWindow("4h");
  await journey.waitForQuickPolls();
  await journey.advanceClock("5m");
  const reminder = await room.waitFor(/^! 3 packages still in error, not acknowledged/);
  expect(titlesOf(reminder)).toContain("Acknowledge these 3");
  await healAll(customers);
});
