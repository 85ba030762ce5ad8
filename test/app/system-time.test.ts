import { expect, test } from "vitest";
import { SYSTEM_TIME } from "../../src/app/system-time.ts";

test.each([2 ** 31, 86_400_000 * 365, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
  "ALERTS 7: a sleep of %d ms does not end at once, and ends when it is stopped",
  async (ms) => {
    const stop = new AbortController();
    let isOver = false;
    const sleep = SYSTEM_TIME.sleep(ms, stop.signal).finally(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await SYSTEM_TIME.sleep(1).then(() => expect(isOver).toBe(false));
    stop.abort(new Error("stopped"));
    await expect(sleep).rejects.toThrow();
  },
);
