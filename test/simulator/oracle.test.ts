import { expect, test } from "vitest";
import { MINUTE } from "../support/time.ts";
import { acceptedBy } from "./check.ts";
import { openWatchedWorld } from "./watched-world.ts";

test("a package that fails, is retried and heals is told as it is", async () => {
  const { set, wait, ask, check, close } = await openWatchedWorld(1);
  set("error");
  await wait(20 * MINUTE);
  set("provisioning");
  await wait(5 * MINUTE);
  set("error");
  await wait(20 * MINUTE);
  await ask("verify");
  expect(await check()).toEqual([]);
  set("provisioned");
  await wait(30 * MINUTE);
  await ask("verify");
  expect(await check()).toEqual([]);
  await wait(70 * MINUTE);
  expect(await check()).toEqual([]);
  close();
});

test("an error that the bot is not there to tell is missed", async () => {
  const { bot, set, wait, check, close } = await openWatchedWorld(2);
  bot.crash();
  set("error");
  await wait(30 * MINUTE);
  expect(await check()).toEqual([
    expect.stringMatching(/^Check 2: .* is in error, and the room was told nothing of it; in truth /),
    expect.stringMatching(/^Law f: .* was in error from .* to now, and the room was never told; /),
  ]);
  close();
});

test("wrong sentences are found", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(3);
  bot.crash();
  const line = (words: string, end: string) => `${words}: ${company} · Calling · ${end} · alert 9`;
  await forge(line("✕ Error", "code 7000 · since 1 May, 00:02 UTC"));
  expect(await check()).toEqual([
    expect.stringMatching(/^Check 1: .* says “open”; in truth .* was provisioned/),
    expect.stringMatching(/^Check 1: .* gives a wrong “since”/),
    expect.stringMatching(/^Check 1: .* gives the code 7000/),
    expect.stringMatching(/^Check 2: the room believes that .* is open/),
    expect.stringMatching(/^Law g: the thread says last /),
  ]);
  await forge(line("✓ Recovered", "after 3 min"));
  set("error");
  await wait(30 * MINUTE);
  await forge("In agreement: nothing that this space watches is in error");
  expect(await check()).toEqual([
    expect.stringMatching(/^Law h: “In agreement.* counts 0, and in truth there are 1\.$/),
    expect.stringMatching(/^Law h: “In agreement.* is in error, and the room was told last “✓ Recovered/),
    expect.stringMatching(/^Check 2: .* is in error, and the room was told last “✓ Recovered/),
    expect.stringMatching(/^Law f: .* the room was never told/),
  ]);
  close();
});

test("wrong numbers, a second telling and a message too many are found", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(4);
  bot.crash();
  set("error");
  await wait(12 * MINUTE);
  const error = `✕ Error: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`;
  await forge(error);
  await forge(error);
  await forge("! Watching 40 customers\n3 packages already in error.");
  await forge(
    `✕ Storm: 20 packages of 20 customers in error since 1 May, 00:04 UTC · 18 still in error · 0 acknowledged`,
  );
  expect(await check()).toEqual([
    expect.stringMatching(/^Check 6: .* counts 3 in error, and in truth there are 1\.$/),
    expect.stringMatching(/^Check 6: .* counts 18 still in error, and in truth there are 0/),
    expect.stringMatching(/^Check 6: .* counts 20 in all, and in truth at most 1 were in error\.$/),
    expect.stringMatching(/^Law d: 10 s are between “✕ Error/),
    expect.stringMatching(/^Law d: 20 s are between “✕ Error/),
    expect.stringMatching(/^Law f: .* was told twice in one error/),
  ]);
  close();
});

test("news that nobody wants, a recovery without its alert and an outage without a fault are found", async () => {
  const { bot, scheduler, mutes, company, set, wait, forge, check, close } = await openWatchedWorld(5);
  bot.crash();
  set("error");
  await wait(12 * MINUTE);
  mutes.push({
    from: scheduler.clock() - 5 * MINUTE,
    to: scheduler.clock() + 60 * MINUTE,
    covers: () => true,
    surelyTo: Number.POSITIVE_INFINITY,
    surelyCovers: () => true,
  });
  await forge(`✕ Error: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`);
  await wait(6 * MINUTE);
  await forge(`✓ Recovered: ${company} · Suite · after 3 min · alert 10`);
  await forge("! The Wholesale API cannot be read: it answers with an error");
  await forge("✕ 4 open alerts, 0 acknowledged");
  expect(await check()).toEqual([
    expect.stringMatching(/^Rule 18: .* is about a muted item\.$/),
    expect.stringMatching(/^Law b: .* tells the end of what the room was never told\.$/),
    expect.stringMatching(/^Check 1: .* is wrong: nothing failed\.$/),
    expect.stringMatching(/^Check 6: .* counts 4, and in truth there are 1 to 1\.$/),
  ]);
  close();
});

test("a mark without a twin, a wrong count of verify, and silence about a flapping item and a lying list are found", async () => {
  const { bot, scheduler, company, set, wait, forge, lie, check, close } = await openWatchedWorld(6);
  bot.crash();
  for (const status of ["error", "provisioned", "error", "provisioned", "error", "provisioned", "error"]) {
    set(status);
    await wait(2 * MINUTE);
  }
  await forge(`(possibly repeated) ✕ Error: ${company} · Calling · code 7000 · since 1 May, 00:15 UTC · alert 9`);
  await forge("In agreement: 2 errors, all told here");
  await forge("✓ No open alerts\nFilter: code=2560");
  lie(scheduler.clock(), scheduler.clock() + 20 * MINUTE);
  await wait(20 * MINUTE);
  expect(await check()).toEqual([
    expect.stringMatching(/^Check 6: .* says that nothing is open, and in truth 1 are\.$/),
    expect.stringMatching(/^Law h: .* counts 2, and in truth there are 1\.$/),
    expect.stringMatching(/^Rule 28: .* has a mark, and nothing was repeated\.$/),
    expect.stringMatching(/^Rule 13: .* failed 4 times until .*, and the room was not told that it flaps by /),
    expect.stringMatching(/^Rule 31: the list left out customers from .* to .*, and nobody told it\.$/),
  ]);
  close();
});

test("a message that names the end of an older alert may count that of a newer one of the same package", async () => {
  const { bot, company, set, wait, forge, check, close } = await openWatchedWorld(8);
  bot.crash();
  const name = `${company} · Calling`;
  for (const [at, alert] of [
    ["00:03", 5],
    ["00:51", 9],
  ] as const) {
    set("error");
    await wait(MINUTE);
    await forge(`✕ Error: ${name} · code 7000 · since 1 May, ${at} UTC · alert ${alert}`);
    await wait(6 * MINUTE);
    set("provisioned");
    await wait(40 * MINUTE);
  }
  const recovered = `✓ Recovered: ${name} · after 7 min · alert 5`;
  await forge(`✓ 1 package recovered: ${company}\nRecovered\n${recovered}`);
  const beliefs = async () => (await check()).filter((wrong) => wrong.startsWith("Check 2"));
  expect(await beliefs()).toEqual([expect.stringMatching(/^Check 2: the room believes that .* is open/)]);
  await forge(`✓ 2 packages recovered: ${company}\nRecovered\n${recovered}\nand 1 more`);
  expect(await beliefs()).toEqual([]);
  close();
});

test("a message that was refused for 26 minutes is tried again an hour later only, one refused for 17 minutes soon", () => {
  const refusal = (from: number, minutes: number) =>
    ({ kind: "refuse", status: 400, at: from * MINUTE, forMs: minutes * MINUTE }) as const;
  const [first, second] = [refusal(0, 16), refusal(15, 11)];
  expect(acceptedBy(refusal(0, 17), [refusal(0, 17)])).toBe(33 * MINUTE);
  expect(acceptedBy(first, [first, second])).toBe(87 * MINUTE);
});

test("a package that was healthy while `verify` read the API may count as in error, and no other", async () => {
  const { bot, company, set, wait, ask, forge, check, close } = await openWatchedWorld(8);
  bot.crash();
  for (const isAsked of [true, false]) {
    set("error");
    await wait(12 * MINUTE);
    if (isAsked) await ask("verify");
    set("provisioned");
    await wait(20_000);
    if (isAsked) await forge("Cannot verify: the list of the Wholesale API has 0 of 40 customers");
    await wait(isAsked ? 50_000 : MINUTE);
    set("provisioning");
    await wait(2 * MINUTE);
    await forge(
      `✕ Storm: 1 package of 1 customer in error since 1 May, 00:03 UTC · 1 still in error · 0 acknowledged\nMost affected\n${company}: Calling · code 7000`,
    );
    const found = expect.stringMatching(/^Check 6: .* among the most affected, which is not in error; /);
    const named = (await check()).filter((one) => one.includes("most affected"));
    expect(named).toEqual(isAsked ? [] : [found]);
    set("provisioned");
    await wait(12 * MINUTE);
  }
  close();
});

test("an answer to `verify` is true of some time since it was asked, and not of one before", async () => {
  const { bot, set, wait, ask, forge, check, close } = await openWatchedWorld(15);
  bot.crash();
  for (const isAsked of [true, false]) {
    if (isAsked) await ask("verify");
    await wait(12_000);
    set("error");
    await wait(20_000);
    await forge("In agreement: nothing that this space watches is in error");
    const found = (await check()).filter((one) => one.startsWith("Law h"));
    expect(found.length > 0).toBe(!isAsked);
    set("provisioned");
    await wait(12 * MINUTE);
  }
  close();
});

test("an add-on that is ordered while `verify` reads the API is in the answer or not", async () => {
  const { bot, orderAddOn, wait, forge, check, close } = await openWatchedWorld(30);
  bot.crash();
  orderAddOn("error");
  await wait(5_000);
  for (const found of [[], [expect.stringMatching(/^Law h: .* counts 0, and in truth there are 1\.$/)]]) {
    await forge("In agreement: nothing that this space watches is in error");
    expect((await check()).filter((one) => one.includes(" counts 0"))).toEqual(found);
    await wait(MINUTE);
  }
  close();
});

test("a list that lies while most customers are gone begins the doubt anew, and ends it not for ever", async () => {
  const { bot, world, scheduler, company, set, wait, forge, lie, check, close } = await openWatchedWorld(9, 3);
  bot.crash();
  set("error");
  await wait(12 * MINUTE);
  await forge(`✕ Error: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`);
  const entries = [...world.customers.matching({})].sort(
    (a, b) => Number(b.name === company) - Number(a.name === company),
  );
  lie(scheduler.clock() + 50 * MINUTE, scheduler.clock() + 62 * MINUTE);
  for (const { customer } of entries.slice(0, 2)) world.customers.remove(customer.id);
  const open = expect.stringMatching(/^Check 2: the room believes that .* is open/);
  await wait(115 * MINUTE);
  expect(await check()).not.toContainEqual(open);
  await wait(80 * MINUTE);
  expect(await check()).toContainEqual(open);
  close();
});

test.each([
  { fourth: "none", isLong: false },
  { fourth: "rejected", isLong: true },
  { fourth: "unanswered", isLong: true },
])("four failed tries put a message outside of the window ($fourth)", async ({ fourth, isLong }) => {
  const { bot, company, set, wait, forge, reject, mayRepeat, scheduler, check, close } = await openWatchedWorld(10);
  bot.crash();
  set("error");
  await wait(12 * MINUTE);
  const told = () => reject(`✕ Error: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`);
  reject("✕ 31 packages in error: Somebody and others · code 7000\nand 31 more");
  await wait(MINUTE);
  told();
  await wait(5 * MINUTE);
  told();
  set("provisioned");
  await wait(5 * MINUTE);
  if (fourth === "rejected") told();
  if (fourth === "unanswered") mayRepeat(scheduler.clock());
  await wait(60 * MINUTE);
  for (const _ of [1, 2])
    await forge(`1 alert came and went\nCame and went: ${company} · Calling · 7000 · 00:03–00:22 UTC`);
  const soon = expect.stringMatching(/^Law d: 10 s are between “1 alert came and went”/);
  expect((await check()).filter((one) => one.startsWith("Law d"))).toEqual(isLong ? [] : [soon]);
  close();
});

test("a mark stays while Webex rejects the message, and comes from nowhere else", async () => {
  const { bot, scheduler, company, set, wait, forge, reject, mayRepeat, check, close } = await openWatchedWorld(12);
  bot.crash();
  set("error");
  await wait(12 * MINUTE);
  mayRepeat(scheduler.clock());
  for (const isRejected of [false, true]) {
    const repeat = `(possibly repeated) ✕ Error: ${company} · Calling · code 7000 · since 1 May, 00:03 UTC · alert 9`;
    if (isRejected) mayRepeat(scheduler.clock());
    await wait(MINUTE);
    if (isRejected) reject(repeat);
    await wait(60 * MINUTE);
    await forge(repeat);
    const found = expect.stringMatching(/^Rule 28: .* has a mark, and nothing was repeated\.$/);
    expect((await check()).filter((one) => one.startsWith("Rule 28"))).toEqual(isRejected ? [] : [found]);
  }
  close();
});

test("the answer to a press is as of its time where Webex rejected its thread, and any other card goes on", async () => {
  const { bot, scheduler, presses, company, set, wait, forge, reject, check, close } = await openWatchedWorld(11);
  bot.crash();
  for (const [isAnswer, alert] of [
    [true, 9],
    [false, 10],
  ] as const) {
    set("error");
    await wait(12 * MINUTE);
    const row = `✕ Error: ${company} · Calling · code 7000 · acknowledged by Ana · alert ${alert}`;
    const card = `✕ 1 package in error: ${company}\n${row}`;
    presses.push(scheduler.clock());
    if (isAnswer) reject(card, true);
    await forge(card);
    set("provisioned");
    await wait(30 * MINUTE);
    await forge(`✓ Recovered: ${company} · Calling · after 12 min · alert ${alert}`);
    await wait(30 * MINUTE);
    const found = expect.stringMatching(/^Law g: the thread says last .* alert 10” /);
    expect((await check()).filter((one) => one.startsWith("Law g"))).toEqual(isAnswer ? [] : [found]);
  }
  close();
});

test.each([
  { rejected: "! Watching 40 customers", isCovered: true },
  { rejected: "✓ No open alerts", isCovered: false },
])("a baseline covers what came and went before it, also one that Webex rejected ($rejected)", async (world) => {
  const { bot, set, wait, reject, check, close } = await openWatchedWorld(23);
  bot.crash();
  set("error");
  await wait(12 * MINUTE);
  set("provisioned");
  await wait(10 * MINUTE);
  reject(world.rejected);
  await wait(80 * MINUTE);
  const found = expect.stringMatching(/^Law f: .* was in error .* and the room was never told/);
  expect(await check()).toEqual(world.isCovered ? [] : [found]);
  close();
});

test("a line that an edit keeps is as old as its message, and takes back nothing that was said since", async () => {
  const { bot, company, set, wait, forge, forgeEdit, check, close } = await openWatchedWorld(28);
  const beliefs = async () => (await check()).filter((one) => one.startsWith("Check 2"));
  bot.crash();
  set("error");
  await wait(2 * MINUTE);
  set("provisioned");
  await wait(10 * MINUTE);
  const passed = `1 alert came and went\nCame and went: ${company} · Calling · 7000 · 00:03–00:05 UTC`;
  await forge(passed);
  await forge(`✕ Error: ${company} · Calling · code 7000 · alert 9`);
  await wait(30 * MINUTE);
  const found = expect.stringMatching(/^Check 2: the room believes that .* is open, by .* alert 9/);
  expect(await beliefs()).toEqual([found]);
  await forgeEdit(passed, `${passed}\nAs of 1 May, 00:46 UTC`);
  expect(await beliefs()).toEqual([found]);
  await forge(passed);
  expect(await beliefs()).toEqual([]);
  close();
});
