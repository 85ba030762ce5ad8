import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createSpace,
  SHORT_INTERVALS,
  startHealthyJourney,
  type WatchedRoom,
  watchIn,
  watchOneCustomer,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { until } from "../support/until.ts";

/** So many alerts in one message that few such messages are held in memory at once. */
const CROWD = 510;
/** Time for all of them to be seen before anything is told. */
const WINDOWS = { ...SHORT_INTERVALS, SWEEP_INTERVAL: "5s", WATCH_INTERVAL: "500ms", GROUP_WAIT: "1500ms" };

let journey: Journey;

beforeAll(async () => {
  journey = await startHealthyJourney(WINDOWS, { customers: CROWD + 90 });
});
afterAll(() => journey.stop());

const heardOfStorm = async ({ news }: WatchedRoom) =>
  (await news()).some(({ text = "" }) => text.startsWith(`✕ Storm: ${CROWD} packages`));

test("ALERTS 27: a space that does not take the digest of a storm holds up no other", async () => {
  const owner = journey.person("operator");
  const spaces = [await createSpace(journey, owner), await createSpace(journey, owner)];
  const rooms = await Promise.all(spaces.map((roomId) => watchIn(journey, "", roomId)));
  const quick = await watchOneCustomer(journey);
  await quick.fail();
  for (const room of [quick, ...rooms]) await room.hears(new RegExp(quick.id));
  const fault = { api: "webex", method: "POST", path: "/messages", delayMs: 18_000, times: 1 };
  await journey.sandbox("POST", "/faults", fault);
  await journey.sandbox("POST", "/scenarios/storm", { n: CROWD });
  const told = async () => (await Promise.all(rooms.map(heardOfStorm))).filter(Boolean).length;
  await until(async () => expect(await told()).toBe(1));
  await quick.heal();
  await quick.hears(/^✓ Recovered/);
  expect(await told()).toBe(1);
  expect(await journey.sandbox("GET", "/faults")).toEqual([]);
  await journey.sandbox("DELETE", "/faults");
});
