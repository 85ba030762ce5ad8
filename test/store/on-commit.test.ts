import { expect, test } from "vitest";
import { onEveryDatabase } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";
import { acquireFence, broken, customer, NOON, recordPage } from "./sweep-fixtures.ts";

onEveryDatabase((database) => {
  test("whoever waits for what is due is called after a page with a change, and after a reading, but not after an unchanged page", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    let calls = 0;
    store.onCommit(() => {
      calls += 1;
    });
    const callsOf = async (work: Promise<unknown>): Promise<number> => {
      const before = calls;
      await work;
      return calls - before;
    };
    await recordPage(store, fence, [customer("acme")]);
    expect(await callsOf(recordPage(store, fence, [customer("acme")], NOON + 1))).toBe(0);
    expect(await callsOf(recordPage(store, fence, [broken("acme")], NOON + 2))).toBe(1);
    const poll = { reading: { id: 2, kind: "page" }, seen: new Set(["acme"]), at: NOON + MINUTE } as const;
    expect(await callsOf(store.writer.endQuickPoll(poll, fence))).toBe(1);
  });
});
