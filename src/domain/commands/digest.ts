import { normalizeName } from "../customers/filter.ts";
import type { Command } from "./command.ts";
import { isNoiseWord } from "./opening.ts";
import { type ParseResult, parsed, parseError, quote } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { findTime } from "./time-of-day.ts";
import { bareWord, type Token, trimEnd, wordToken } from "./tokens.ts";
import { canonicalZone, nearestZone, UTC } from "./zone.ts";

/** `digest daily 09:00 Europe/Berlin`, "digest off"; alone, it shows what is set. Undefined when it rather is a name. */
export function parseDigest(tokens: readonly Token[], distance: Distance): ParseResult<Command> | undefined {
  if (tokens.some(isOtherPair)) return digestWithFilter(tokens);
  const words = tokens.flatMap(wordsOf);
  const found = findTime(words);
  const zone = (found?.others ?? words).filter((word) => !isIgnorable(word)).join("_");
  if (!found) return parseWithoutTime(words, zone);
  const { text, time } = found;
  if (time === undefined) {
    return parseError(`${quote(text)} is not a time of day.`, TIME_HINT, digestTokens("09:00", zone));
  }
  if (zone === "") return parsed({ name: "digest", schedule: { time, zone: UTC } });
  const known = canonicalZone(zone);
  if (known !== undefined) return parsed({ name: "digest", schedule: { time, zone: known } });
  return parseError(
    `${quote(zone)} is not a time zone that I know.`,
    "Write one such as Europe/Berlin or America/New_York; without any, times are UTC.",
    digestTokens(time, nearestZone(zone, distance) ?? ""),
  );
}

const TIME_HINT = "Write it in 24 hours, for example digest daily 09:00 Europe/Berlin.";

function parseWithoutTime(words: readonly string[], rest: string): ParseResult<Command> | undefined {
  if (/^(?:off|stop|none|never|cancel)$/i.test(rest)) return parsed({ name: "digest", schedule: "off" });
  const isDaily = words.some((word) => /^(?:daily|day|morning|evening)$/i.test(word));
  if (rest === "" && !isDaily) return parsed({ name: "digest", schedule: "show" });
  if (!isDaily && canonicalZone(rest) === undefined) return undefined;
  return parseError("That does not say at what time.", TIME_HINT, digestTokens("09:00", rest));
}

function digestTokens(time: string, zone: string): readonly Token[] {
  return ["digest", "daily", time, zone].map((word) => wordToken(bareWord(word)));
}

function digestWithFilter(tokens: readonly Token[]): ParseResult<never> {
  return parseError(
    "A digest is about all alerts of this space.",
    "It takes a time and a time zone, for example digest daily 09:00 Europe/Berlin.",
    [wordToken(bareWord("digest")), ...tokens.filter((token) => !isOtherPair(token))],
  );
}

/** A form names what it sends. */
function isOtherPair(token: Token): boolean {
  return token.kind === "pair" && !/^(?:daily|at|time|zone|timezone|tz)$/.test(normalizeName(token.key));
}

function wordsOf(token: Token): readonly string[] {
  const words = token.kind === "pair" ? token.values : [token.word];
  return words.map(({ text }) => trimEnd(text, ".!?:;")).filter((word) => word !== "");
}

function isIgnorable(word: string): boolean {
  return (
    isNoiseWord(word.toLowerCase()) ||
    /^(?:daily|day|each|morning|evening|o'?clock|time|timezone|zone|show)$/i.test(word)
  );
}
