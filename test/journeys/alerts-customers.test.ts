import { afterAll, beforeAll, expect, test } from "vitest";
import { pickCustomer, startHealthyJourney, type WatchedRoom, watchIn } from "../support/alert-journey.ts";
import { EDITS_REFUSED } from "../support/edits.ts";
import type { Journey } from "../support/journey.ts";

let journey: Journey;
let room: WatchedRoom;

beforeAll(async () => {
  journey = await startHealthyJourney();
  room = await watchIn(journey);
});
afterAll(() => journey.stop());

test("ALERTS 2: a customer in error itself has an alert of its own", async () => {
  const { id, change } = pickCustomer(journey);
  await change({ status: "error", errors: [{ errorCode: 9001, description: "No organisation." }] });
  const alert = await room.waitFor(/^✕ Error: .*code 9001/, id);
  expect(alert.text).toContain("No organisation.");
  await change({ status: "provisioned", errors: null });
  expect((await room.waitFor(/^✓ Recovered: .*/, id)).parentId ?? alert.id).toBe(alert.id);
});

test("ALERTS 2: an open alert of its package inhibits it; it is notified when only the package recovers", async () => {
  const { id, name, change } = pickCustomer(journey);
  const errors = [{ errorCode: 9002, description: "Half of it failed." }];
  await change({ status: "error", errors, packages: { [name]: { status: "error" } } });
  const alert = await room.waitFor(/^✕ Error: /, id);
  await journey.waitForSweeps();
  expect(await room.newMessages(id)).toHaveLength(1);
  await change({ status: "error", packages: { [name]: { status: "provisioned" } } });
  if (!EDITS_REFUSED) await room.waitForEdit(alert, /^✓ Recovered: /);
  const own = await room.owner.waitForMessage(
    room.roomId,
    ({ id: other, text = "" }) => other !== alert.id && text.includes(id) && /Customer/.test(text),
  );
  expect(own.text).toMatch(/^✕ 1 package in error, 1 recovered: .* · code 9002/);
  await change({ status: "provisioned", errors: null });
  await room.waitForEdit(own, EDITS_REFUSED ? /^✓ Recovered: / : /^✓ 2 packages recovered/);
});

test("ALERTS 10: a package that is being deleted gets no reminder", async () => {
  const { id, changePackage, fail } = pickCustomer(journey);
  await fail();
  const alert = await room.waitFor(/^✕ Error: /, id);
  await changePackage({ status: "deleting" });
  await journey.waitForQuickPolls();
  await journey.advanceClock("5h");
  await journey.waitForSweeps();
  expect(await room.newMessages(id)).toHaveLength(1);
  await changePackage(null);
  expect((await room.waitFor(/Package removed/, id)).parentId ?? alert.id).toBe(alert.id);
});

test("ALERTS 14: a customer that is removed while in error has not recovered, and no message says so", async () => {
  const { id, fail } = pickCustomer(journey);
  await fail();
  const alert = await room.waitFor(/^✕ Error: /, id);
  await journey.sandbox("DELETE", `/customers/${id}`);
  const removal = await room.waitForReply(alert, /removed/);
  expect(removal.text).toMatch(/^Removed while in error: .*/);
  expect(removal.text).not.toMatch(/[Rr]ecovered/);
});
