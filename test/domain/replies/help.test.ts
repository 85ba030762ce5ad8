import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";
import { greeting, HELP_TOPICS, replyHelp } from "../../../src/domain/replies/help.ts";
import type { Role } from "../../../src/domain/role.ts";
import type { Button, HelpView } from "../../../src/domain/views/views.ts";

const USAGES = HELP_TOPICS.map(({ usage, name }) => [usage, name] as const);

test.each(USAGES)("every usage in the help is a command: %s", (usage, name) => {
  expect(parse(usage, { distance })).toMatchObject({ ok: true, command: { name } });
});

test("help is three lines and the five commonest buttons; More leads to groups, and they to every command", () => {
  const { view } = replyHelp({ name: "help" }, { role: "admin" });
  expect(view.lines).toHaveLength(3);
  expect(view.topics).toEqual([]);
  expect(view.buttons.map(({ title }) => title)).toEqual(["Errors", "All customers", "Find", "Alerts", "Summary"]);
  const groups = pressed(view.more, "admin");
  expect(groups.buttons.map(({ title }) => title)).toEqual(["Ask", "Watch", "Act", "Run"]);
  const listed = groups.buttons.flatMap((button) => pressed(button, "admin").topics.map(({ usage }) => usage));
  expect(listed.toSorted()).toEqual(HELP_TOPICS.map(({ usage }) => usage).toSorted());
});

test("each group fits on one screen of a phone", () => {
  for (const button of pressed({ title: "", command: "help groups" }, "admin").buttons) {
    const { topics } = pressed(button, "admin");
    const lines = topics.map(({ usage, does }) => Math.ceil(usage.length / 34) + Math.ceil(does.length / 52));
    expect([button.title, lines.reduce((sum, count) => sum + count, 0)]).toEqual([
      button.title,
      expect.toSatisfy((sum) => sum <= 40),
    ]);
  }
});

test("a viewer gets help on the list of alerts, but not on acknowledging or muting them", () => {
  const view = pressed({ title: "", command: "help acting" }, "viewer");
  const text = view.topics.map(({ usage }) => usage).join("\n");
  expect(text).toMatch(/^alerts$/m);
  expect(text).not.toMatch(/^(?:ack|mute)\b/m);
  expect(
    pressed({ title: "", command: "help watching" }, "viewer")
      .topics.map(({ usage }) => usage)
      .join(),
  ).not.toMatch(/\b(?:watch|digest|drill)\b/);
});

test("a space that the bot was added to gets three lines and the buttons", () => {
  for (const role of ["viewer", "operator"] as const) {
    const { lines, buttons, more } = greeting(role);
    expect([lines.length, buttons.length, more?.title]).toEqual([3, 5, "More"]);
  }
  expect(greeting("operator").lines.at(-1)).toMatch(/^“watch” lets this space/);
});

test("what has no help leads to the groups", () => {
  const { view } = replyHelp({ name: "help", topic: "quantum" }, { role: "viewer" });
  expect(view.lines[0]).toContain("no help on “quantum”");
  expect(view.buttons.map(({ title }) => title)).toEqual(["Ask", "Watch", "Act", "Run"]);
});

function pressed(button: Button | undefined, role: Role): HelpView {
  const parsed = parse(button?.command ?? "", { distance });
  if (!parsed.ok || parsed.command.name !== "help") throw new Error("not a command of help");
  return replyHelp(parsed.command, { role }).view;
}

test.each(["unwatch", "unmute", "silence", "take", "unsubscribe", "handover", "verify"])(
  "there is help on %s",
  (topic) => {
    const { view } = replyHelp({ name: "help", topic }, { role: "operator" });
    expect(view.title).toMatch(/^Help: /);
  },
);
