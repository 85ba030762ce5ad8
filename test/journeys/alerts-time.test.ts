import { afterAll, beforeAll, expect, test } from "vitest";
import {
  alertNumberOf,
  BASELINE,
  firstLineOf,
  startHealthyJourney,
  watchOneCustomer,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import type { Message } from "../support/person.ts";
import { MINUTE } from "../support/time.ts";
import { until } from "../support/until.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startHealthyJourney();
});
afterAll(() => journey.stop());

/** The time of the next digest, from the answer's text. */
function nextDigestAt({ text = "", created }: Message): number {
  const [, day, time] = /at (?:(\d+ \w+), )?(\d\d:\d\d) UTC/.exec(text) ?? [];
  const date = day === undefined ? created.slice(0, 10) : `${day} ${created.slice(0, 4)}`;
  return Date.parse(`${date} ${time} UTC`);
}

test("ALERTS 13: a flapping package is notified once as that, then not until it is stable", async () => {
  const { fail, heal, newMessages, waitFor, waitForReply } = await watchOneCustomer(journey);
  await fail();
  const alert = await waitFor(/^✕ Error: /);
  const waitForReplies = (pattern: RegExp, count: number) =>
    until(async () => {
      const replies = (await newMessages(pattern)).filter(({ parentId }) => parentId === alert.id);
      expect(replies).toHaveLength(count);
    });
  for (const times of [1, 2, 3]) {
    await heal();
    await waitForReplies(/^✓ Recovered/, times);
    await fail();
    if (times < 3) await waitForReplies(/^✕ Re-opened/, times);
  }
  const flapping = await waitForReply(alert, /^! Flapping/);
  expect(flapping.text).toContain("no further messages until it is stable");
  const before = (await newMessages()).length;
  await heal();
  await journey.waitForQuickPolls();
  await fail();
  await journey.waitForQuickPolls();
  expect(await newMessages()).toHaveLength(before);
  await journey.advanceClock("31m");
  await journey.waitForSweeps();
  await waitForReply(alert, /^✕ Still in error, no longer flapping/);
});

test("ALERTS 17: stuck, warnings and removals are notified where the watch has these options", async () => {
  const { id, owner, changePackage, ask, newMessages, waitFor, waitForEdit } = await watchOneCustomer(journey);
  await changePackage({ status: "provisioning" });
  await journey.waitForQuickPolls();
  await journey.waitForSweeps();
  await journey.advanceClock("3h");
  await journey.waitForSweeps();
  expect(await newMessages()).toEqual([]);
  const preview = await ask(`watch externalId=${id} stuck=yes warnings=yes removed=yes`);
  expect(preview.text).toMatch(/stuck/i);
  await owner.press(preview, "Watch");
  await waitFor(BASELINE);
  const warnings = [{ errorCode: 77, description: "Nearly." }];
  await changePackage({ status: "provisioned", warnings });
  await waitFor(/Provisioned with warnings/);
  await changePackage({ status: "provisioning", warnings: null });
  await journey.waitForSweeps();
  await journey.advanceClock("3h");
  // By itself, or together with the end of the warnings.
  const stuck = await waitFor(/! Provisioning for 3 h: /);
  await changePackage(null);
  await waitForEdit(stuck, /^Removed while stuck: /m);
  expect(await newMessages(/^Removed from/)).toEqual([]);
  await journey.sandbox("DELETE", `/customers/${id}`);
  expect(firstLineOf(await waitFor(/^Removed from Webex/))).toMatch(/^Removed from Webex: .* · customer$/);
});

test("digest: a space gets its daily digest at its time of day, in its time zone", async () => {
  const { owner, ask, fail, newMessages, waitFor } = await watchOneCustomer(journey);
  const answer = await ask("digest daily 09:00 Europe/Berlin");
  expect(answer.text).toMatch(/^Digest daily at 09:00 Europe\/Berlin/);
  const at = nextDigestAt(answer);
  expect(new Date(at).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin" })).toBe("09:00:00");
  await fail();
  const alert = await waitFor(/^✕ Error: /);
  await journey.advanceClock(Math.round(at - MINUTE - journey.time.clock()));
  await journey.waitForQuickPolls();
  expect(await newMessages(/^Digest: /)).toEqual([]);
  await journey.advanceClock(2 * MINUTE);
  const digest = await waitFor(/^Digest: 1 package in error/);
  expect(digest.text).toContain(`alert ${alertNumberOf(alert)}`);
  await owner.press(alert, "Acknowledge");
  await journey.waitForQuickPolls();
  const handover = await ask("handover");
  expect(firstLineOf(handover)).toMatch(/^Handover: 1 package in error/);
  expect(handover.text).toContain("1 of 1 acknowledged");
  expect((await ask("digest off")).text).toMatch(/^The digest has ended/);
});
