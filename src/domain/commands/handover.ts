import type { CommandDefinition, Message } from "./definition.ts";
import { mapValue, type ParseResult, parseError } from "./parse-error.ts";
import { formatSinceCommand, parseSinceArgument, type SinceArgument, withoutSince } from "./since-commands.ts";
import { bareToken, type Token, unquotedWord } from "./tokenize.ts";

/** `handover since=8h` */
export interface HandoverCommand extends SinceArgument {
  readonly name: "handover";
}

/** Milliseconds: the length of a shift. */
const DEFAULT_HANDOVER = 12 * 3_600_000;

export const handover: CommandDefinition<HandoverCommand> = {
  // Not suggested for a similar word: "handover" is too near to Hanover.
  words: ["handover", "hand-over", "handoff", "hand-off"],
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "handover since=8h",
      does: "what opened and closed, what is still open, and who acknowledged it; without a span, for the last 12 hours",
      more: ["Spans: 30m, 8h, 2d, 1w."],
    },
  ],
  parse: parseHandover,
  format: (command) => formatSinceCommand("handover", command, DEFAULT_HANDOVER),
};

/** `handover since=8h`, "handover of the last 8 hours". Other words make it a name: `Handover Ltd`. */
function parseHandover({ rest }: Message): ParseResult<HandoverCommand> | undefined {
  const tokens = rest.filter((token) => !isNoun(token));
  const others = withoutSince(tokens);
  if (others.some((token) => token.kind === "pair")) {
    return parseError(
      "A handover is about all alerts of this space.",
      "Send “handover since=8h”; “alerts” lists some of them, for example alerts country=DE.",
      [bareToken("handover"), ...rest.filter((token) => !others.includes(token))],
    );
  }
  if (others.length > 0) return undefined;
  return mapValue(parseSinceArgument("handover", tokens, DEFAULT_HANDOVER), (since) => ({
    name: "handover",
    ...since,
  }));
}

function isNoun(token: Token): boolean {
  return /^(?:shift|report|notes|alerts|space)$/.test(unquotedWord(token) ?? "");
}
