import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";
import { HELP_TOPICS, replyHelp } from "../../../src/domain/replies/help.ts";

const USAGES = HELP_TOPICS.map(({ usage, name }) => [usage, name] as const);

test.each(USAGES)("every usage in the help is a command: %s", (usage, name) => {
  expect(parse(usage, { distance })).toMatchObject({ ok: true, command: { name } });
});

test("help begins with the five commonest commands", () => {
  const { view } = replyHelp({ name: "help" }, { role: "admin" });
  expect(view.buttons.map(({ title }) => title)).toEqual(["All customers", "Errors", "Summary", "Changes", "Find"]);
});

test("a viewer gets help on the list of alerts, but not on acknowledging or muting them", () => {
  const { view } = replyHelp({ name: "help" }, { role: "viewer" });
  const text = view.topics.map(({ usage }) => usage).join("\n");
  expect(text).toMatch(/^alerts$/m);
  expect(text).not.toMatch(/^(?:ack|mute|watch|digest|drill)\b/m);
});

test.each(["unwatch", "unmute", "silence", "take", "unsubscribe", "handover", "verify"])(
  "there is help on %s",
  (topic) => {
    const { view } = replyHelp({ name: "help", topic }, { role: "operator" });
    expect(view.title).toMatch(/^Help: /);
  },
);
