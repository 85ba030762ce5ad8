import { afterAll, beforeAll, expect, test } from "vitest";
import {
  advanceClock,
  pickCustomer,
  SHORT_INTERVALS,
  startHealthyJourney,
  type WatchedRoom,
  waitForQuickPolls,
  waitForSweeps,
  watchIn,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import type { SeenMessage } from "../support/person.ts";

let journey: Journey;
let room: WatchedRoom;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS);
  room = await watchIn(journey);
});
afterAll(() => journey.stop());

const change = (id: string, body: object) => journey.sandbox("PATCH", `/customers/${id}`, body);

/** Waits for a message of the room that is about this customer. */
const hears = (id: string, pattern: RegExp) =>
  room.owner.see(room.roomId, ({ text = "" }) => text.includes(id) && pattern.test(text));

const about = async (id: string) => (await room.news()).filter(({ text = "" }) => text.includes(id));

/** Waits until a card has come to show something else. */
const shows = (card: SeenMessage, pattern: RegExp) =>
  room.owner.see(room.roomId, ({ id, text = "" }) => id === card.id && pattern.test(text));

test("ALERTS 2: a customer in error itself is told of by itself", async () => {
  const { id } = pickCustomer(journey);
  await change(id, { status: "error", errors: [{ errorCode: 9001, description: "No organisation." }] });
  const alert = await hears(id, /^✕ Error: .*code 9001/);
  expect(alert.text).toContain("No organisation.");
  await change(id, { status: "provisioned", errors: null });
  expect((await hears(id, /^✓ Recovered: .*/)).parentId ?? alert.id).toBe(alert.id);
});

test("ALERTS 2: while one of its packages is open it is held back, and told when that recovers alone", async () => {
  const { id, name } = pickCustomer(journey);
  const errors = [{ errorCode: 9002, description: "Half of it failed." }];
  await change(id, { status: "error", errors, packages: { [name]: { status: "error" } } });
  const alert = await hears(id, /^✕ Error: /);
  await waitForSweeps(journey);
  expect(await about(id)).toHaveLength(1);
  await change(id, { status: "error", packages: { [name]: { status: "provisioned" } } });
  await shows(alert, /^✓ Recovered: /);
  const own = await room.owner.see(
    room.roomId,
    ({ id: other, text = "" }) => other !== alert.id && text.includes(id) && /Customer/.test(text),
  );
  expect(own.text).toMatch(/^✕ 1 package in error, 1 recovered: .* · code 9002/);
  await change(id, { status: "provisioned", errors: null });
  await shows(own, /^✓ 1 package recovered/);
});

test("ALERTS 10: what is being deleted is not reminded of", async () => {
  const { id, name, fail } = pickCustomer(journey);
  await fail();
  const alert = await hears(id, /^✕ Error: /);
  await change(id, { packages: { [name]: { status: "deleting" } } });
  await waitForQuickPolls(journey);
  await advanceClock(journey, "5h");
  await waitForSweeps(journey);
  expect(await about(id)).toHaveLength(1);
  await change(id, { packages: { [name]: null } });
  expect((await hears(id, /Package removed/)).parentId ?? alert.id).toBe(alert.id);
});

test("ALERTS 14: a customer that goes while it is in error has not recovered, and nobody says so", async () => {
  const { id, fail } = pickCustomer(journey);
  await fail();
  const alert = await hears(id, /^✕ Error: /);
  await journey.sandbox("DELETE", `/customers/${id}`);
  const gone = await room.owner.see(
    room.roomId,
    ({ parentId, text = "" }) => parentId === alert.id && /removed/.test(text),
  );
  expect(gone.text).toMatch(/^Removed while in error: .*/);
  expect(gone.text).not.toMatch(/[Rr]ecovered/);
});
