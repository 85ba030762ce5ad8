import { readFileSync } from "node:fs";
import { distance } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { format } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import type { Command } from "../../../src/domain/commands/registry.ts";
import type { Phrasing } from "./fresh-phrasings.ts";

const PHRASINGS: readonly Phrasing[] = ["fresh-phrasings.json", "fresh-phrasings-2.json"].flatMap((file) =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")),
);

/** Another command than the list has, which is right as well, and why. */
const OTHERWISE: Readonly<Record<string, readonly [got: string, why: string]>> = {
  "3": ["3", "a row of the list on show is found where that list is known"],
  "#217": ["217", "an alert is the last that a number alone may mean, where nothing else has it"],
  "obrigado!": ["thanks", "“thanks” is answered by one polite line"],
  "clearwater travle": ["customers clearwater travle", "nothing is found, and the answer says what was searched"],
  "clientes con error desde ayer": ["customers status=error since=2d", "“error” is the status, “errors” are both"],
  "whats broken right now?": ["customers status=error", "“broken” is the status, “errors” are both"],
  "how many are in error?": ["customers status=error", "“in error” is the status, and the list has its total"],
  "what failed since 22:00": ['customers status=error since="22:00"', "“failed” is the status, “errors” are both"],
  "please silence Clearwater Travel & Sons until tomorrow 8:00": [
    "Every mute needs a reason.",
    "the mute is offered as a button, with a reason",
  ],
  "Anything broken right now?": ["customers status=error", "“broken” is the status, “errors” are both"],
  "which customers are failing in Brazil?": ["customers status=error country=BR", "“failing” is the status"],
  "Spanish customers in error": ["customers country=ES status=error", "“in error” is the status"],
  "customers in Florida with errors": [
    'customers state="Florida","FL" status=error,provisioned_with_errors',
    "the same states in another order",
  ],
  "erors in spain": ["“erors” is not a command; the nearest is “errors”.", "the correction is offered as a button"],
  "mute Bluebird Dental Ltd for 4h, migration": [
    'mute Bluebird Dental Ltd for=4h because="migration"',
    "the words of a name are searched for without quotes as well",
  ],
  "notify this space when Bluebird Dental has an error": ["watch Bluebird Dental", "the same"],
  "thanks!": ["thanks", "“thanks” is answered by one polite line"],
  "Do we have any customers with warnings on common area calling?": [
    "A list cannot be filtered by warnings.",
    "there is no such field; the customers with the package are offered",
  ],
};

/** Phrasings of the second hundred that the language does not understand yet, and what it makes of them. */
const MISSED: Readonly<Record<string, string>> = {
  "look for harborligt": "customers harborligt",
};

/** The customers of the phrasings, who may be named by a part of their names. */
const NAMES = [
  ...["Alder Drive Stationers Ltd", "Clearwater Travel & Sons", "Keystone Wines & Sons"],
  ...["Bluebird Dental Ltd", "Harborlight Veterinary Clinic & Sons", "Osprey Accounting LLC"],
];

describe("phrasings of two people who knew only docs/product.md, a hundred each", () => {
  test.each(PHRASINGS.filter(({ phrase }) => !(phrase in OTHERWISE || phrase in MISSED)))(
    "$phrase",
    ({ phrase, means }) => {
      expect(means.split(" || ").map(canonical)).toContain(canonical(phrase));
    },
  );

  test.each(Object.entries(OTHERWISE))("%s is answered otherwise", (phrase, [got]) => {
    expect(PHRASINGS.map((one) => one.phrase)).toContain(phrase);
    const parsed = parse(phrase, { distance });
    expect(parsed.ok ? format(parsed.command) : parsed.problem).toBe(got);
  });

  test.each(Object.entries(MISSED))("%s is not understood yet", (phrase, got) => {
    const parsed = parse(phrase, { distance });
    expect(parsed.ok && format(parsed.command)).toBe(got);
  });
});

/** Canonical, in lower case, with the terms of a filter in one order, and with the whole name where a part of it is searched for. */
function canonical(text: string): string {
  const parsed = parse(text, { distance });
  return parsed.ok ? format(inOrder(withWholeName(parsed.command))).toLowerCase() : parsed.problem;
}

function inOrder(command: Command): Command {
  if (!("filter" in command)) return command;
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return { ...command, filter: [...command.filter].sort(byText) };
}

function withWholeName(command: Command): Command {
  const name = nameOf(searchedFor(command));
  if (name === undefined) return command;
  if ("ref" in command) return { ...command, ref: { by: "any", value: name } };
  return { name: "customer", ref: { by: "any", value: name }, fresh: false };
}

function searchedFor(command: Command): readonly string[] {
  if ("ref" in command) return command.ref?.by === "any" ? command.ref.value.split(" ") : [];
  if (command.name !== "customers") return [];
  const isName = command.filter.every(({ field, negated }) => (field === "text" || field === "name") && !negated);
  return isName ? command.filter.flatMap(({ values }) => values.flatMap(({ text }) => text.split(" "))) : [];
}

function nameOf(words: readonly string[]): string | undefined {
  if (words.length < 2) return undefined;
  return NAMES.find((name) => words.every((word) => name.toLowerCase().includes(word.toLowerCase())));
}
