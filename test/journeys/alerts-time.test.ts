import { afterAll, beforeAll, expect, test } from "vitest";
import {
  advanceClock,
  alertNumberOf,
  firstLineOf,
  SHORT_INTERVALS,
  startHealthyJourney,
  waitForQuickPolls,
  waitForSweeps,
  watchOneCustomer,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import type { Person, SeenMessage } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let owner: Person;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS);
  owner = journey.person("operator");
});
afterAll(() => journey.stop());

const forward = (ms: number) => journey.sandbox("POST", "/clock", { forward: Math.round(ms) });

/** When the next digest comes, as its answer says. */
function nextIn({ text = "", created }: SeenMessage): number {
  const [, day = created.slice(0, 10), time] = /at (?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d) UTC/.exec(text) ?? [];
  return Date.parse(`${day}T${time}:00Z`);
}

const change = (id: string, body: object) => journey.sandbox("PATCH", `/customers/${id}`, body);

test("ALERTS 13: what flaps is told once as that, then nothing until it is steady", async () => {
  const { fail, heal, roomId, news, hears } = await watchOneCustomer(journey);
  await fail();
  const alert = await hears(/^✕ Error: /);
  const replies = async (pattern: RegExp) =>
    (await news()).filter(({ parentId, text = "" }) => parentId === alert.id && pattern.test(text));
  for (const times of [1, 2, 3]) {
    await heal();
    await until(async () => expect(await replies(/^✓ Recovered/)).toHaveLength(times));
    await fail();
    if (times < 3) await until(async () => expect(await replies(/^✕ Re-opened/)).toHaveLength(times));
  }
  const flapping = await hears(/^! Flapping/);
  expect(flapping.text).toContain("no further messages until it is stable");
  const before = (await news()).length;
  await heal();
  await waitForQuickPolls(journey);
  await fail();
  await waitForQuickPolls(journey);
  expect(await news()).toHaveLength(before);
  await advanceClock(journey, "31m");
  await waitForSweeps(journey);
  const steady = await owner.see(roomId, ({ text = "" }) => /^✕ Still in error, no longer flapping/.test(text));
  expect(steady.parentId).toBe(alert.id);
});

test("ALERTS 17: what is stuck, has warnings or is removed is told where the watch asks for it", async () => {
  const { id, name, roomId, news, hears } = await watchOneCustomer(journey);
  await change(id, { packages: { [name]: { status: "provisioning" } } });
  await waitForQuickPolls(journey);
  await waitForSweeps(journey);
  await advanceClock(journey, "3h");
  await waitForSweeps(journey);
  expect(await news()).toEqual([]);
  const preview = await owner.ask(`watch externalId=${id} stuck=yes warnings=yes removed=yes`, { roomId });
  expect(preview.text).toMatch(/stuck/i);
  await owner.press(preview, "Watch");
  await hears(/^! Watching|^Watching \d/);
  const warnings = [{ errorCode: 77, description: "Nearly." }];
  await change(id, { packages: { [name]: { status: "provisioned", warnings } } });
  await hears(/Provisioned with warnings/);
  await change(id, { packages: { [name]: { status: "provisioning", warnings: null } } });
  await waitForSweeps(journey);
  await advanceClock(journey, "3h");
  // By itself, or together with the end of what was before.
  const stuck = await hears(/! Provisioning for 3 h: /);
  await change(id, { packages: { [name]: null } });
  await owner.see(roomId, (message) => message.id === stuck.id && /Package removed/.test(message.text ?? ""));
  expect((await news()).filter(({ text = "" }) => text.startsWith("Removed from"))).toEqual([]);
  await journey.sandbox("DELETE", `/customers/${id}`);
  expect(firstLineOf(await hears(/^Removed from Webex/))).toMatch(/^Removed from Webex: .* · customer$/);
});

test("digest: a space gets its summary at its time of day, in its zone", async () => {
  const { roomId, fail, news, hears } = await watchOneCustomer(journey);
  const answer = await owner.ask("digest daily 09:00 Europe/Berlin", { roomId });
  expect(answer.text).toMatch(/^Digest daily at 09:00 Europe\/Berlin/);
  const at = nextIn(answer);
  expect(new Date(at).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin" })).toBe("09:00:00");
  await fail();
  const alert = await hears(/^✕ Error: /);
  const minute = 60_000;
  await forward(at - minute - journey.time.clock());
  await waitForQuickPolls(journey);
  expect((await news()).filter(({ text = "" }) => text.startsWith("Digest: "))).toEqual([]);
  await forward(2 * minute);
  const digest = await hears(/^Digest: 1 package in error/);
  expect(digest.text).toContain(`alert ${alertNumberOf(alert)}`);
  await owner.press(alert, "Acknowledge");
  await waitForQuickPolls(journey);
  const handover = await owner.ask("handover", { roomId });
  expect(firstLineOf(handover)).toMatch(/^Handover: 1 package in error/);
  expect(handover.text).toContain("1 of 1 acknowledged");
  expect((await owner.ask("digest off", { roomId })).text).toMatch(/^The digest has ended/);
});
