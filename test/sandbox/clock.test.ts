import { expect, test } from "vitest";
import { HOUR, pausedTime } from "../support/time.ts";
import { startTwins } from "./twins.ts";

test("the clock of the world is the system time until it is changed", async () => {
  const { control } = await startTwins();
  const before = Date.now();
  const { now, speed } = (await control("GET", "/clock")).body;
  expect(speed).toBe(1);
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test.each([
  ["4h", 4 * HOUR],
  ["90s", 90_000],
  ["1.5d", 36 * HOUR],
  [250, 250],
])("put forward by %j, all that the twins date is later by as much", async (forward, ms) => {
  const time = pausedTime();
  const { control, viewer, noc } = await startTwins({ time });
  const start = time.clock();
  expect((await control("POST", "/clock", { forward })).body).toEqual({ now: start + ms, speed: 0 });
  const { body } = await viewer("POST", "/messages", { roomId: noc, text: "later" });
  expect(Date.parse(body.created)).toBe(start + ms);
});

test("time runs at the chosen speed, from the present time on", async () => {
  const { control, sandbox } = await startTwins({ time: pausedTime() });
  const start = sandbox.time.clock();
  expect((await control("POST", "/clock", { speed: 3_600 })).body.speed).toBe(3_600);
  await expect.poll(() => sandbox.time.clock()).toBeGreaterThan(start + 60_000);
  const { now } = (await control("POST", "/clock", { speed: 0 })).body;
  expect((await control("GET", "/clock")).body).toEqual({ now, speed: 0 });
});

test.each([
  [{}, "must have a speed"],
  [{ speed: -1 }, "speed: must be a number from 0"],
  [{ speed: 4_000 }, "speed: must be a number from 0"],
  [{ speed: "60" }, "speed: must be a number from 0"],
  [{ forward: "soon" }, "forward: must be a time such as"],
  [{ forward: "-4h" }, "forward: must be a time such as"],
  [{ forward: -5 }, "forward: must be a time such as"],
  [{ forward: 0.5 }, "forward: must be a time such as"],
  [{ forward: "400d" }, "forward: must be a time such as"],
  [{ forward: null }, "forward: must be a time such as"],
  [{ back: "4h" }, "Unrecognized key"],
])("%j is no way to steer a clock, and changes nothing", async (order, slip) => {
  const { control } = await startTwins({ time: pausedTime() });
  const before = (await control("GET", "/clock")).body;
  const { status, body } = await control("POST", "/clock", order);
  expect(status).toBe(400);
  expect(JSON.stringify(body.errors)).toContain(slip);
  expect((await control("GET", "/clock")).body).toEqual(before);
});

test("an advance runs the due steps of all scenarios, in their order", async () => {
  const { control } = await startTwins({ time: pausedTime() });
  const { body } = await control("POST", "/scenarios/onboarding", { n: 1 });
  await control("POST", "/clock", { forward: "1m" });
  const [id] = body.changed;
  expect((await control("GET", `/customers/${encodeURIComponent(id)}`)).body.status).toBe("error");
  expect((await control("GET", "/world")).body.scenarios).toEqual([]);
});
