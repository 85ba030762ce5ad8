import { MAX_MUTE_MS } from "../alerts/mute.ts";
import { type Filter, fieldNamed, normalizeName } from "../customers/filter.ts";
import { formatSince } from "../customers/since.ts";
import { hasAlertArguments, numbersOf, parseAlertFilter, parseNumbered } from "./alert-arguments.ts";
import type { ClockText } from "./clock-time.ts";
import type { CommandDefinition } from "./definition.ts";
import { formatTerms, joinParts, type WriteValue } from "./format-terms.ts";
import { takeFreeText, wholeFreeText } from "./free-text.ts";
import { HIDDEN, hideSearchWords } from "./free-words.ts";
import { withoutSettings } from "./list.ts";
import { isNoiseWord, isWithoutArguments } from "./noise-words.ts";
import { mapCorrection, mapValue, type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { parseSpokenDuration, takeDuration } from "./spoken-duration.ts";
import type { Distance } from "./suggest.ts";
import { bareToken, bareWord, type PairToken, pairToken, type Token, unquotedWord, wordToken } from "./tokenize.ts";

/** `mute package=calling for=2h because="maintenance"`, or one alert's own customer and package: `mute alert=1042 for=24h …`. */
export interface MuteCommand {
  readonly name: "mute";
  /** Absent for the alert of the thread: `mute 2h`. */
  readonly target?: MuteTarget;
  /** Milliseconds, at most `MAX_MUTE_MS` (ALERTS 23). */
  readonly durationMs: number;
  /** In place of the duration, until `withClockTimes` makes one of it. */
  readonly until?: ClockText;
  /** Absent only without a target: the thread says why. */
  readonly because?: string;
}

export type MuteTarget =
  | { readonly by: "filter"; readonly filter: Filter }
  | { readonly by: "alert"; readonly alert: number };

function withoutSearchWords(target: MuteTarget): MuteTarget {
  return target.by === "alert" ? target : { by: "filter", filter: hideSearchWords(target.filter) };
}

/** Without a number, the reply asks which mute is to end. */
export interface UnmuteCommand {
  readonly name: "unmute";
  readonly number?: number;
}

export interface MutesCommand {
  readonly name: "mutes";
}

export const mute: CommandDefinition<MuteCommand> = {
  words: ["mute", "silence", "snooze"],
  suggested: { bySlip: ["mute"] },
  needs: "operator",
  confidential: true,
  help: [
    {
      also: ["unmute", "silence", "snooze"],
      usage: 'mute package=webex_calling for=2h because="maintenance"',
      does: "sends no alerts for what matches to this space for a while; unmute 3 ends that",
      more: [
        'Takes the same filter as customers, or one alert: mute 1042 for=1d because="known". Everything: mute all.',
        "It lasts 7 days at most and needs a reason. Alerts still open when it ends are sent then.",
        "In the thread of an alert, mute 2h mutes that one.",
      ],
    },
  ],
  withoutFreeWords: ({ target, because, ...rest }) => ({
    ...rest,
    ...(target !== undefined && { target: withoutSearchWords(target) }),
    ...(because !== undefined && { because: HIDDEN }),
  }),
  parse: ({ word, rest }, distance) =>
    word !== "mute" && !hasAlertArguments(rest) ? undefined : parseMute(rest, distance),
  format: ({ target, durationMs, until, because }, write) =>
    joinParts(
      "mute",
      target !== undefined && formatTarget(target, write),
      until === undefined ? `for=${formatSince(durationMs)}` : `until=${write(until, { bare: false, ends: true })}`,
      because !== undefined && `because=${write(because, { bare: false, ends: true })}`,
    ),
};

export const unmute: CommandDefinition<UnmuteCommand> = {
  words: ["unmute", "unsilence"],
  suggested: { bySlip: ["unmute"] },
  needs: "operator",
  confidential: true,
  help: [],
  parse: ({ rest }) => parseNumbered("unmute", rest),
  format: ({ number }) => joinParts("unmute", number !== undefined && String(number)),
};

export const mutes: CommandDefinition<MutesCommand> = {
  words: ["mutes", "silences"],
  suggested: { bySlip: ["mutes"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["silences"],
      usage: "mutes",
      does: "lists what is muted in this space, by whom, why and until when",
      more: ["Each has a number, for unmute."],
    },
  ],
  parse: ({ rest }) => (isWithoutArguments(rest) ? parsed({ name: "mutes" }) : undefined),
  format: () => "mutes",
};

/** Everything is muted by `all`; search words that are numbers need quotes, because a number alone is an alert. */
function formatTarget(target: MuteTarget, write: WriteValue): string {
  if (target.by === "alert") return `alert=${target.alert}`;
  const terms = formatTerms(target.filter, write);
  if (terms === "") return "all";
  return /^[\d ]+$/.test(terms) ? terms.replace(/\d+/g, '"$&"') : terms;
}

function parseMute(tokens: readonly Token[], distance: Distance): ParseResult<MuteCommand> {
  const parts = splitMute(tokens);
  const { duration, until, reason } = parts;
  const isWithoutTarget = parts.target.every(isIgnorable);
  if (isWithoutTarget && duration === undefined && until === undefined && reason === "") return emptyMute();
  if (isWithoutTarget) return mapValue(parseMuteDuration(parts), (durationMs) => muteOf(undefined, durationMs, parts));
  const target = mapCorrection(parseMuteTarget(parts.target, distance), (correction) =>
    muteTokens({ ...parts, target: correction }),
  );
  if (!target.ok) return target;
  const durationMs = parseMuteDuration(parts);
  if (!durationMs.ok) return durationMs;
  if (reason !== "") return parsed(muteOf(target.value, durationMs.value, parts));
  return parseError(
    "Every mute needs a reason.",
    'Others will want to know, so say why, for example because="maintenance".',
    muteTokens(withProbableReason(parts)),
  );
}

/** "mute acme for 2h planned work": a correction only, since without the words too much may be muted. */
function withProbableReason({ target, restAt, ...parts }: MuteParts): MuteParts {
  const words = target.slice(restAt ?? target.length);
  const isReason = words.length > 0 && words.every(({ kind }) => kind === "word");
  if (!isReason) return { ...parts, target, reason: "maintenance" };
  return { ...parts, target: target.slice(0, restAt), reason: wholeFreeText(words) };
}

function muteOf(target: MuteTarget | undefined, durationMs: number, { until, reason }: MuteParts): MuteCommand {
  return {
    name: "mute",
    ...(target && { target }),
    durationMs,
    ...(until !== undefined && { until }),
    ...(reason !== "" && { because: reason }),
  };
}

interface MuteParts {
  readonly target: readonly Token[];
  readonly duration: string | undefined;
  readonly until?: ClockText | undefined;
  readonly reason: string;
  /** Where the words behind the duration begin in the target: they may be meant as the reason. */
  readonly restAt?: number;
}

/** Without "because", what follows the duration and a comma is the reason: "mute calling for 1 hour, maintenance". */
function splitMute(tokens: readonly Token[]): MuteParts {
  const { text: duration, until, others, restAt, isBeforeReason } = takeDuration(tokens, reasonIndex(tokens));
  const at = reasonIndex(others);
  if (at === others.length) {
    const end = isBeforeReason && restAt !== undefined ? restAt : at;
    const parts = { target: others.slice(0, end), duration, until, reason: wholeFreeText(others.slice(end)) };
    return restAt !== undefined && restAt > 0 && end === at ? { ...parts, restAt } : parts;
  }
  const reason = takeFreeText(others, at, isTerm);
  return { target: reason.others, duration, until, reason: reason.text };
}

function emptyMute(): ParseResult<never> {
  return parseError(
    "That does not say what to mute.",
    'For example mute package=webex_calling for=2h because="maintenance", or mute 2h in the thread of an alert.',
    [bareToken("alerts")],
  );
}

function muteTokens({ target, duration, until, reason }: MuteParts): readonly Token[] {
  return [
    bareToken("mute"),
    ...target,
    ...(duration === undefined ? [] : [pairToken("for", [bareWord(duration)])]),
    ...(until === undefined ? [] : [pairToken("until", [bareWord(until)])]),
    ...(reason === "" ? [] : [pairToken("because", [{ ...bareWord(reason), quoted: true }])]),
  ];
}

/** Where the reason begins: at `because=`, else at the word "because", else behind the last token. */
function reasonIndex(tokens: readonly Token[]): number {
  const pair = tokens.findIndex(
    (token) => token.kind === "pair" && /^(?:because|reason)$/.test(normalizeName(token.key)),
  );
  const at = pair < 0 ? tokens.findIndex((_, index) => isBecause(tokens, index)) : pair;
  return at < 0 ? tokens.length : at;
}

/** "because", "due to" */
function isBecause(tokens: readonly Token[], at: number): boolean {
  const word = unquotedWord(tokens[at]) ?? "";
  return isReasonWord(word) && (word !== "due" || unquotedWord(tokens[at + 1]) === "to");
}

/** True if an unquoted search word would be read as the word in front of a reason. */
export function isReasonWord(word: string): boolean {
  return word === "because" || word === "due";
}

/** A reason may hold "carrier: down", but a term of the filter ends it: without the term, too much would be muted. */
function isTerm(token: Token): boolean {
  if (token.kind === "word" || token.sign === ":") return false;
  return fieldNamed(token.key) !== undefined || isAlertPair(token);
}

function parseMuteDuration(parts: MuteParts): ParseResult<number> {
  const { duration, until } = parts;
  if (until !== undefined) return parsed(MAX_MUTE_MS);
  const corrected = muteTokens({ ...parts, duration: "2h" });
  if (duration === undefined) return parseError("That does not say for how long.", DURATION_HINT, corrected);
  const length = parseSpokenDuration(duration);
  if (length !== undefined && length <= MAX_MUTE_MS) return parsed(length);
  // A span longer than the history is not parsed at all, so the same span is tried with a count of 1.
  const isTooLong = (length ?? parseSpokenDuration(duration.replace(/^[1-9]\d*/, "1"))) !== undefined;
  if (!isTooLong) return parseError(`${quote(duration)} is not a span of time.`, DURATION_HINT, corrected);
  return parseError(
    `${quote(duration)} is too long for a mute.`,
    "It may last 7 days at most: for=7d. What is still open then can be muted again.",
    muteTokens({ ...parts, duration: formatSince(MAX_MUTE_MS) }),
  );
}

const DURATION_HINT = "Write a span in m, h or d, for example for=2h; 7 days at most.";

/** One alert by its number, or a filter. The correction of a mistake is the corrected target alone. */
function parseMuteTarget(tokens: readonly Token[], distance: Distance): ParseResult<MuteTarget> {
  const terms = withoutSettings(tokens).filter((token) => !isIgnorable(token));
  const alert = terms.find(isAlertPair);
  if (alert) return parseAlertTarget(alert, terms);
  const numbers = terms.flatMap((token) => (token.kind === "word" ? numbersOf(token) : []));
  if (numbers.length > 0 && numbers.length === terms.length) return singleAlert(numbers);
  const list = mapCorrection(parseAlertFilter("mute", tokens, distance), (correction) => correction.slice(1));
  if (!list.ok) return list;
  const { filter } = list.value;
  if (filter.length > 0 || tokens.some(isAll)) return parsed({ by: "filter", filter });
  return parseError(
    "That does not say what to mute.",
    "Name packages, customers or an alert, for example alert=1042. To mute everything, send “mute all”.",
    [bareToken("all")],
  );
}

function isAlertPair(token: Token): token is PairToken {
  return (
    token.kind === "pair" && /^alerts?$/.test(normalizeName(token.key)) && token.values.some(({ text }) => text !== "")
  );
}

function isIgnorable(token: Token): boolean {
  const word = unquotedWord(token);
  return isNoiseWord(word) || word === "alert" || word === "alerts";
}

function isAll(token: Token): boolean {
  return /^(?:all|everything|anything)$/.test(unquotedWord(token) ?? "");
}

function parseAlertTarget(pair: PairToken, terms: readonly Token[]): ParseResult<MuteTarget> {
  const numbers = numbersOf(pair);
  if (numbers.length === 0) {
    return parseError(
      `${quote(pair.raw.trim())} names no alert.`,
      "Alerts have numbers, for example alert=1042; “alerts” lists them.",
      terms.flatMap((token) => (token === pair ? pair.values.map(wordToken) : [token])),
    );
  }
  if (terms.length === 1) return singleAlert(numbers);
  return parseError(
    "A mute is about one alert or about a filter, not about both.",
    "An alert stands for its own customer and package.",
    [alertToken(numbers)],
  );
}

function singleAlert(numbers: readonly number[]): ParseResult<MuteTarget> {
  const [alert = 0, ...others] = new Set(numbers);
  if (others.length === 0) return parsed({ by: "alert", alert });
  return parseError(
    "A mute is about one alert.",
    "Mute the others one by one, or all that are alike by a filter, for example code=2560.",
    [alertToken(numbers)],
  );
}

function alertToken([first = 0]: readonly number[]): Token {
  return pairToken("alert", [bareWord(String(first))]);
}
