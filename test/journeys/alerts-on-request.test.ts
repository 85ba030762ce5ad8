import { afterAll, beforeAll, expect, test } from "vitest";
import { firstLineOf, startHealthyJourney, watchOneCustomer } from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { cardOf } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startHealthyJourney();
});
afterAll(() => journey.stop());

test("follow: a follower of a customer is notified once, 1:1, how it ended", async () => {
  const { id, changePackage, heal } = await watchOneCustomer(journey);
  const viewer = journey.person("viewer");
  await changePackage({ status: "provisioning" });
  await journey.waitForQuickPolls();
  await journey.waitForSweeps();
  const { roomId, text } = await viewer.ask(`follow ${id}`);
  expect(text).toMatch(/^Following /);
  await heal();
  const end = await viewer.waitForMessage(roomId, /: ✓ provisioned/);
  expect(end.text).toContain("You asked to be told how it ended.");
  await journey.waitForQuickPolls();
  const all = (await viewer.fromBot(roomId)).filter(({ text = "" }) => /: ✓ provisioned/.test(text));
  expect(all).toHaveLength(1);
});

test("verify: its facts are what was notified, what the API returns, and why they differ", async () => {
  const { id, ask, fail, heal, waitFor } = await watchOneCustomer(journey);
  await ask(`mute externalId=${id} for=1h because="test"`);
  await fail();
  await journey.waitForSweeps();
  const muted = await ask("verify");
  expect(muted.text).toMatch(/^In agreement: 1 error, 0 told here, 1 muted/);
  expect(muted.text).toMatch(/In error in Webex: 1\nTold here: 0\nMuted: 1: this space has muted it/);
  await ask("unmute");
  await waitFor(/^✕ Error: /);
  // The message is in the space a moment before the bot has recorded that it is.
  await until(async () => expect((await ask("verify")).text).toMatch(/^In agreement: 1 error, all told here/));
  await heal();
  await waitFor(/^✓ Recovered/);
});

test("drill: a trial alert passes every step, and its reply has the time that each took", async () => {
  const { ask, waitFor, newMessages } = await watchOneCustomer(journey);
  const other = await watchOneCustomer(journey);
  await ask("drill");
  const recovered = await waitFor(/^DRILL .*Recovered/);
  await journey.waitForQuickPolls();
  const [, root, ...rest] = await newMessages();
  expect(root && firstLineOf(root)).toMatch(/^DRILL – this is a test: /);
  const reply = rest.find(({ parentId }) => parentId === root?.id);
  expect(reply?.text?.replaceAll("\u2060", "")).toMatch(
    /Waited in the queue: [\d.]+ s[\s\S]*Posted in: [\d.]+ s[\s\S]*In total: [\d.]+ s/,
  );
  expect(JSON.stringify(cardOf(recovered))).toContain("DRILL");
  expect(await other.newMessages()).toEqual([]);
});
