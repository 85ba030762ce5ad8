import fc from "fast-check";
import { expect, test } from "vitest";
import { auditedCommand } from "../../../src/domain/commands/audited-command.ts";
import { format } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import { anyCommand } from "./arbitrary-commands.ts";

function audited(text: string) {
  const parsed = parse(text, { distance: () => 99 });
  if (!parsed.ok) throw new Error(parsed.problem);
  return auditedCommand(parsed.command);
}

test.each([
  ["customers status=error country=DE", "customers", "customers status=error country=DE"],
  ["Anna said that her mother is ill", "customers", 'customers "..."'],
  ["errors contoso", "customers", 'customers status=error,provisioned_with_errors "..."'],
  ["customer acme-1", "customer", "customer acme-1"],
  ["ack 12,14 Bob sleeps", "ack", 'ack 12,14 note="..."'],
  ["ack 12 for=2h", "ack", "ack 12 for=2h"],
  ['mute package=calling for=2h because="Bob sleeps"', "mute", 'mute package=webex_calling for=2h because="..."'],
  ["mute contoso for=2h because=test", "mute", 'mute "..." for=2h because="..."'],
  ["watch escalate=bob@example.com", "watch", 'watch escalate="..."'],
  ["watch country=DE stuck=yes", "watch", "watch country=DE stuck=yes"],
  ["help what bob said", "help", 'help "..."'],
  ["audit who=bob command=watch", "audit", 'audit who="..." command=watch'],
  ["export audit since=2d", "export", "export audit since=2d"],
  ["watches all", "watches", "watches all"],
  ["forget bob@example.com confirm=yes", "forget", 'forget person="..." confirm=yes'],
  ["subscribers bob@example.com", "subscribers", 'subscribers email="..."'],
  ["subscribers acme-1", "subscribers", "subscribers acme-1"],
  ["allow space", "allow", "allow space"],
])("“%s” is kept without free words and addresses", (text, command, kept) => {
  expect(audited(text)).toEqual({ command, text: kept });
});

test("whatever is asked, the row begins with its command, and is short", () => {
  fc.assert(
    fc.property(anyCommand(), (command) => {
      const kept = auditedCommand(command);
      expect(format(command).startsWith(kept.command)).toBe(true);
      expect(kept.text.startsWith(kept.command)).toBe(true);
      expect([...kept.text].length).toBeLessThanOrEqual(300);
    }),
  );
});
