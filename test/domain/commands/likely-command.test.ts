import { distance } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/domain/commands/format.ts";
import { likelyCommand } from "../../../src/domain/commands/likely-command.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import { ERRORS } from "./specification.ts";

/** The command that is offered for a message, where these of its words are in names of customers. */
function offered(text: string, ...known: readonly string[]): string | undefined {
  const parsed = parse(text, { distance });
  if (!parsed.ok || parsed.command.name !== "customers") throw new Error(`“${text}” is no search`);
  const likely = likelyCommand(parsed.command, known, distance);
  return likely && format(likely);
}

describe("a message that is no command and finds nothing offers what its words hint at", () => {
  test.each([
    ["our shift ends soon, what should they know", "handover"],
    ["passing this on to the relevo, sum up the last 6h", "handover since=6h"],
    ["5001 is a case with the vendor, I have opened it", "ack"],
    ["busy with 7 and 9 for the next two hours", "ack 7,9 for=2h"],
    ["sorry, 12 isn't mine after all, take me off", "unack 12"],
    ["did some of your messages get lost on the way", "outbox"],
    ["make a test alert appear, so that I see one", "drill"],
    ["a 2560 came up, so explain it to us", "code 2560"],
    ["my boss likes a spreadsheet about calling", "export package=webex_calling"],
    ["speak up here whenever meetings fails in Spain", "watch package=webex_meetings package.status=error country=ES"],
    ["is anything red at the moment", ERRORS],
  ])("%s", (text, command) => {
    expect(offered(text)).toBe(command);
  });

  test.each([
    ["has acme foods fallen over previously", 'history "acme foods"'],
    ["acme foods says that its persons wait", 'subscribers "acme foods"'],
    ["acme foods phoned and complained loudly", "customers acme foods"],
    ["acme foods complains that phones burning", `${ERRORS} acme foods`],
    ["silencia acme foods por 3 horas", 'mute acme foods for=3h because="no reason given"'],
  ])("of a customer: %s", (text, command) => {
    expect(offered(text, "acme", "foods")).toBe(command);
  });
});

test("what is excluded in words is not what a mute would exclude", () => {
  expect(offered("no calling alerts during the maintenance for 3 hours")).toBe(
    'mute package=webex_calling for=3h because="no reason given"',
  );
});

test("a slip of a filter is corrected, and words without any hint offer nothing", () => {
  expect(offered("errors germny")).toBe(`${ERRORS} country=DE`);
  expect(offered("xylofix")).toBeUndefined();
  expect(offered("acme foods", "acme", "foods")).toBeUndefined();
});
