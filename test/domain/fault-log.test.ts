import { expect, test } from "vitest";
import { createFaultLog } from "../../src/domain/fault-log.ts";
import { Failure } from "../../src/errors.ts";
import { HOUR, MINUTE, SECOND } from "../support/time.ts";

function begin() {
  const lines: (readonly [string, unknown])[] = [];
  const write = (event: string, fields?: unknown) => void lines.push([event, fields]);
  const levels: string[] = [];
  const as = (level: string) => (event: string, fields?: unknown) => {
    levels.push(level);
    write(event, fields);
  };
  let now = 0;
  const log = createFaultLog({ info: as("info"), warn: as("warn"), error: as("error") }, () => now);
  const take = () => lines.splice(0);
  return { log, take, levels, pass: (ms: number) => (now += ms) };
}

const REFUSED = new Failure("wholesale.unauthorized", "Webex refused the token.", "Set a new token.");
const SLOW = new Failure("http.timeout", "It took too long.", "Try again.");

test("a fault that lasts is logged when it begins, hourly, and when it ends", () => {
  const { log, take, pass, levels } = begin();
  const look = () => log.failing("sweep.failed", { error: REFUSED });
  look();
  expect(take()).toEqual([["sweep.failed", { error: REFUSED, cure: "Set a new token." }]]);
  for (let minute = 1; minute < 60; minute += 1) {
    pass(MINUTE);
    look();
  }
  expect(take()).toEqual([]);
  pass(MINUTE);
  look();
  expect(take()).toEqual([["sweep.failed", { error: REFUSED, cure: "Set a new token.", times: 61, lastsS: 3600 }]]);
  pass(MINUTE);
  log.working("sweep.failed");
  expect(take()).toEqual([["sweep.recovered", { times: 61, lastedS: 3600 }]]);
  log.working("sweep.failed");
  expect(take()).toEqual([]);
  expect(levels).toEqual(["warn", "warn", "info"]);
});

test("another cause is logged at once, each cause once an hour", () => {
  const { log, take, pass } = begin();
  for (let time = 0; time < 10; time += 1) {
    log.failing("sweep.failed", { error: time % 2 === 0 ? REFUSED : SLOW });
    pass(SECOND);
  }
  expect(take()).toHaveLength(2);
  pass(HOUR);
  log.failing("sweep.failed", { error: SLOW });
  log.failing("sweep.failed", { error: REFUSED });
  expect(take()).toHaveLength(2);
});

test("what can fail by itself is told apart", () => {
  const { log, take } = begin();
  log.failing("sweep.failed", { error: REFUSED }, "north");
  log.working("sweep.failed", "south");
  log.failing("sweep.failed", { error: REFUSED }, "south");
  expect(take().map(([event]) => event)).toEqual(["sweep.failed", "sweep.failed"]);
  log.working("sweep.failed", "north");
  expect(take()).toEqual([["sweep.recovered", { of: "north", times: 1, lastedS: 0 }]]);
});

test("where one of many calls fails, it ends with a success after ten quiet minutes", () => {
  const { log, take, pass } = begin();
  for (let call = 0; call < 100; call += 1) {
    log.failing("webex.retry", { reason: 429, error: 429 });
    log.working("webex.retry");
    pass(SECOND);
  }
  expect(take()).toHaveLength(1);
  pass(10 * MINUTE);
  log.working("webex.retry");
  expect(take()).toEqual([["webex.calm", { times: 100, lastedS: 99 }]]);
});

test("two bugs in one place of the code are one cause, in two places two; both are errors", () => {
  const { log, take, levels } = begin();
  const bugs = ["one", "two"].map((text) => new TypeError(text));
  for (const error of [...bugs, ...bugs]) log.failing("names.failed", { error });
  expect(take()).toHaveLength(1);
  log.failing("names.failed", { error: new TypeError("elsewhere") });
  expect(take()).toHaveLength(1);
  expect(new Set(levels)).toEqual(new Set(["error"]));
});

test("a fault without an error has the cure of its kind", () => {
  const { log, take } = begin();
  log.failing("heartbeat.skipped");
  expect(take()).toEqual([["heartbeat.skipped", { cure: expect.stringMatching(/status/) }]]);
});
