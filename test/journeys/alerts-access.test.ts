import { afterAll, beforeAll, expect, test } from "vitest";
import {
  advanceClock,
  createSpace,
  firstLineOf,
  pickCustomer,
  SHORT_INTERVALS,
  startHealthyJourney,
  waitForQuickPolls,
  waitForSweeps,
  watchIn,
  watchOneCustomer,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { choicesOf, type Person } from "../support/person.ts";

let journey: Journey;
let owner: Person;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS, { customers: 60 });
  owner = journey.person("operator");
});
afterAll(() => journey.stop());

const watched = (...others: readonly Person[]) => watchOneCustomer(journey, ...others);

test("ALERTS 18: two spaces are told what each of them watches, and no more", async () => {
  const [one, other] = [await watched(), await watched()];
  await Promise.all([one.fail(), other.fail()]);
  await one.hears(new RegExp(one.id));
  await other.hears(new RegExp(other.id));
  await waitForQuickPolls(journey);
  expect((await one.news()).filter(({ text = "" }) => text.includes(other.id))).toEqual([]);
  expect((await other.news()).filter(({ text = "" }) => text.includes(one.id))).toEqual([]);
});

test("a guest holds alerts back, with one notice, until he leaves or an admin allows the space", async () => {
  const { id, roomId, fail, news, hears } = await watched(journey.person("admin"));
  await owner.call("POST", "/memberships", { roomId, personId: journey.person("outsider").personId });
  await fail();
  const notice = await hears(/Alerts are held back/);
  expect(notice.text).not.toContain(id);
  await advanceClock(journey, "2m");
  await waitForQuickPolls(journey);
  expect((await news()).map(firstLineOf)).toEqual([firstLineOf(notice)]);
  await journey.person("admin").press(notice, "Allow this space (admins)");
  await waitForQuickPolls(journey);
  await advanceClock(journey, "2m");
  await hears(new RegExp(id));
});

test("a space bound to a sub-partner is told of its own customers only", async () => {
  const admin = journey.person("admin");
  const roomId = await createSpace(journey, owner, admin);
  const list = await admin.ask("subpartners", { roomId });
  expect(list.text).toContain("Northlight Telecom");
  await admin.ask("use subpartner=Northlight Telecom", { roomId });
  const room = await watchIn(journey, "", roomId);
  const partner = await admin.ask("customers", { roomId });
  const [own] = choicesOf(partner);
  const foreign = pickCustomer(journey);
  await foreign.fail();
  await waitForSweeps(journey);
  await journey.sandbox("PATCH", `/customers/${own?.value}`, {
    packages: { webex_calling: { status: "error" } },
  });
  const alert = await room.hears(/^✕ Error: /);
  expect(alert.text).not.toContain(foreign.id);
  expect((await room.news()).map(({ id }) => id)).toEqual([partner.id, alert.id]);
});
