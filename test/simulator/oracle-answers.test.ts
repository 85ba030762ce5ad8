import { expect, test } from "vitest";
import { MINUTE } from "../support/time.ts";
import { openWatchedWorld } from "./watched-world.ts";

const STORM = "✕ Storm: 1 package of 1 customer in error since 1 May, 00:03 UTC";

test("a room that asked what is open still hears at once of an alert that it was not told of", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(12);
  set("error");
  await wait(12 * MINUTE);
  set("provisioned");
  await wait(12 * MINUTE);
  bot.crash();
  for (const [alert, isTold] of [
    [50, false],
    [51, true],
  ] as const) {
    const row = `✕ Re-opened ×2: ${company} · Calling · code 7000 · alert ${alert}`;
    if (isTold) await forge(row);
    await wait(20 * MINUTE);
    await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert ${isTold ? alert : 49}`);
    set("error");
    await forge(`✕ 1 open alert: ${company}\n${row}`);
    await wait(MINUTE);
    await forge(row);
    set("provisioned");
    const found = expect.stringMatching(new RegExp(`^Law d: .* alert ${alert}” `));
    expect((await check()).filter((one) => one.startsWith("Law d"))).toEqual(isTold ? [found] : []);
    await wait(20 * MINUTE);
  }
  close();
});

test("the answer to a press may be late while Webex fails, and says what its card says", async () => {
  const { bot, scheduler, presses, company, set, wait, forge, forgeReply, disturb, check, close } =
    await openWatchedWorld(15);
  bot.crash();
  for (const [alert, fails] of [
    [9, true],
    [10, false],
  ] as const) {
    const row = `✕ Error: ${company} · Calling · code 7000`;
    set("error");
    await wait(12 * MINUTE);
    await forge(`${row} · alert ${alert}`);
    presses.push(scheduler.clock());
    if (fails) disturb(scheduler.clock(), scheduler.clock() + 4 * MINUTE);
    await wait(4 * MINUTE);
    await forgeReply(`${row} · acknowledged by Ana · alert ${alert}`);
    const found = expect.stringMatching(/^Law f: .* was told twice in one error/);
    expect((await check()).filter((one) => one.startsWith("Law f"))).toEqual(fails ? [] : [found]);
    set("provisioned");
    await wait(30 * MINUTE);
  }
  close();
});

test.each([
  { answer: "Ana Lima acknowledged alert 9", found: [] },
  { answer: undefined, found: [expect.stringMatching(/^Law f: .* and the room was never told/)] },
])("a notice soon after a press is not its answer if another reply is ($answer)", async ({ answer, found }) => {
  const { bot, scheduler, presses, company, set, wait, forge, forgeReply, check, close } = await openWatchedWorld(35);
  bot.crash();
  set("error");
  await wait(2 * MINUTE);
  await forge(`✕ Error: ${company} · Calling · code 7000 · alert 9`);
  set("provisioned");
  await wait(4 * MINUTE);
  await forgeReply(`✓ Recovered: ${company} · Calling · after 2 min · alert 9`);
  set("error");
  await wait(2 * MINUTE);
  presses.push(scheduler.clock());
  if (answer !== undefined) await forgeReply(answer);
  await forgeReply(`✕ Re-opened ×1: ${company} · Calling · code 7000 · alert 9`);
  await wait(20 * MINUTE);
  expect((await check()).filter((one) => one.startsWith("Law f"))).toEqual(found);
  close();
});

test("an answer that names what was told as over may name what is over before it is told again", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(24);
  bot.crash();
  for (const [alert, isToldAgain] of [
    [9, false],
    [10, true],
  ] as const) {
    const row = `✕ Re-opened ×1: ${company} · Calling · code 7000 · alert ${alert}`;
    await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert ${alert}`);
    set("error");
    await wait(MINUTE);
    if (isToldAgain) await forge(row);
    await forge(`✕ 1 open alert: ${company}\n${row}`);
    set("provisioned");
    await wait(30 * MINUTE);
    const found = expect.stringMatching(/^Check 2: the room believes that .* is open, by .* alert 10/);
    expect((await check()).filter((one) => one.startsWith("Check 2"))).toEqual(isToldAgain ? [found] : []);
  }
  close();
});

test("a re-opening is news to a room where a handover alone named the alert", async () => {
  const { bot, company, set, second, wait, forge, check, close } = await openWatchedWorld(25);
  bot.crash();
  for (const [alert, isTold] of [
    [9, false],
    [10, true],
  ] as const) {
    const over = `✓ Recovered: ${company} · Calling · after 2 min · alert ${alert}`;
    await forge(isTold ? over : `Handover: no package in error\n${over}`);
    await wait(20 * MINUTE);
    await forge(`✓ Recovered: ${second.company} · Calling · after 12 min · alert 7`);
    set("error");
    await wait(MINUTE);
    await forge(`✕ Re-opened ×1: ${company} · Calling · code 7000 · alert ${alert}`);
    const found = expect.stringMatching(/^Law d: .* alert 10” /);
    expect((await check()).filter((one) => one.startsWith("Law d"))).toEqual(isTold ? [found] : []);
    set("provisioned");
    await wait(30 * MINUTE);
  }
  close();
});

test("a room that was told of a recovery, and of the next error by an answer alone, hears at once of another", async () => {
  const { bot, company, set, second, wait, forge, check, close } = await openWatchedWorld(29);
  bot.crash();
  for (const [alert, isTold] of [
    [9, false],
    [10, true],
  ] as const) {
    const row = `✕ Re-opened ×1: ${second.company} · Calling · code 7000 · alert ${alert}`;
    await forge(`✓ Recovered: ${second.company} · Calling · after 12 min · alert ${alert}`);
    second.set("error");
    await wait(8 * MINUTE);
    if (isTold) await forge(row);
    await forge(`✕ 1 open alert: ${second.company}\n${row}`);
    await wait(8 * MINUTE);
    await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert 5`);
    set("error");
    await wait(MINUTE);
    await forge(`✕ Error: ${company} · Calling · code 7000 · alert ${alert + 10}`);
    const found = expect.stringMatching(/^Law d: .* alert 20” /);
    expect((await check()).filter((one) => one.startsWith("Law d"))).toEqual(isTold ? [found] : []);
    set("provisioned");
    second.set("provisioned");
    await wait(30 * MINUTE);
  }
  close();
});

test.each([
  { movingMinutes: 1, isExcepted: true },
  { movingMinutes: 12, isExcepted: false },
])("an error after calm may follow a retry that nobody saw ($movingMinutes min)", async (world) => {
  const { bot, company, set, second, wait, forge, check, close } = await openWatchedWorld(34);
  bot.crash();
  set("provisioning");
  await wait(world.movingMinutes * MINUTE);
  await forge(`✓ Recovered: ${second.company} · Calling · after 12 min · alert 5`);
  set("error");
  await wait(MINUTE);
  await forge(`✕ Error: ${company} · Calling · code 7000 · alert 9`);
  const found = expect.stringMatching(/^Law d: .* alert 9” /);
  expect((await check()).filter((one) => one.startsWith("Law d"))).toEqual(world.isExcepted ? [] : [found]);
  close();
});

test("a handover that lists what is over takes back no later error that a storm counts", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(35);
  const beliefs = async () => (await check()).filter((one) => one.startsWith("Check 2"));
  const over = `✓ Recovered: ${company} · Calling · after 2 min · alert 5`;
  bot.crash();
  await forge(over);
  set("error");
  await wait(20 * MINUTE);
  await forge(`${STORM} · 1 still in error · 0 acknowledged`);
  await forge(`Handover: 1 package in error\n${over}`);
  expect(await beliefs()).toEqual([]);
  await forge(over.replace("alert 5", "alert 6"));
  expect(await beliefs()).toEqual([expect.stringMatching(/^Check 2: .* is in error, and the room was told last /)]);
  close();
});

test.each([
  { isTold: true, found: [] },
  { isTold: false, found: [expect.stringMatching(/^Check 2: the room believes that .* by “✕ Storm/)] },
])("a handover that lists an end leaves it as it was told before ($isTold)", async ({ isTold, found }) => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(37);
  const over = `✓ Recovered: ${company} · Calling · after 12 min · alert 5`;
  bot.crash();
  set("error");
  await wait(20 * MINUTE);
  await forge(`${STORM} · 1 still in error · 0 acknowledged`);
  set("provisioned");
  await wait(20 * MINUTE);
  if (isTold) await forge(over);
  await forge(`Handover: 0 packages in error\n${over.replace("alert 5", isTold ? "alert 5" : "alert 4")}`);
  expect((await check()).filter((one) => one.startsWith("Check 2"))).toEqual(found);
  close();
});

test.each([
  { seconds: 10, counted: 0, isExcepted: true },
  { seconds: 1200, counted: 1, isExcepted: false },
])("a package that a storm may have counted is not known to be open ($counted counted)", async (world) => {
  const { bot, company, set, orderAddOn, wait, forge, check, close } = await openWatchedWorld(36);
  bot.crash();
  orderAddOn("error");
  await wait(world.seconds * 1_000);
  await forge(`${STORM} · ${world.counted} still in error · 0 acknowledged`);
  await wait(20 * MINUTE);
  await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert 5`);
  set("error");
  await wait(MINUTE);
  await forge(`✕ Error: ${company} · Calling · code 7000 · alert 9`);
  const found = expect.stringMatching(/^Law d: .* alert 9” /);
  expect((await check()).filter((one) => one.startsWith("Law d"))).toEqual(world.isExcepted ? [] : [found]);
  close();
});
