import { expect, test } from "vitest";
import { CHECK_WORDS, type CheckName, type HealthCheck } from "../../../src/domain/health-report.ts";
import { replyStatus } from "../../../src/domain/replies/status.ts";
import { MINUTE } from "../../support/time.ts";
import { NOW, type ReplySituation, replyContext } from "./reply-context.ts";

const check = (name: CheckName, parts: Partial<HealthCheck> = {}): HealthCheck => {
  return { name, ok: true, detail: `${name} in detail`, vital: false, stopsHeartbeat: false, ...parts };
};
const ALL_WELL = (Object.keys(CHECK_WORDS) as CheckName[]).map((name) => check(name));

async function status(checks: readonly HealthCheck[], situation: ReplySituation = {}, unwatched = 0) {
  const context = replyContext(situation);
  const snapshot = { ...context.snapshot, countUnmatched: async () => unwatched };
  const health = async () => ({ version: "1.2.3", startedAt: NOW - 90 * MINUTE, checks });
  const { view } = await replyStatus({ ...context, snapshot, health });
  if (view.kind !== "notice") throw new Error("not a notice");
  return view;
}

test("a bot that works says so in one sentence, with the age of what it knows, and has no rows", async () => {
  expect(await status(ALL_WELL)).toMatchObject({
    tone: "info",
    title: "Everything works",
    lines: ["All 250 customers were read 40 s ago.", "Version 1.2.3, running for 1 h 30 min."],
    facts: [],
  });
});

test("only what is not well has a row: what failed, and what waits", async () => {
  const checks = ALL_WELL.map((one) => {
    if (one.name === "Clock") return check("Clock", { ok: false, detail: "4 min behind Webex" });
    return one.name === "Outbox" ? check("Outbox", { isNotable: true, detail: "3 wait, since 10 s" }) : one;
  });
  const view = await status(checks, {}, 12);
  expect(view).toMatchObject({ tone: "warning", title: "The clock of the bot’s machine is wrong" });
  expect(view.lines[0]).toMatch(/must set it/);
  expect(view.facts).toEqual([
    { title: "Messages of alerts", value: "3 wait, since 10 s" },
    { title: "Clock", value: "4 min behind Webex" },
    { title: "Not watched", value: "12 of 250 customers: no space is told when they fail" },
  ]);
});

test("several problems are one sentence, with a hint for each", async () => {
  const view = await status([check("Sight", { ok: false }), check("Outbox", { ok: false })]);
  expect(view.title).toBe("2 problems: the customers cannot be read from Webex; messages of alerts are late");
  expect(view.lines.slice(0, -1)).toEqual([CHECK_WORDS.Sight.hint, CHECK_WORDS.Outbox.hint]);
});
