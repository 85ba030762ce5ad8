import { fieldNamed, normalizeName } from "../customers/filter.ts";
import { formatSince } from "../customers/since.ts";
import type { MuteCommand } from "./command.ts";
import { isAlertPair, parseMuteTarget } from "./mute-target.ts";
import { takeFreeText } from "./remark.ts";
import { type ParseResult, parsed, parseError, quote } from "./slip.ts";
import { parseSpokenDuration, takeDuration } from "./span.ts";
import type { Distance } from "./suggest.ts";
import { bareWord, pairToken, type Token, unquotedWord, wordToken } from "./tokens.ts";

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
  if (reason !== "")
    return parsed({ name: "mute", target: what.value, durationMs: lasts.value, because: reason });
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
    return parseError(
      "That does not say for how long.",
      DURATION_HINT,
      muteTokens({ ...asked, duration: "2h" }),
    );
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
