import assert from "node:assert/strict";
import { createSpace } from "../../support/alert-journey.ts";
import { until } from "../../support/until.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";
import { json, matches } from "../proxy.ts";

const HEADERS: Readonly<Record<string, string>> = {
  "a day": "86400",
  "more than a timer can hold": "2147484",
  "more than a number can hold": "9".repeat(400),
  infinity: "Infinity",
  "a number with an exponent": "1e9",
  "a hexadecimal number": "0xffffff",
  "a negative number": "-86400",
  "a date in a thousand years": "Fri, 01 Jan 3026 00:00:00 GMT",
  "a date that is over": "Thu, 01 Jan 1970 00:00:00 GMT",
  "a date that does not exist": "Fri, 99 Foo 2026 99:99:99 GMT",
  "several values": "1, 86400",
  nothing: "",
  "a word": "never",
  "digits of another script": encodeURIComponent("٨٦٤٠٠"),
  "a fraction": "0.0000001",
};

/** More calls than this while nothing moves are a tight loop. */
const MOST_CALLS = 60;

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const viewer = arena.person("viewer");

  async function wholesale(value: string, status: number): Promise<void> {
    const from = arena.proxy.calls.length;
    const isCrawl = (path: string) => path === "/wholesale/customers";
    arena.proxy.intercept((call) =>
      isCrawl(call.path) ? json({ message: "slow down" }, status, { "retry-after": value }) : undefined,
    );
    await until(() => assert.ok(arena.proxy.calls.slice(from).some(({ path }) => isCrawl(path))));
    await viewer.ask("help");
    const calls = arena.proxy.calls.slice(from).filter(({ path }) => isCrawl(path)).length;
    assert.ok(calls <= MOST_CALLS, `There were ${calls} calls.`);
    arena.proxy.clear();
    const swept = arena.logged("sweep.complete").length;
    await arena.advanceClock("6m");
    await until(async () => {
      if (arena.logged("sweep.complete").length > swept) return;
      await arena.advanceClock("1m");
      throw new Error("The bot reads no customers.");
    });
  }

  async function webex(value: string, status: number): Promise<void> {
    const [slow, other] = [await createSpace(arena, viewer), await createSpace(arena, viewer)];
    arena.proxy.intercept((call) =>
      matches(call, "POST", "/messages") && call.body.includes(slow)
        ? json({}, status, { "retry-after": value })
        : undefined,
    );
    await viewer.send("help", { roomId: slow });
    await viewer.ask("help", { roomId: other });
    arena.proxy.clear();
    const asked = (await viewer.fromBot(slow)).length;
    await until(async () => {
      if ((await viewer.fromBot(slow)).length > asked) return;
      await arena.advanceClock("1m");
      throw new Error("The space is not answered any more.");
    });
  }

  return [
    ...forEach(HEADERS, (value) => wholesale(value, 429)).map(({ name, run }) => ({
      name: `Wholesale, 429: ${name}`,
      run,
    })),
    ...forEach(HEADERS, (value) => wholesale(value, 423))
      .slice(0, 4)
      .map(({ name, run }) => ({ name: `Wholesale, 423: ${name}`, run })),
    ...forEach(HEADERS, (value) => webex(value, 429))
      .slice(0, 8)
      .map(({ name, run }) => ({ name: `Webex, 429 for one space: ${name}`, run })),
  ];
}

export const waits: Area = {
  name: "Retry-After",
  judged: "sweeps go on at most some minutes later, without a tight loop; another space is answered meanwhile",
  attacks: attacksOf,
};
