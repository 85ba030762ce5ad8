import type { Filter } from "../customers/filter.ts";
import { DEFAULT_SINCE, formatSince, parseSince } from "../customers/since.ts";
import { parseAlertFilter } from "./alert-arguments.ts";
import { type ClockText, normalizeSinceClock } from "./clock-time.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { formatPage, formatTerms, joinParts } from "./format-terms.ts";
import { mapCorrection, mapValue, type ParseResult, parsed } from "./parse-error.ts";
import { sinceError } from "./since-commands.ts";
import { spokenSince } from "./spoken-since.ts";
import type { Distance } from "./suggest.ts";
import { bareToken, bareWord, type PairToken, pairToken, type Token, unquotedWord } from "./tokenize.ts";
import { ALL_ALERTS_WORDS, OVER_WORDS } from "./vocabulary.ts";

/** `alerts country=DE`, `alerts all`, `alerts over since=1h`. */
export interface AlertsCommand {
  readonly name: "alerts";
  readonly filter: Filter;
  readonly page: number;
  /** Also what this space neither watches nor was told of. */
  readonly everywhere?: true;
  /** Alerts that ended in this span, milliseconds, instead of open ones. */
  readonly over?: number;
  /** In place of that span, until `withClockTimes` makes a span of it. */
  readonly from?: ClockText;
}

export const alerts: CommandDefinition<AlertsCommand> = {
  words: ["alerts"],
  suggested: { bySlip: ["alerts"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "alerts",
      does: "lists the open alerts of this space; alerts all also those that it does not watch",
      more: [
        "Takes the same filter as customers, for example alerts country=DE. page=2 turns the page.",
        "What ended lately: alerts over since=1h; without a span, in the last 24 hours.",
      ],
      button: { title: "Alerts", command: "alerts" },
    },
  ],
  parse: parseAlerts,
  format: ({ filter, page, everywhere, over, from }, write) =>
    joinParts(
      "alerts",
      everywhere && "all",
      over !== undefined && (from === undefined ? `over since=${formatSince(over)}` : `over since="${from}"`),
      formatTerms(filter, write),
      formatPage(page),
    ),
};

function parseAlerts({ rest }: Message, distance: Distance): ParseResult<AlertsCommand> {
  const everywhere = rest.some((token) => isOneOf(ALL_ALERTS_WORDS, token));
  const isOver = rest.some((token) => isOneOf(OVER_WORDS, token));
  const tokens = isOver ? withSincePair(rest) : rest;
  const sincePair = isOver ? tokens.find(isSincePair) : undefined;
  const over = isOver ? parseOverSince(sincePair) : parsed({});
  const others = tokens.filter(
    (token) => token !== sincePair && !isOneOf(ALL_ALERTS_WORDS, token) && !isOneOf(OVER_WORDS, token),
  );
  const choice = [...(everywhere ? ["all"] : []), ...(isOver ? ["over"] : [])].map(bareToken);
  if (!over.ok) {
    return mapCorrection(over, (correction) => [bareToken("alerts"), ...choice, ...correction, ...others]);
  }
  const kept = sincePair === undefined ? choice : [...choice, sincePair];
  const list = mapCorrection(parseAlertFilter("alerts", others, distance), ([command, ...terms]) =>
    command === undefined ? [] : [command, ...kept, ...terms],
  );
  return mapValue(list, ({ filter, page }) => ({
    name: "alerts",
    filter,
    page,
    ...(everywhere && { everywhere: true as const }),
    ...over.value,
  }));
}

function isOneOf(words: ReadonlySet<string>, token: Token): boolean {
  return words.has(unquotedWord(token) ?? "");
}

function isSincePair(token: Token): token is PairToken {
  return token.kind === "pair" && token.sign !== "!=" && token.key.toLowerCase() === "since";
}

/** "in the last 3 hours" is `since=3h`. */
function withSincePair(tokens: readonly Token[]): readonly Token[] {
  for (const at of tokens.keys()) {
    const found = spokenSince(tokens, at);
    if (found) return tokens.toSpliced(at, found.consumed, pairToken("since", [bareWord(found.since)]));
  }
  return tokens;
}

function parseOverSince(pair: PairToken | undefined): ParseResult<Pick<AlertsCommand, "over" | "from">> {
  if (pair === undefined) return parsed({ over: DEFAULT_SINCE });
  const text = pair.values.map((value) => value.text).join(" ");
  const over = parseSince(text);
  if (over !== undefined) return parsed({ over });
  const from = normalizeSinceClock(text);
  return from === undefined ? sinceError(text) : parsed({ over: DEFAULT_SINCE, from });
}
