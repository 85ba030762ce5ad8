import { expect, test } from "vitest";
import { MINUTE } from "../support/time.ts";
import { openWatchedWorld } from "./watched-world.ts";

test.each([
  { again: ", again from 00:11 UTC", found: [] },
  {
    again: "",
    found: [expect.stringMatching(/^Check 2: .* is in error, and the room was told last “Came and went: /)],
  },
])(
  "a line about what came and went does not end the next error if it names that ($again)",
  async ({ again, found }) => {
    const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(33);
    bot.crash();
    for (const [status, minutes] of [
      ["error", 4],
      ["provisioned", 4],
      ["error", 2],
    ] as const) {
      set(status);
      await wait(minutes * MINUTE);
    }
    await forge(`✕ Error: ${company} · Calling · code 7000 · alert 9`);
    await forge(`Came and went: ${company} · Calling · 7000 · 00:03–00:07 UTC${again}`);
    await wait(30 * MINUTE);
    expect((await check()).filter((one) => one.startsWith("Check 2"))).toEqual(found);
    close();
  },
);

test("a line that names a next error is wrong where there was none", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(34);
  bot.crash();
  set("error");
  await wait(4 * MINUTE);
  set("provisioned");
  await wait(4 * MINUTE);
  await forge(`Came and went: ${company} · Calling · 7000 · 00:03–00:07 UTC, again from 00:11 UTC`);
  const found = expect.stringMatching(/^Check 1: the line .* says “came-and-went”/);
  expect((await check()).filter((one) => one.startsWith("Check 1"))).toEqual([found]);
  close();
});

test.each([
  { isEnded: true, found: [] },
  { isEnded: false, found: [expect.stringMatching(/^Check 2: the room believes that .* by “! Watching/)] },
])("what came and went and is there again is not over by that line (ended before: $isEnded)", async (world) => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(40);
  bot.crash();
  set("error");
  await wait(2 * MINUTE);
  await forge("! Watching 40 customers\n1 package already in error.");
  set("provisioned");
  await wait(20 * MINUTE);
  if (world.isEnded) await forge("✓ 1 package recovered");
  for (const status of ["error", "provisioned", "error"]) {
    set(status);
    await wait(2 * MINUTE);
  }
  await forge(`Came and went: ${company} · Calling · 7000 · 00:26–00:28 UTC, again from 00:30 UTC`);
  set("provisioned");
  await wait(20 * MINUTE);
  expect((await check()).filter((one) => one.startsWith("Check 2"))).toEqual(world.found);
  close();
});
