import { squashed } from "../customers/filter.ts";
import type { Command } from "./command.ts";
import { isEmpty } from "./opening.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { findTime } from "./time-of-day.ts";
import { bare, type Token, trimEnd, wordToken } from "./tokens.ts";
import { nearestZone, UTC, zoneNamed } from "./zone.ts";

/** `digest daily 09:00 Europe/Berlin`, "digest off"; alone, it shows what is set. Undefined when it rather is a name. */
export function readDigest(tokens: readonly Token[], distance: Distance): Reading<Command> | undefined {
  if (tokens.some(isOtherPair)) return ofSome(tokens);
  const words = tokens.flatMap(wordsOf);
  const found = findTime(words);
  const zone = (found?.others ?? words).filter((word) => !isAround(word)).join("_");
  if (!found) return withoutTime(words, zone);
  const { said, time } = found;
  if (time === undefined) {
    return slipped(`${quote(said)} is not a time of day.`, TIME_HINT, daily("09:00", zone));
  }
  if (zone === "") return meant({ name: "digest", schedule: { time, zone: UTC } });
  const known = zoneNamed(zone);
  if (known !== undefined) return meant({ name: "digest", schedule: { time, zone: known } });
  return slipped(
    `${quote(zone)} is not a time zone that I know.`,
    "Write one such as Europe/Berlin or America/New_York; without any, times are UTC.",
    daily(time, nearestZone(zone, distance) ?? ""),
  );
}

const TIME_HINT = "Write it in 24 hours, for example digest daily 09:00 Europe/Berlin.";

function withoutTime(words: readonly string[], rest: string): Reading<Command> | undefined {
  if (/^(?:off|stop|none|never|cancel)$/i.test(rest)) return meant({ name: "digest", schedule: "off" });
  const isDaily = words.some((word) => /^(?:daily|day|morning|evening)$/i.test(word));
  if (rest === "" && !isDaily) return meant({ name: "digest", schedule: "show" });
  if (!isDaily && zoneNamed(rest) === undefined) return undefined;
  return slipped("That does not say at what time.", TIME_HINT, daily("09:00", rest));
}

function daily(time: string, zone: string): readonly Token[] {
  return ["digest", "daily", time, zone].map((word) => wordToken(bare(word)));
}

function ofSome(tokens: readonly Token[]): Reading<never> {
  return slipped(
    "A digest is about all alerts of this space.",
    "It takes a time and a time zone, for example digest daily 09:00 Europe/Berlin.",
    [wordToken(bare("digest")), ...tokens.filter((token) => !isOtherPair(token))],
  );
}

/** A form names what it sends. */
function isOtherPair(token: Token): boolean {
  return token.kind === "pair" && !/^(?:daily|at|time|zone|timezone|tz)$/.test(squashed(token.key));
}

function wordsOf(token: Token): readonly string[] {
  const words = token.kind === "pair" ? token.values : [token.word];
  return words.map(({ text }) => trimEnd(text, ".!?:;")).filter((word) => word !== "");
}

function isAround(word: string): boolean {
  return (
    isEmpty(word.toLowerCase()) ||
    /^(?:daily|day|each|morning|evening|o'?clock|time|timezone|zone|show)$/i.test(word)
  );
}
