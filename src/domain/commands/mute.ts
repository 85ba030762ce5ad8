import { fieldNamed, normalizeName } from "../customers/filter.ts";
import { formatSince } from "../customers/since.ts";
import { takeFreeText } from "./ack.ts";
import type { MuteCommand } from "./command.ts";
import { isNoiseWord } from "./command-words.ts";
import { numbersOf, parseAlertFilter } from "./filter-commands.ts";
import { withoutSettings } from "./list.ts";
import { type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { parseSpokenDuration, takeDuration } from "./since-commands.ts";
import type { Distance } from "./suggest.ts";
import { bareWord, type PairToken, pairToken, type Token, unquotedWord, wordToken } from "./tokenize.ts";

/** The longest that a mute may last (ALERTS 23). */
export const LONGEST_MUTE = 7 * 86_400_000;

/** `mute package=calling for=2h because="maintenance"`, or one alert's own customer and package: `mute 1042 for=24h …`. */
export function parseMute(tokens: readonly Token[], distance: Distance): ParseResult<MuteCommand> {
  const asked = splitMute(tokens);
  const { target, duration, reason } = asked;
  if (target.length === 0 && duration === undefined && reason === "") return emptyMute();
  const what = parseMuteTarget(target, distance);
  if (!what.ok) {
    const { problem, hint, correction } = what.error;
    return parseError(problem, hint, muteTokens({ ...asked, target: correction }));
  }
  const lasts = parseMuteDuration(asked);
  if (!lasts.ok) return lasts;
  if (reason !== "") return parsed({ name: "mute", target: what.value, durationMs: lasts.value, because: reason });
  return parseError(
    "Every mute needs a reason.",
    'Others will want to know, so say why, for example because="maintenance".',
    muteTokens({ ...asked, reason: "maintenance" }),
  );
}

/** A mute in its three parts, as they were said. */
interface MuteParts {
  readonly target: readonly Token[];
  readonly duration: string | undefined;
  readonly reason: string;
}

function splitMute(tokens: readonly Token[]): MuteParts {
  const { text: duration, others } = takeDuration(tokens, reasonIndex(tokens));
  const at = reasonIndex(others);
  if (at === others.length) return { target: others, duration, reason: "" };
  const remark = takeFreeText(others, at, isTerm);
  return { target: remark.others, duration, reason: remark.text };
}

function emptyMute(): ParseResult<never> {
  return parseError(
    "That does not say what to mute.",
    'For example mute package=webex_calling for=2h because="maintenance"; “alerts” lists what is open.',
    [wordToken(bareWord("alerts"))],
  );
}

function muteTokens({ target, duration, reason }: MuteParts): readonly Token[] {
  return [
    wordToken(bareWord("mute")),
    ...target,
    ...(duration === undefined ? [] : [pairToken("for", [bareWord(duration)])]),
    ...(reason === "" ? [] : [pairToken("because", [{ ...bareWord(reason), quoted: true }])]),
  ];
}

/** Where the reason begins: at `because=`, or else at the word. Behind the last token when there is none. */
function reasonIndex(tokens: readonly Token[]): number {
  const pair = tokens.findIndex(
    (token) => token.kind === "pair" && /^(?:because|reason)$/.test(normalizeName(token.key)),
  );
  const at = pair < 0 ? tokens.findIndex((token) => unquotedWord(token) === "because") : pair;
  return at < 0 ? tokens.length : at;
}

/** A reason may well say "carrier: down", but a term behind it is still one: without it, too much would be muted. */
function isTerm(token: Token): boolean {
  if (token.kind === "word" || token.sign === ":") return false;
  return fieldNamed(token.key) !== undefined || isAlertPair(token);
}

function parseMuteDuration(asked: MuteParts): ParseResult<number> {
  const { duration } = asked;
  if (duration === undefined) {
    return parseError("That does not say for how long.", DURATION_HINT, muteTokens({ ...asked, duration: "2h" }));
  }
  const length = parseSpokenDuration(duration);
  if (length !== undefined && length <= LONGEST_MUTE) return parsed(length);
  // Beyond all history, a span cannot even be read.
  const isTooLong = (length ?? parseSpokenDuration(duration.replace(/^[1-9]\d*/, "1"))) !== undefined;
  if (!isTooLong) {
    return parseError(
      `${quote(duration)} is not a span of time.`,
      DURATION_HINT,
      muteTokens({ ...asked, duration: "2h" }),
    );
  }
  return parseError(
    `${quote(duration)} is too long for a mute.`,
    "It may last 7 days at most: for=7d. What is still open then can be muted again.",
    muteTokens({ ...asked, duration: formatSince(LONGEST_MUTE) }),
  );
}

const DURATION_HINT = "Write a span in m, h or d, for example for=2h; 7 days at most.";

type Target = MuteCommand["target"];

/** What is to be muted: one alert by its number, or a filter. The `instead` of a slip is what it should have been. */
export function parseMuteTarget(tokens: readonly Token[], distance: Distance): ParseResult<Target> {
  const said = withoutSettings(tokens).filter((token) => !isIgnorable(token));
  const alert = said.find(isAlertPair);
  if (alert) return parseAlertTarget(alert, said);
  const numbers = said.flatMap((token) => (token.kind === "word" ? numbersOf(token) : []));
  if (numbers.length > 0 && numbers.length === said.length) return singleAlert(numbers);
  const reading = parseAlertFilter("mute", tokens, distance);
  if (!reading.ok) {
    const { problem, hint, correction } = reading.error;
    return parseError(problem, hint, correction.slice(1));
  }
  const { filter } = reading.value;
  if (filter.length > 0 || tokens.some(isAll)) return parsed({ by: "filter", filter });
  return parseError(
    "That does not say what to mute.",
    "Name packages, customers or an alert, for example alert=1042. To mute everything, send “mute all”.",
    [wordToken(bareWord("all"))],
  );
}

export function isAlertPair(token: Token): token is PairToken {
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

function parseAlertTarget(pair: PairToken, said: readonly Token[]): ParseResult<Target> {
  const numbers = numbersOf(pair);
  if (numbers.length === 0) {
    return parseError(
      `${quote(pair.raw.trim())} names no alert.`,
      "Alerts have numbers, for example alert=1042; “alerts” lists them.",
      said.flatMap((token) => (token === pair ? pair.values.map(wordToken) : [token])),
    );
  }
  if (said.length === 1) return singleAlert(numbers);
  return parseError(
    "A mute is about one alert or about a filter, not about both.",
    "An alert stands for its own customer and package.",
    [alertToken(numbers)],
  );
}

function singleAlert(numbers: readonly number[]): ParseResult<Target> {
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
