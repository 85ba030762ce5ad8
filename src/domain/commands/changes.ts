import { DEFAULT_SINCE } from "../customers/since.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { type HistoryCommand, history } from "./history.ts";
import { mapValue, type ParseResult, parseError } from "./parse-error.ts";
import { formatSinceCommand, parseSinceArgument, type SinceArgument, withoutSince } from "./since-commands.ts";
import type { Distance } from "./suggest.ts";
import { bareToken, unquotedWord } from "./tokenize.ts";

/** `changes since=8h` */
export interface ChangesCommand extends SinceArgument {
  readonly name: "changes";
}

export const changes: CommandDefinition<ChangesCommand, HistoryCommand> = {
  words: ["changes", "changed", "change", "happened", "happening"],
  suggested: { byEdits: ["changes"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["changed"],
      usage: "changes since=2h",
      does: "recent changes of all customers; without a span, of the last 24 hours",
      more: ["Spans: 30m, 2h, 3d, 1w. For one customer, ask for its history."],
      button: { title: "Changes", command: "changes" },
    },
  ],
  parse: parseChanges,
  format: (command) => formatSinceCommand("changes", command, DEFAULT_SINCE),
};

/** `changes since=2h`, "what changed in the last 3 hours", "changes today"; "what happened to acme" is the history of one. */
function parseChanges({ rest }: Message, distance: Distance): ParseResult<ChangesCommand | HistoryCommand> | undefined {
  const others = withoutSince(rest);
  if (others.length > 0 && /^(?:to|with|for|at)$/.test(unquotedWord(rest[0]) ?? ""))
    return history.parse({ word: "history", rest: others }, distance);
  if (others.length > 0) {
    return parseError(
      "Changes are told of all customers, or of one.",
      "Send “changes since=2h”, or “history” and one customer.",
      [bareToken("changes"), ...rest.filter((token) => !others.includes(token))],
    );
  }
  return mapValue(parseSinceArgument("changes", rest, DEFAULT_SINCE), (since) => ({ name: "changes", ...since }));
}
