import { expect, test } from "vitest";
import { MINUTE } from "../support/time.ts";
import { openWatchedWorld } from "./watched-world.ts";

const STORM = "✕ Storm: 1 package of 1 customer in error since 1 May, 00:03 UTC";

test("a storm need not count what was told before and may have gone on, and counts what began anew", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(7);
  bot.crash();
  set("error");
  await wait(12 * MINUTE);
  await forge(`✕ Error: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`);
  for (const goodMs of [MINUTE, 20 * MINUTE]) {
    set("provisioned");
    await wait(goodMs);
    set("error");
    await wait(13 * MINUTE);
    await forge(`${STORM} · 0 still in error · 0 acknowledged`);
    const found = expect.stringMatching(/^Check 6: .* counts 0 still in error, and in truth there are 1\.$/);
    expect((await check()).filter((one) => one.startsWith("Check 6"))).toEqual(goodMs > MINUTE ? [found] : []);
  }
  close();
});

test("a list of many rows tells of those that it only counts", async () => {
  const { bot, company, second, set, wait, forge, check, close } = await openWatchedWorld(38);
  bot.crash();
  set("error");
  second.set("error");
  await wait(2 * MINUTE);
  await forge(`✕ 2 packages in error: ${company}\n✕ Error: ${company} · Calling · alert 9\nand 1 more`);
  set("provisioned");
  second.set("provisioned");
  await wait(4 * MINUTE);
  const news = async () => (await check()).filter((one) => one.startsWith("Law b"));
  await forge(`✓ Recovered: ${second.company} · Calling · after 2 min · alert 10`);
  expect(await news()).toEqual([]);
  await wait(MINUTE);
  await forge(`✓ Recovered: ${company} · Calling · after 2 min · alert 11`);
  expect(await news()).toEqual([expect.stringMatching(/^Law b: .* alert 11” .* was never told\.$/)]);
  close();
});

test.each([
  { alert: 7, found: [] },
  { alert: 0, found: [expect.stringMatching(/^Check 2: the room believes that .* by “✕ Storm/)] },
])("an end by name is the last word after an older alert ended without its name ($alert)", async ({ alert, found }) => {
  const { bot, company, second, set, wait, forge, check, close } = await openWatchedWorld(39);
  bot.crash();
  set("error");
  await wait(2 * MINUTE);
  await forge(`✕ Error: ${company} · Calling · code 7000 · alert 5`);
  set("provisioned");
  await wait(20 * MINUTE);
  await forge(`✓ 2 packages recovered\n✓ Recovered: ${second.company} · Calling · after 2 min · alert 3\nand 1 more`);
  set("error");
  await wait(2 * MINUTE);
  await forge(`${STORM} · 1 still in error · 0 acknowledged`);
  set("provisioned");
  await wait(20 * MINUTE);
  if (alert > 0) await forge(`✓ Recovered: ${company} · Calling · after 2 min · alert ${alert}`);
  expect((await check()).filter((one) => one.startsWith("Check 2"))).toEqual(found);
  close();
});

test("what recovered and is in error again is over when a storm that counts it says so", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(14);
  bot.crash();
  set("error");
  await wait(12 * MINUTE);
  await forge("! Watching 40 customers\n1 package already in error.");
  set("provisioned");
  await wait(20 * MINUTE);
  await forge(`✕ Recovered, now in error again: ${company} · Calling · after 15 min · alert 5`);
  const beliefs = async () => (await check()).filter((wrong) => wrong.startsWith("Check 2"));
  expect(await beliefs()).toEqual([expect.stringMatching(/^Check 2: the room believes that .* is open/)]);
  await forge(`${STORM} · 0 still in error · 0 acknowledged`);
  expect(await beliefs()).toEqual([]);
  close();
});

test("a baseline may count what the bot has not seen healthy yet, and ends what it cannot count", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(13);
  bot.crash();
  for (const [goodMs, counts] of [
    [20_000, "\n1 package already in error."],
    [20 * MINUTE, ""],
  ] as const) {
    set("error");
    await wait(12 * MINUTE);
    await forge(`✕ Error: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`);
    set("provisioned");
    await wait(goodMs);
    await forge(`! Watching 40 customers${counts}`);
    set("error");
    await wait(20 * MINUTE);
    const found = expect.stringMatching(/^Check 2: .* is in error, and the room was told last “! Watching/);
    expect((await check()).filter((one) => one.startsWith("Check 2"))).toEqual(counts === "" ? [found] : []);
    set("provisioned");
    await wait(20 * MINUTE);
  }
  close();
});

test("a baseline counts anew what is in error, so that a newer alert of it may be the end", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(16);
  bot.crash();
  for (const [first, isCounted] of [
    [9, true],
    [19, false],
  ] as const) {
    set("error");
    await wait(12 * MINUTE);
    await forge(`✕ Error: ${company} · Calling · code 7000 · alert ${first}`);
    if (isCounted) await forge("! Watching 40 customers\n1 package already in error.");
    set("provisioned");
    await wait(20 * MINUTE);
    await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert ${first + 1}`);
    const found = expect.stringMatching(/^Check 2: the room believes that .* is open, by .* alert 19/);
    expect((await check()).filter((one) => one.startsWith("Check 2"))).toEqual(isCounted ? [] : [found]);
  }
  close();
});

test.each([
  { how: "by name", isCounted: false },
  { how: "in numbers", isCounted: true },
])("a storm may count what was told $how in a message of which the bot may not know that it arrived", async (world) => {
  const { bot, scheduler, company, set, wait, forge, mayRepeat, check, close } = await openWatchedWorld(17);
  const counts = `${STORM} · 1 still in error · 0 acknowledged\nStill in error, by package\n✕ Calling: 1`;
  bot.crash();
  for (const isUnknown of [true, false]) {
    set("error");
    await wait(12 * MINUTE);
    if (isUnknown) mayRepeat(scheduler.clock());
    await forge(world.isCounted ? counts : `✕ Error: ${company} · Calling · code 7000 · alert ${isUnknown ? 9 : 10}`);
    await wait(20 * MINUTE);
    await forge(counts);
    const found = expect.stringMatching(/^Check 6: .* counts 1 /);
    const wrong = (await check()).filter((one) => one.startsWith("Check 6"));
    expect(wrong).toEqual(isUnknown ? [] : expect.arrayContaining([found]));
    set("provisioned");
    await wait(30 * MINUTE);
  }
  close();
});

test("ends without names are first those of packages that no later message names as open", async () => {
  const { bot, company, set, second, wait, forge, check, close } = await openWatchedWorld(18);
  const setBoth = (status: string) => [set, second.set].forEach((one) => void one(status));
  const beliefs = async () => (await check()).filter((wrong) => wrong.startsWith("Check 2"));
  bot.crash();
  setBoth("error");
  await wait(12 * MINUTE);
  await forge("! Watching 40 customers\n2 packages already in error.");
  setBoth("provisioned");
  await wait(20 * MINUTE);
  await forge("✓ 1 package recovered");
  set("error");
  await wait(20 * MINUTE);
  await forge(`✕ Error: ${company} · Calling · code 7000 · alert 9`);
  expect(await beliefs()).toEqual([]);
  second.set("error");
  await wait(30 * MINUTE);
  const found = expect.stringMatching(/^Check 2: .* is in error, and the room was told last “✓ 1 package recovered/);
  expect(await beliefs()).toEqual([found]);
  close();
});

test("a storm of what was healthy need not wait for the window unless the space knows of another alert", async () => {
  const { bot, company, set, second, wait, forge, check, close } = await openWatchedWorld(19);
  bot.crash();
  for (const isOther of [false, true]) {
    if (isOther) {
      second.set("error");
      await wait(12 * MINUTE);
      await forge(`✕ Error: ${second.company} · Calling · code 7000 · alert 8`);
      await wait(12 * MINUTE);
    }
    await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert 7`);
    set("error");
    await wait(MINUTE);
    await forge(`${STORM} · 1 still in error · 0 acknowledged\nStill in error, by package\n✕ Calling: 1`);
    const found = expect.stringMatching(/^Law d: /);
    expect((await check()).filter((one) => one.startsWith("Law d"))).toEqual(isOther ? [found] : []);
    set("provisioned");
    await wait(30 * MINUTE);
  }
  close();
});

test.each([
  { code: 10022, isOwn: false },
  { code: 7000, isOwn: true },
])("a storm counts what failed with its codes, not what waits with another ($code)", async ({ code, isOwn }) => {
  const { bot, set, wait, forge, check, close } = await openWatchedWorld(21);
  bot.crash();
  set("error");
  await wait(20 * MINUTE);
  await forge(`${STORM} · 0 still in error · 0 acknowledged\nStill in error, by code\n${code}: 1 package`);
  const found = expect.stringMatching(/^Check 6: .* counts 0 still in error, and in truth there are 1\.$/);
  expect((await check()).filter((one) => one.startsWith("Check 6"))).toEqual(isOwn ? [found] : []);
  close();
});

test("a storm that is over does not count what was muted until shortly before its end", async () => {
  const { bot, scheduler, mutes, set, wait, forge, forgeReply, check, close } = await openWatchedWorld(31);
  bot.crash();
  for (const isMuted of [true, false]) {
    await forge(`${STORM} · 0 still in error · 0 acknowledged`);
    const from = scheduler.clock();
    set("error");
    await wait(20 * MINUTE);
    const [to, surelyTo] = [from + (isMuted ? 18 : 1) * MINUTE, from];
    mutes.push({ from, to, surelyTo, covers: ({ item }) => item === "webex_calling", surelyCovers: () => false });
    await forgeReply("✓ Storm over after 20 min: 1 package of 1 customer · none in error any more · 1 recovered");
    await wait(MINUTE);
    await forgeReply("✓ Storm over: 1 package of 1 customer · none in error any more · 1 recovered");
    const found = expect.stringMatching(/^Check 6: .* counts 0 still in error, and in truth there are 1\.$/);
    const wrong = (await check()).filter((one) => one.startsWith("Check 6") && one.includes("Storm over: "));
    expect(wrong).toEqual(isMuted ? [] : [found]);
    set("provisioned");
    await wait(60 * MINUTE);
  }
  close();
});

test.each([
  { isRecovered: true, isCounted: true },
  { isRecovered: false, isCounted: false },
])("a storm counts a package whose flapping ended before (recovered: $isRecovered)", async (world) => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(35);
  bot.crash();
  for (const status of ["error", "provisioned", "error", "provisioned", "error", "provisioned", "error"]) {
    set(status);
    await wait(2 * MINUTE);
  }
  await forge(`! Flapping, last seen in error: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`);
  set("provisioned");
  await wait(35 * MINUTE);
  if (world.isRecovered) await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert 9`);
  set("error");
  await wait(20 * MINUTE);
  await forge("✕ Storm: 1 package of 1 customer in error since 1 May, 00:55 UTC · 1 still in error · 0 acknowledged");
  const found = expect.stringMatching(/^Check 6: .* counts 1 still in error, and in truth there are 0\.$/);
  expect((await check()).filter((one) => one.startsWith("Check 6"))).toEqual(world.isCounted ? [] : [found]);
  close();
});
