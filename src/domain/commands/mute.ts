import { fieldNamed, squashed } from "../customers/filter.ts";
import { formatSince } from "../customers/since.ts";
import type { MuteCommand } from "./command.ts";
import { isAlertPair, readTarget } from "./mute-target.ts";
import { takeRemark } from "./remark.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import { spanNamed, takeSpan } from "./span.ts";
import type { Distance } from "./suggest.ts";
import { bare, pairToken, spoken, type Token, wordToken } from "./tokens.ts";

/** The longest that a mute may last (ALERTS 23). */
export const LONGEST_MUTE = 7 * 86_400_000;

/** `mute package=calling for=2h because="maintenance"`, or one alert's own customer and package: `mute 1042 for=24h …`. */
export function readMute(tokens: readonly Token[], distance: Distance): Reading<MuteCommand> {
  const asked = askedIn(tokens);
  const { target, span, reason } = asked;
  if (target.length === 0 && span === undefined && reason === "") return saysNothing();
  const what = readTarget(target, distance);
  if (!what.ok) {
    const { problem, hint, instead } = what.slip;
    return slipped(problem, hint, again({ ...asked, target: instead }));
  }
  const lasts = readLength(asked);
  if (!lasts.ok) return lasts;
  if (reason !== "") return meant({ name: "mute", what: what.value, for: lasts.value, because: reason });
  return slipped(
    "Every mute needs a reason.",
    'Others will want to know, so say why, for example because="maintenance".',
    again({ ...asked, reason: "maintenance" }),
  );
}

/** A mute in its three parts, as they were said. */
interface Asked {
  readonly target: readonly Token[];
  readonly span: string | undefined;
  readonly reason: string;
}

function askedIn(tokens: readonly Token[]): Asked {
  const { said: span, others } = takeSpan(tokens, reasonIn(tokens));
  const at = reasonIn(others);
  if (at === others.length) return { target: others, span, reason: "" };
  const remark = takeRemark(others, at, isTerm);
  return { target: remark.others, span, reason: remark.text };
}

function saysNothing(): Reading<never> {
  return slipped(
    "That does not say what to mute.",
    'For example mute package=webex_calling for=2h because="maintenance"; “alerts” lists what is open.',
    [wordToken(bare("alerts"))],
  );
}

function again({ target, span, reason }: Asked): readonly Token[] {
  return [
    wordToken(bare("mute")),
    ...target,
    ...(span === undefined ? [] : [pairToken("for", [bare(span)])]),
    ...(reason === "" ? [] : [pairToken("because", [{ ...bare(reason), quoted: true }])]),
  ];
}

/** Where the reason begins: at `because=`, or else at the word. Behind the last token when there is none. */
function reasonIn(tokens: readonly Token[]): number {
  const pair = tokens.findIndex(
    (token) => token.kind === "pair" && /^(?:because|reason)$/.test(squashed(token.key)),
  );
  const at = pair < 0 ? tokens.findIndex((token) => spoken(token) === "because") : pair;
  return at < 0 ? tokens.length : at;
}

/** A reason may well say "carrier: down", but a term behind it is still one: without it, too much would be muted. */
function isTerm(token: Token): boolean {
  if (token.kind === "word" || token.sign === ":") return false;
  return fieldNamed(token.key) !== undefined || isAlertPair(token);
}

function readLength(asked: Asked): Reading<number> {
  const { span } = asked;
  if (span === undefined) {
    return slipped("That does not say for how long.", LENGTH_HINT, again({ ...asked, span: "2h" }));
  }
  const length = spanNamed(span);
  if (length !== undefined && length <= LONGEST_MUTE) return meant(length);
  // Beyond all history, a span cannot even be read.
  const isTooLong = (length ?? spanNamed(span.replace(/^[1-9]\d*/, "1"))) !== undefined;
  if (!isTooLong) {
    return slipped(`${quote(span)} is not a span of time.`, LENGTH_HINT, again({ ...asked, span: "2h" }));
  }
  return slipped(
    `${quote(span)} is too long for a mute.`,
    "It may last 7 days at most: for=7d. What is still open then can be muted again.",
    again({ ...asked, span: formatSince(LONGEST_MUTE) }),
  );
}

const LENGTH_HINT = "Write a span in m, h or d, for example for=2h; 7 days at most.";
