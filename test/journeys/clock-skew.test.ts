import { afterEach, describe, expect, test } from "vitest";
import { SHORT_INTERVALS, startHealthyJourney } from "../support/alert-journey.ts";
import { type BotProcess, environmentFor, startBotProcess } from "../support/bot-process.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import type { Journey } from "../support/journey.ts";
import { runStatement } from "../support/postgres-schemas.ts";
import { skewedClock } from "../support/skewed-clock.ts";
import { HOUR } from "../support/time.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let database: TemporaryDatabase;
let bot: BotProcess | undefined;

afterEach(async () => {
  await bot?.kill("SIGKILL");
  await journey.stop();
  await database.remove();
});

/** Fails while no sweep has ended, and if one ended at a time that is hours off the server's. */
const SWEPT_NOW = `do $$ begin
  if not exists (select from sweeps where state = 'complete'
    and abs(ended_at - extract(epoch from now()) * 1000) < ${HOUR / 2})
  then raise exception 'no sweep now'; end if;
end $$`;

describe.skipIf(!process.env.TEST_DATABASE_URL)("on PostgreSQL", () => {
  test.each([3 * HOUR, -3 * HOUR])("an instance whose clock is %i ms ahead goes by the server's", async (aheadMs) => {
    journey = await startHealthyJourney();
    await journey.stopBot();
    database = await createDatabase();
    const { databaseUrl = "" } = database.location;
    const env = await environmentFor(journey, database.location, SHORT_INTERVALS);
    bot = await startBotProcess({ ...env, NODE_OPTIONS: skewedClock(aheadMs) });
    await until(() => expect(bot?.output()).toContain('"sweep.complete"'));
    await expect(runStatement(databaseUrl, SWEPT_NOW)).resolves.toBeUndefined();
    // The wrong clock is still reported.
    const readiness = await (await fetch(`http://127.0.0.1:${env.PORT}/readyz`)).json();
    expect(readiness).toMatchObject({ status: "degraded", reasons: expect.arrayContaining(["Clock"]) });
  });
});
