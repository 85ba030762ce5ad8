import type { UnderWay } from "../../src/bot/under-way.ts";

/** All answers come at once. */
export const NOTHING_LATE: UnderWay = {
  await: () => async () => undefined,
  follow: () => async () => 0,
  giveUp: async () => undefined,
};
