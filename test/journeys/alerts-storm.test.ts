import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SHORT, spaceWith, startWell, watchedOne, watchIn } from "../support/alerting.ts";
import type { Journey } from "../support/journey.ts";

/** So many alerts in one message that two of them are the most that is held in memory. */
const CROWD = 600;

let journey: Journey;

beforeAll(async () => {
  journey = await startWell(SHORT, { customers: 2 * CROWD });
});
afterAll(() => journey.end());

test("ALERTS 27: a space that does not take the digest of a storm holds up no other", async () => {
  const owner = journey.person("operator");
  const [slow, other] = [await spaceWith(journey, owner), await spaceWith(journey, owner)];
  const rooms = [await watchIn(journey, "", slow), await watchIn(journey, "", other)];
  const quick = await watchedOne(journey);
  await journey.sandbox("POST", "/faults", {
    api: "webex",
    method: "POST",
    path: "/messages",
    delayMs: 15_000,
    times: 1,
  });
  await journey.sandbox("POST", "/scenarios/storm", { n: CROWD });
  await vi.waitFor(async () => expect(await journey.sandbox("GET", "/faults")).toEqual([]), 20_000);
  const silent = async () => {
    const counts = await Promise.all(rooms.map(async ({ news }) => (await news()).length));
    return rooms.filter((_, at) => counts[at] === 0);
  };
  await vi.waitFor(async () => expect(await silent()).toHaveLength(1), 20_000);
  await quick.fail();
  await quick.hears(new RegExp(quick.id));
  expect(await silent()).toHaveLength(1);
});
