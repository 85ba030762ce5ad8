import { afterAll, beforeAll, expect, test } from "vitest";
import { createSpace } from "../support/alert-journey.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { choicesOf, type Person, titlesOf } from "../support/person.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ customers: 50 });
  await journey.startBot();
});
afterAll(() => journey.stop());

const spaceOf = (creator: Person, ...others: readonly Person[]) => createSpace(journey, creator, ...others);

test("somebody of another organisation is refused politely, once, and never sees a customer", async () => {
  const outsider = journey.person("outsider");
  const first = await outsider.ask("customers");
  expect(first.text).toContain("answers only people of the organisation");
  await outsider.send("customers status=error", "direct");
  await outsider.send("help", "direct");
  // A later answer to somebody else: the three messages have been processed by then.
  await journey.person("viewer").ask("help");
  await expect.poll(() => journey.logEntries.filter(({ because }) => because === "stranger").length).toBe(3);
  expect(await outsider.fromBot(first.roomId)).toHaveLength(1);
});

test("a button press by somebody of another organisation is refused as a message would be", async () => {
  const viewer = journey.person("viewer");
  const outsider = journey.person("outsider");
  const room = await spaceOf(viewer);
  const list = await viewer.ask("customers", { roomId: room });
  await viewer.call("POST", "/memberships", { roomId: room, personId: outsider.personId });
  await outsider.press(list, "Next ›");
  await viewer.waitForMessage(room, ({ text = "" }) => text.includes("answers only people of the organisation"));
  const [still] = (await viewer.fromBot(room)).filter(({ id }) => id === list.id);
  expect(still && choicesOf(still)).toEqual(choicesOf(list));
});

test("a space with a guest gets no customer data until an admin allows it", async () => {
  const [viewer, admin, outsider] = [journey.person("viewer"), journey.person("admin"), journey.person("outsider")];
  const room = await spaceOf(viewer, admin, outsider);
  const refusal = await viewer.ask("customers", { roomId: room });
  expect(refusal.text).toContain("A guest is in this space");
  expect(refusal.text).not.toContain("Milpitas");
  const notAdmin = await viewer.ask("allow space", { roomId: room });
  expect(notAdmin.text).toContain("Only admins can do this");
  await admin.press(refusal, "Allow this space (admins)");
  await admin.waitForEdit(refusal, /This space is allowed/);
  const list = await viewer.ask("customers", { roomId: room });
  expect(choicesOf(list)).toHaveLength(10);
  await admin.ask("disallow space", { roomId: room });
  expect((await viewer.ask("customers", { roomId: room })).text).toContain("A guest is in this space");
});

test("a guest who comes later closes the space, and opens it again by leaving", async () => {
  const [viewer, outsider] = [journey.person("viewer"), journey.person("outsider")];
  const room = await spaceOf(viewer);
  expect(choicesOf(await viewer.ask("customers", { roomId: room }))).toHaveLength(10);
  const { id } = await viewer.call<{ id: string }>("POST", "/memberships", {
    roomId: room,
    personId: outsider.personId,
  });
  await expect
    .poll(async () => (await viewer.ask("customers", { roomId: room })).text)
    .toContain("A guest is in this space");
  await viewer.call("DELETE", `/memberships/${id}`);
  await expect.poll(async () => titlesOf(await viewer.ask("customers", { roomId: room }))).toContain("Open");
});

test("while the members of the space cannot be read there is no customer data, and the answer says so", async () => {
  const viewer = journey.person("viewer");
  const room = await spaceOf(viewer);
  await journey.addFault({ api: "webex", path: "/memberships", method: "GET", status: 403 });
  try {
    expect((await viewer.ask("customers", { roomId: room })).text).toContain("members of this space could not be read");
  } finally {
    await journey.clearFaults();
  }
});

test("a list of members that is empty or partial is not believed", async () => {
  const [viewer, outsider] = [journey.person("viewer"), journey.person("outsider")];
  const [alone, withGuest] = [await spaceOf(viewer), await spaceOf(viewer, outsider)];
  expect((await viewer.ask("customers", { roomId: withGuest })).text).toContain("A guest is in this space");
  await journey.advanceClock("2m");
  try {
    await journey.addFault({ api: "webex", path: "/memberships", method: "GET", lie: "empty" });
    expect((await viewer.ask("customers", { roomId: alone })).text).toContain(
      "members of this space could not be read",
    );
    await journey.clearFaults();
    await journey.addFault({ api: "webex", path: "/memberships", method: "GET", lie: "half" });
    expect((await viewer.ask("customers", { roomId: withGuest })).text).toMatch(/guest is in|could not be read/);
  } finally {
    await journey.clearFaults();
  }
});

test("help lists the commands of the sender's role, and no others", async () => {
  expect((await journey.person("viewer").ask("help running")).text).not.toContain("allow space");
  expect((await journey.person("admin").ask("help running")).text).toContain("allow space");
});

test("anybody in the space may press a card's buttons, each with their own role", async () => {
  const [vera, otto] = [journey.person("viewer"), journey.person("viewer", 1)];
  const list = await vera.ask("customers", { roomId: journey.groupRoom });
  await otto.press(list, "Next ›");
  const second = await vera.waitForButton(list, "‹ Prev");
  expect(choicesOf(second)[0]?.title).toMatch(/^11\. /);
});
