import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { format, formatFilter } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import { normalizeText } from "../../../src/domain/commands/tokenize.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { anyCommand } from "./arbitrary-commands.ts";
import { anyTerm, nastyText } from "./arbitrary-parts.ts";

const read = (text: string) => parse(text, { distance });

const FRONTS =
  "customers |watch |alerts |ack |ack 12 |mute |mute for=2h because=|mute 2h because |digest 9 |handover |follow ";

/** Words with a meaning, in any order, with or without a command in front. */
function sentence(): fc.Arbitrary<string> {
  const front = fc.constantFrom("", ...FRONTS.split("|"));
  const words = fc.array(nastyText(), { maxLength: 12 });
  return fc.tuple(front, words).map(([first, rest]) => first + rest.join(" "));
}

test("a command that is written down is read back unchanged", () => {
  fc.assert(
    fc.property(anyCommand(), (command) => {
      expect(read(format(command))).toEqual({ ok: true, command });
    }),
    propertyRuns(3_000),
  );
});

test("canonical text is not changed by phones and clients", () => {
  fc.assert(fc.property(anyCommand(), (command) => normalizeText(format(command)) === format(command)));
});

test("a filter alone, as a button sends it, lists the same customers", () => {
  fc.assert(
    fc.property(fc.array(anyTerm(), { minLength: 1, maxLength: 4 }), (filter) => {
      expect(read(`customers ${formatFilter(filter)}`)).toMatchObject({ ok: true, command: { filter } });
    }),
  );
});

test("any text gets an answer, and every suggestion is a command", () => {
  const garbled = anyCommand().chain((command) => damaged(format(command)));
  const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string(), sentence(), garbled);
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = read(text);
      if (parsed.ok) return;
      expect(parsed.problem).toMatch(/\S.*\.$/s);
      expect(parsed.hint).toMatch(/\S.*\.$/s);
      if (parsed.suggestion !== undefined) expect(read(parsed.suggestion)).toMatchObject({ ok: true });
    }),
    propertyRuns(1_500),
  );
});

test("a message keeps its meaning when it is written canonically", () => {
  fc.assert(
    fc.property(sentence(), (text) => {
      const parsed = read(text);
      if (parsed.ok) expect(read(format(parsed.command))).toEqual(parsed);
    }),
    propertyRuns(1_000),
  );
});

/** The text with one character gone, doubled, or replaced by another. */
function damaged(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.nat(1), fc.string({ maxLength: 1 }))
    .map(([at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed));
}
