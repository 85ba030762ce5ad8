import { afterAll, beforeAll, expect, test } from "vitest";
import {
  firstLineOf,
  SHORT_INTERVALS,
  startHealthyJourney,
  waitForQuickPolls,
  waitForSweeps,
  watchOneCustomer,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { cardOf, type Person } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let owner: Person;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS);
  owner = journey.person("operator");
});
afterAll(() => journey.stop());

const change = (id: string, body: object) => journey.sandbox("PATCH", `/customers/${id}`, body);

test("follow: whoever follows a customer is told once, 1:1, how it ended", async () => {
  const { id, name, heal } = await watchOneCustomer(journey);
  const viewer = journey.person("viewer");
  await change(id, { packages: { [name]: { status: "provisioning" } } });
  await waitForQuickPolls(journey);
  await waitForSweeps(journey);
  const answer = await viewer.ask(`follow ${id}`);
  expect(answer.text).toMatch(/^Following /);
  await heal();
  const told = await viewer.see(answer.roomId, ({ text = "" }) => /: ✓ provisioned/.test(text));
  expect(told.text).toContain("You asked to be told how it ended.");
  await waitForQuickPolls(journey);
  const all = (await viewer.fromBot(answer.roomId)).filter(({ text = "" }) => /: ✓ provisioned/.test(text));
  expect(all).toHaveLength(1);
});

test("verify: its facts say what was told, what is so, and why they differ", async () => {
  const { id, roomId, fail, heal, hears } = await watchOneCustomer(journey);
  await owner.ask(`mute externalId=${id} for=1h because="test"`, { roomId });
  await fail();
  await waitForSweeps(journey);
  const muted = await owner.ask("verify", { roomId });
  expect(muted.text).toMatch(/^In agreement: 0 told open, 1 in error by the API/);
  expect(muted.text).toMatch(/Told open: 0[\s\S]*In error by the API: 1[\s\S]*Muted: 1[\s\S]*Unexplained: 0/);
  await owner.ask("unmute", { roomId });
  await hears(/^✕ Error: /);
  // A message stands in the space a moment before the bot knows that it does.
  await until(async () => {
    const { text } = await owner.ask("verify", { roomId });
    expect(text).toMatch(/^In agreement: 1 told open, 1 in error by the API/);
  });
  await heal();
  await hears(/^✓ Recovered/);
});

test("drill: a trial alert goes the whole way, and says when each step was done", async () => {
  const { roomId, hears, news } = await watchOneCustomer(journey);
  const other = await watchOneCustomer(journey);
  await owner.ask("drill", { roomId });
  const over = await hears(/^DRILL .*Recovered/);
  await waitForQuickPolls(journey);
  const [, root, ...rest] = await news();
  expect(root && firstLineOf(root)).toMatch(/^DRILL – this is a test: /);
  const reply = rest.find(({ parentId }) => parentId === root?.id);
  expect(reply?.text?.replaceAll("\u2060", "")).toMatch(
    /Waited in the queue: [\d.]+ s[\s\S]*Posted in: [\d.]+ s[\s\S]*In total: [\d.]+ s/,
  );
  expect(JSON.stringify(cardOf(over))).toContain("DRILL");
  expect(await other.news()).toEqual([]);
});
