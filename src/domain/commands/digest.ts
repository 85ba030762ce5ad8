import { normalizeName } from "../customers/filter.ts";
import type { CommandDefinition } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { isNoiseWord } from "./noise-words.ts";
import { type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import { parseTimeOfDay } from "./time-of-day.ts";
import { canonicalZone, nearestZone, zoneOfCity } from "./time-zone.ts";
import { bareToken, type Token, trimEnd } from "./tokenize.ts";

/** `digest daily 09:00 Europe/Berlin`, `digest off`; `digest` alone shows what is set. */
export interface DigestCommand {
  readonly name: "digest";
  readonly schedule: DigestTime | "off" | "show";
}

/** Without a zone, by the clock of the space. */
export type DigestTime = Pick<DigestSchedule, "time"> & Partial<Pick<DigestSchedule, "zone">>;

export interface DigestSchedule {
  /** `HH:MM`, 24 hours. */
  readonly time: string;
  /** An IANA time zone. */
  readonly zone: string;
}

export const digest: CommandDefinition<DigestCommand> = {
  words: ["digest"],
  suggested: { bySlip: ["digest"] },
  needs: "operator",
  confidential: true,
  help: [
    {
      usage: "digest daily 09:00 Europe/Berlin",
      does: "sends this space a handover every day; digest off ends that",
      more: ["Without a time zone, the time is by the clock of the space, else UTC. digest alone shows what is set."],
    },
  ],
  parse: ({ rest }, distance) => parseDigest(rest, distance),
  format: ({ schedule }) => formatDigest(schedule),
};

function formatDigest(schedule: DigestCommand["schedule"]): string {
  if (schedule === "show") return "digest";
  if (schedule === "off") return "digest off";
  return joinParts("digest daily", schedule.time, schedule.zone);
}

function parseDigest(tokens: readonly Token[], distance: Distance): ParseResult<DigestCommand> | undefined {
  if (tokens.some(isOtherPair)) return digestWithFilter(tokens);
  const words = tokens.flatMap(wordsOf);
  const found = findTime(words);
  const zone = (found?.others ?? words).filter((word) => !isIgnorable(word)).join("_");
  if (!found) return parseWithoutTime(words, zone);
  const { text, time } = found;
  if (time === undefined) {
    return parseError(`${quote(text)} is not a time of day.`, TIME_HINT, digestTokens("09:00", zone));
  }
  if (zone === "") return parsed({ name: "digest", schedule: { time } });
  const known = canonicalZone(zone) ?? zoneOfCity(zone);
  if (known !== undefined) return parsed({ name: "digest", schedule: { time, zone: known } });
  return parseError(
    `${quote(zone)} is not a time zone that I know.`,
    "Write one such as Europe/Berlin or America/New_York; without any, times are UTC.",
    digestTokens(time, nearestZone(zone, distance) ?? ""),
  );
}

const TIME_HINT = "Write it in 24 hours, for example digest daily 09:00 Europe/Berlin.";

function parseWithoutTime(words: readonly string[], rest: string): ParseResult<DigestCommand> | undefined {
  if (/^(?:off|stop|none|never|cancel)$/i.test(rest)) return parsed({ name: "digest", schedule: "off" });
  const isDaily = words.some((word) => /^(?:daily|day|morning|evening)$/i.test(word));
  if (rest === "" && !isDaily) return parsed({ name: "digest", schedule: "show" });
  if (!isDaily && canonicalZone(rest) === undefined) return undefined;
  return parseError("That does not say at what time.", TIME_HINT, digestTokens("09:00", rest));
}

function digestTokens(time: string, zone: string): readonly Token[] {
  return ["digest", "daily", time, zone].map(bareToken);
}

function digestWithFilter(tokens: readonly Token[]): ParseResult<never> {
  return parseError(
    "A digest is about all alerts of this space.",
    "It takes a time and a time zone, for example digest daily 09:00 Europe/Berlin.",
    [bareToken("digest"), ...tokens.filter((token) => !isOtherPair(token))],
  );
}

/** Pairs that a form sends are part of a digest; all others are a filter, which a digest has not. */
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
    /^(?:daily|days?|each|morning|evening|weekday|o'?clock|time|timezone|zone|show|local|send|sent|around|instead|from)$/i.test(
      word,
    )
  );
}

/** A time of day that was found among words, and the other words. */
interface TimeMatch {
  /** `HH:MM`; absent when the text is no time, such as `25:00`. */
  readonly time?: string;
  readonly text: string;
  readonly others: readonly string[];
}

const HALF_DAY = /^[ap]\.?m$/i;

/** The first word that begins with a digit, as a time of day: `9`, `9:30`, `0930`, `9.30pm`, `9 am`. */
function findTime(words: readonly string[]): TimeMatch | undefined {
  const at = words.findIndex((word) => /^\d/.test(word));
  const [word, next = ""] = words.slice(at, at + 2);
  if (at < 0 || word === undefined) return undefined;
  const taken = HALF_DAY.test(next) ? 2 : 1;
  const text = taken === 2 ? `${word}${next}` : word;
  const time = parseTimeOfDay(text);
  return { text, others: words.toSpliced(at, taken), ...(time !== undefined && { time }) };
}
