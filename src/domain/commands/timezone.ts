import type { CommandDefinition, Message } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { isNoiseWord } from "./noise-words.ts";
import { type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import { canonicalZone, nearestZone, zoneOfCity } from "./time-zone.ts";
import { bareToken, type Token, trimEnd } from "./tokenize.ts";

/** `timezone Europe/Berlin`: the clock of this space; `timezone` alone shows it. */
export interface TimezoneCommand {
  readonly name: "timezone";
  /** An IANA time zone; `off` for none. */
  readonly zone?: string;
}

const OFF = "off";

export const timezone: CommandDefinition<TimezoneCommand> = {
  words: ["timezone", "time-zone", "tz"],
  suggested: { bySlip: ["timezone"] },
  needs: "operator",
  confidential: false,
  help: [
    {
      also: ["clock", "time"],
      usage: "timezone Europe/Berlin",
      does: "sets the clock of this space, for texts, cards and digests; timezone off ends that",
      more: ["Without it texts are in UTC, and cards show the clock of whoever reads them."],
    },
  ],
  parse: parseTimezone,
  format: ({ zone }) => joinParts("timezone", zone),
};

/** A city is enough: "timezone Berlin". */
function parseTimezone({ rest }: Message, distance: Distance): ParseResult<TimezoneCommand> {
  const name = rest
    .flatMap(wordsOf)
    .filter((word) => !isNoiseWord(word.toLowerCase()) && !/^(?:space|here|to|is|set)$/i.test(word))
    .join("_");
  if (name === "") return parsed({ name: "timezone" });
  if (/^(?:off|none|reset|default)$/i.test(name)) return parsed({ name: "timezone", zone: OFF });
  const zone = canonicalZone(name) ?? zoneOfCity(name);
  if (zone !== undefined) return parsed({ name: "timezone", zone });
  const near = nearestZone(name, distance);
  return parseError(
    `${quote(name)} is not a time zone that I know.`,
    "Write one such as Europe/Berlin or America/New_York.",
    near === undefined ? undefined : ["timezone", near].map(bareToken),
  );
}

function wordsOf(token: Token): readonly string[] {
  const words = token.kind === "pair" ? token.values : [token.word];
  return words.map(({ text }) => trimEnd(text, ".!?:;")).filter((word) => word !== "");
}
