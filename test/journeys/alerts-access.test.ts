import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createSpace,
  firstLineOf,
  pickCustomer,
  SHORT_INTERVALS,
  startHealthyJourney,
  watchIn,
  watchOneCustomer,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { choicesOf } from "../support/person.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS, { customers: 60 });
});
afterAll(() => journey.stop());

test("ALERTS 18: each of two spaces is notified of the customers that it watches, and no others", async () => {
  const [one, other] = [await watchOneCustomer(journey), await watchOneCustomer(journey)];
  await Promise.all([one.fail(), other.fail()]);
  await one.waitFor(/^/, one.id);
  await other.waitFor(/^/, other.id);
  await journey.waitForQuickPolls();
  expect(await one.newMessages(other.id)).toEqual([]);
  expect(await other.newMessages(one.id)).toEqual([]);
});

test("a guest suspends alerts, with one notice, until the guest leaves or an admin allows the space", async () => {
  const admin = journey.person("admin");
  const { id, owner, roomId, fail, newMessages, waitFor } = await watchOneCustomer(journey, admin);
  await owner.call("POST", "/memberships", { roomId, personId: journey.person("outsider").personId });
  await fail();
  const notice = await waitFor(/Alerts are held back/);
  expect(notice.text).not.toContain(id);
  await journey.advanceClock("2m");
  await journey.waitForQuickPolls();
  expect((await newMessages()).map(firstLineOf)).toEqual([firstLineOf(notice)]);
  await admin.press(notice, "Allow this space (admins)");
  await journey.waitForQuickPolls();
  await journey.advanceClock("2m");
  await waitFor(/^/, id);
});

test("PRODUCT 5: nothing is escalated to an outsider, or to a space with one", async () => {
  const [operator, outsider] = [journey.person("operator"), journey.person("outsider")];
  const [roomId, withGuest] = [await createSpace(journey, operator), await createSpace(journey, operator, outsider)];
  const ask = async (to: string) => (await operator.ask(`watch escalate=${to} confirm=yes`, { roomId })).text;
  expect(await ask(outsider.email)).toContain("Nobody of that address may see customer data");
  expect(await ask("nobody@nowhere.example")).toContain("Nobody of that address may see customer data");
  expect(await ask(withGuest)).toContain("A guest is in that space");
  expect(await operator.ask("watches", { roomId })).toMatchObject({ text: expect.stringContaining("has no watches") });
  expect(await ask(journey.person("viewer").email)).toContain("Watching");
});

test("a space bound to a sub-partner is notified of its own customers only", async () => {
  const admin = journey.person("admin");
  const roomId = await createSpace(journey, journey.person("operator"), admin);
  const list = await admin.ask("subpartners", { roomId });
  expect(list.text).toContain("Northlight Telecom");
  await admin.ask("use subpartner=Northlight Telecom", { roomId });
  const room = await watchIn(journey, "", roomId);
  const partner = await admin.ask("customers", { roomId });
  const [own] = choicesOf(partner);
  const foreign = pickCustomer(journey);
  await foreign.fail();
  await journey.waitForSweeps();
  await journey.changeCustomer(own?.value ?? "", { packages: { webex_calling: { status: "error" } } });
  const alert = await room.waitFor(/^✕ Error: /);
  expect(alert.text).not.toContain(foreign.id);
  expect((await room.newMessages()).map(({ id }) => id)).toEqual([partner.id, alert.id]);
});
