import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createSpace,
  SHORT_INTERVALS,
  startHealthyJourney,
  watchIn,
  watchOneCustomer,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { until } from "../support/until.ts";

/** So many alerts in one message that the bot holds only few such messages in memory at once. */
const BROKEN = 510;
/** Intervals long enough to observe all of them before anything is sent. */
const INTERVALS = { ...SHORT_INTERVALS, SWEEP_INTERVAL: "5s", WATCH_INTERVAL: "500ms", GROUP_WAIT: "1500ms" };

let journey: Journey;

beforeAll(async () => {
  journey = await startHealthyJourney(INTERVALS, { customers: BROKEN + 90 });
});
afterAll(() => journey.stop());

test("ALERTS 27: a space whose storm card hangs holds up no other", async () => {
  const owner = journey.person("operator");
  const spaces = [await createSpace(journey, owner), await createSpace(journey, owner)];
  const rooms = await Promise.all(spaces.map((roomId) => watchIn(journey, "", roomId)));
  const other = await watchOneCustomer(journey);
  await other.fail();
  for (const room of [other, ...rooms]) await room.waitFor(/^/, other.id);
  await journey.holdNextPost();
  await journey.runScenario("storm", { n: BROKEN });
  const countStormCards = async () => {
    const cards = await Promise.all(rooms.map((room) => room.newMessages(new RegExp(`^✕ Storm: ${BROKEN} packages`))));
    return cards.filter(({ length }) => length > 0).length;
  };
  await until(async () => expect(await countStormCards()).toBe(1));
  await other.heal();
  await other.waitFor(/^✓ Recovered/);
  expect(await countStormCards()).toBe(1);
  expect(await journey.sandbox("GET", "/faults")).toEqual([]);
  await journey.clearFaults();
});
