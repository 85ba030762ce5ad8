import { expect, test } from "vitest";
import type { Customer } from "../../src/domain/customers/customer.ts";
import { openDatabase } from "../../src/store/database.ts";
import { customerOf, problemWithCode } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { DAY, HOUR, MINUTE } from "../support/time.ts";
import { type EngineHarness, openEngineHarness } from "./engine-harness.ts";

const failing = (id: string, ...codes: readonly number[]) =>
  customerOf(id, { calling: "error" }, codes.map(problemWithCode));
const healthy = (id: string) => customerOf(id, { calling: "provisioned" });
const trying = (id: string) => customerOf(id, { calling: "updating" });

/** Acme fails for this time, and is tried again before it recovers or not. */
async function episode(harness: EngineHarness, lasts: number, isRetried: boolean): Promise<void> {
  await harness.recordPage([failing("acme", 2560)]);
  harness.clock.now += lasts;
  if (isRetried) await harness.quickPoll([trying("acme")]);
  for (const _ of [1, 2]) await harness.quickPoll([healthy("acme")]);
  // Later than the time within which it would be the same alert.
  harness.clock.now += HOUR;
}

onEveryDatabase((database) => {
  const recall = ({ store, clock }: EngineHarness, code = 2560) =>
    store.alerts.codeMemory({ scope: "", code }, clock.now);

  test("ALERTS 3: the memory of a code has how often it came, how long it took, and what a retry did", async () => {
    const harness = openEngineHarness(await database.open());
    await harness.sweep([healthy("acme"), healthy("globex")]);
    expect(await recall(harness)).toMatchObject({ times: 0, recovered: 0, retried: 0 });
    await episode(harness, 10 * MINUTE, false);
    await episode(harness, 30 * MINUTE, true);
    await episode(harness, 20 * MINUTE, true);
    await harness.recordPage([failing("globex", 2560, 7)]);
    const all = { times: 4, recovered: 3, retried: 2, medianMs: 20 * MINUTE, hasMore: false };
    expect(await recall(harness)).toMatchObject(all);
    expect(await recall(harness, 7)).toMatchObject({ times: 1, recovered: 0 });
    expect(await recall(harness, 8)).toMatchObject({ times: 0 });
  });

  test("ALERTS 3, 15: what was in error before the bot came is not remembered, nor a drill or another scope", async () => {
    const harness = openEngineHarness(await database.open());
    await harness.sweep([failing("acme", 2560)]);
    await harness.sweep([failing("globex", 2560)], { scope: "north" });
    await harness.change("hq", { kind: "drill" });
    harness.clock.now += 2 * DAY;
    expect(await recall(harness)).toMatchObject({ times: 0, span: expect.closeTo(2 * DAY, -2) });
  });

  test("ALERTS 2: an error of the customer beside that of its package counts once", async () => {
    const harness = openEngineHarness(await database.open());
    const both: Customer = { ...failing("acme", 2560), status: "error", problems: [problemWithCode(2560)] };
    await harness.sweep([healthy("acme")]);
    await harness.recordPage([both]);
    expect(await recall(harness)).toMatchObject({ times: 1 });
  });

  test("ALERTS 3, 12: an error that is re-opened has not recovered, and a changed code did not recover", async () => {
    const harness = openEngineHarness(await database.open());
    await harness.sweep([healthy("acme")]);
    await harness.recordPage([failing("acme", 2560)]);
    harness.clock.now += MINUTE;
    for (const _ of [1, 2]) await harness.quickPoll([healthy("acme")]);
    expect(await recall(harness)).toMatchObject({ times: 1, recovered: 1 });
    await harness.recordPage([failing("acme", 2560)]);
    expect(await recall(harness)).toMatchObject({ times: 1, recovered: 0 });
    await harness.recordPage([failing("acme", 7)]);
    for (const _ of [1, 2]) await harness.quickPoll([healthy("acme")]);
    expect(await recall(harness)).toMatchObject({ times: 1, recovered: 0 });
    expect(await recall(harness, 7)).toMatchObject({ times: 1, recovered: 1 });
  });

  test("the message about an alert has the memory of its code; one about several, or about the end, has none", async () => {
    const harness = openEngineHarness(await database.open());
    await harness.sweep([healthy("acme"), healthy("globex")]);
    await harness.watch("hq");
    await harness.deliver();
    await harness.recordPage([failing("acme", 2560)]);
    await harness.wait(MINUTE);
    const [opened] = await harness.deliver();
    expect(opened?.message.memory).toMatchObject({ code: 2560, times: 1 });
    for (const _ of [1, 2]) await harness.quickPoll([healthy("acme")]);
    await harness.wait(10 * MINUTE);
    const [over] = await harness.deliver();
    expect([over?.message.alerts.length, over?.message.memory]).toEqual([1, undefined]);
  });

  test("the memory is kept as long as alerts are, and an older database gets it from them", async () => {
    const harness = openEngineHarness(await database.open());
    await harness.sweep([healthy("acme")]);
    await episode(harness, 10 * MINUTE, true);
    const before = await recall(harness);
    expect(before).toMatchObject({ times: 1, recovered: 1 });
    await harness.store.close();
    const opened = await openDatabase(database.location());
    const { db } = opened;
    await db.schema.dropTable("sharedCalls").execute();
    await db.schema.dropTable("alertCodes").execute();
    await db.schema.alterTable("inbox").dropColumn("underWay").execute();
    await db.schema.alterTable("alertCards").dropColumn("asides").execute();
    await db
      .deleteFrom("kysely_migration" as never)
      .where("name" as never, ">=", "0009_alert_codes" as never)
      .execute();
    await opened.close();
    const again = openEngineHarness(await database.open(), harness.clock);
    expect(await recall(again)).toEqual(before);
    harness.clock.now += 91 * DAY;
    await again.store.tidy(harness.clock.now);
    expect(await recall(again)).toMatchObject({ times: 0 });
    await again.store.close();
    const after = await openDatabase(database.location());
    expect(await after.db.selectFrom("alertCodes").selectAll().execute()).toEqual([]);
    await after.close();
  });
});
