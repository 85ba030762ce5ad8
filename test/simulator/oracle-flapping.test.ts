import { expect, test } from "vitest";
import { MINUTE } from "../support/time.ts";
import { openWatchedWorld } from "./watched-world.ts";

test("a line about an error that came and went does not take back that the package flaps", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(7);
  bot.crash();
  for (const status of [
    "error",
    "provisioned",
    "error",
    "provisioned",
    "error",
    "provisioned",
    "error",
    "provisioned",
  ]) {
    set(status);
    await wait(2 * MINUTE);
  }
  await forge(`! Flapping, last seen healthy: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`);
  await wait(5 * MINUTE);
  await forge(`Came and went: ${company} · Calling · 7000 · 00:11–00:13 UTC`);
  set("error");
  await wait(25 * MINUTE);
  expect(await check()).toEqual([]);
  close();
});

test("a package that failed four times in two hours flaps until it has been calm", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(20);
  bot.crash();
  for (const healthyMinutes of [2, 78, 23, 24]) {
    set("error");
    await wait(2 * MINUTE);
    set("provisioned");
    await wait(healthyMinutes * MINUTE);
  }
  const claims = async () => (await check()).filter((one) => one.includes("says “flapping”"));
  const row = `! Flapping, last seen healthy: ${company} · Calling · code 7000 · alert`;
  await forge(`${row} 9`);
  expect(await claims()).toEqual([]);
  await wait(180 * MINUTE);
  await forge(`${row} 10`);
  expect(await claims()).toHaveLength(1);
  close();
});

test("what is counted as flapping without its name is not believed to be open", async () => {
  const { bot, company, set, second, wait, forge, check, close } = await openWatchedWorld(26);
  bot.crash();
  for (const [alert, isCounted] of [
    [9, true],
    [10, false],
  ] as const) {
    for (const status of ["error", "provisioned", "error", "provisioned", "error", "provisioned", "error"]) {
      set(status);
      await wait(2 * MINUTE);
    }
    await forge(`✕ Re-opened ×2: ${company} · Calling · code 7000 · alert ${alert}`);
    second.set("error");
    const counted = isCounted ? ", 1 flapping" : "";
    await forge(`✕ 1 package in error${counted}\n✕ Error: ${second.company} · Calling · code 7000 · alert 8`);
    set("provisioned");
    await wait(20 * MINUTE);
    const found = expect.stringMatching(/^Check 2: the room believes that .* is open, by .* alert 10/);
    expect((await check()).filter((one) => one.startsWith("Check 2"))).toEqual(isCounted ? [] : [found]);
    await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert ${alert}`);
    await wait(150 * MINUTE);
  }
  close();
});

test.each([
  { calmMinutes: 28, isForgotten: false },
  { calmMinutes: 120, isForgotten: true },
])("a package that was counted as flapping flaps on until it is calm ($calmMinutes min)", async (world) => {
  const { bot, set, wait, forge, check, close } = await openWatchedWorld(27);
  bot.crash();
  await forge("! Watching 40 customers\n1 package flapping.");
  for (let i = 0; i < 6; i += 1) {
    set("error");
    await wait((i < 2 ? 1 : 12) * MINUTE);
    set("provisioned");
    await wait((i < 2 ? world.calmMinutes : 12) * MINUTE);
  }
  const found = expect.stringMatching(/failed 4 times/);
  expect((await check()).filter((one) => one.startsWith("Rule 13"))).toEqual(world.isForgotten ? [found] : []);
  close();
});

test.each([
  { errors: 4, isOwn: false },
  { errors: 3, isOwn: true },
])("a storm need not count a package that flaps, which is told by its name ($errors errors)", async (world) => {
  const { bot, set, wait, forge, check, close } = await openWatchedWorld(32);
  bot.crash();
  for (let i = 1; i <= world.errors; i += 1) {
    set("error");
    await wait(2 * MINUTE);
    if (i < world.errors) set("provisioned");
    await wait(2 * MINUTE);
  }
  await wait(20 * MINUTE);
  await forge("✕ Storm: 1 package of 1 customer in error since 1 May, 00:03 UTC · 0 still in error · 0 acknowledged");
  const found = expect.stringMatching(/^Check 6: .* counts 0 still in error, and in truth there are 1\.$/);
  expect((await check()).filter((one) => one.startsWith("Check 6"))).toEqual(world.isOwn ? [found] : []);
  close();
});

test("ends without names are first those of packages that do not flap", async () => {
  const { bot, company, set, second, wait, forge, check, close } = await openWatchedWorld(33);
  bot.crash();
  set("error");
  second.set("error");
  await wait(12 * MINUTE);
  await forge(`! Flapping, last seen healthy: ${company} · Calling · code 7000 · alert 8`);
  await forge(`✕ Error: ${second.company} · Calling · code 7000 · alert 9`);
  set("provisioned");
  second.set("provisioned");
  await wait(20 * MINUTE);
  const beliefs = async () => (await check()).filter((one) => one.startsWith("Check 2"));
  expect(await beliefs()).toEqual([
    expect.stringMatching(/^Check 2: the room believes that .* is open, by .* alert 9/),
  ]);
  await forge("✓ 1 package recovered");
  expect(await beliefs()).toEqual([]);
  close();
});

test.each([
  { calmMinutes: 10, isOwed: true },
  { calmMinutes: 50, isOwed: false },
])("a package that was calm while it was muted flaps no more ($calmMinutes min)", async ({ calmMinutes, isOwed }) => {
  const { bot, scheduler, mutes, set, wait, check, close } = await openWatchedWorld(34);
  bot.crash();
  const fail = async (healthyMinutes: number) => {
    set("error");
    await wait(2 * MINUTE);
    set("provisioned");
    await wait(healthyMinutes * MINUTE);
  };
  const from = scheduler.clock();
  const to = from + 120 * MINUTE;
  mutes.push({ from, to, surelyTo: to, covers: () => true, surelyCovers: () => true });
  for (const healthyMinutes of [10, 10, 10, calmMinutes]) await fail(healthyMinutes);
  while (scheduler.clock() < to) await fail(10);
  await wait(10 * MINUTE);
  const found = expect.stringMatching(/failed 4 times/);
  expect((await check()).filter((one) => one.startsWith("Rule 13"))).toEqual(isOwed ? [found] : []);
  close();
});
