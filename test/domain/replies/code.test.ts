import { expect, test } from "vitest";
import { replyCode } from "../../../src/domain/replies/code.ts";
import type { NoticeView } from "../../../src/domain/views/views.ts";
import { customerOf, type ReplySituation, replyContext } from "./reply-context.ts";

async function noticeFor(code: number, situation: ReplySituation = {}): Promise<NoticeView> {
  const { view } = await replyCode({ name: "code", code }, replyContext(situation));
  if (view.kind !== "notice") throw new Error("Not a notice.");
  return view;
}

const factOf = ({ facts }: NoticeView, title: string) => facts.find((fact) => fact.title === title)?.value;

const failing = customerOf("Acme", {
  packages: [
    { name: "webex_calling", status: "error", problems: [{ level: "error", code: 77, text: "No such zip." }] },
  ],
});

test("a code with an entry: its meaning, whose turn it is, what to try, and where that is from", async () => {
  const view = await noticeFor(2560);
  expect([view.title, view.lines[0]]).toEqual(["Code 2560", expect.stringContaining("maintenance")]);
  expect(factOf(view, "Whose turn")).toBe("Cisco’s");
  expect(factOf(view, "What to try")).toContain("Wait until");
  expect(factOf(view, "Source")).toContain("webex-wholesale.json");
  expect(factOf(view, "Now")).toBe("no package has it");
  expect(factOf(view, "Before")).toBe("No new error with this code in the last 90 days.");
  expect(view.buttons.map(({ title }) => title)).toEqual(["Refresh"]);
});

test("a code without an entry says so, and shows the API's own text; a button lists who has it", async () => {
  const view = await noticeFor(77, { customers: [failing], codeCount: { packages: 2, customers: 1 } });
  expect(view.lines[0]).toMatch(/^The bot does not know this code/);
  expect(factOf(view, "The API says")).toBe("No such zip.");
  expect(factOf(view, "Now")).toBe("2 packages of 1 customer");
  expect(view.facts.map(({ title }) => title)).toEqual(["Now", "Before", "The API says"]);
  expect(view.buttons[0]).toEqual({ title: "Show 1 customer", command: "customers code=77", main: true });
});
