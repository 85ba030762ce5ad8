import { DEFAULT_SINCE } from "../customers/since.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { mapValue, type ParseResult, parseError } from "./parse-error.ts";
import { formatSinceCommand, parseSinceArgument, withoutSince } from "./since-commands.ts";
import { bareToken } from "./tokenize.ts";

export interface ChangesCommand {
  readonly name: "changes";
  /** Milliseconds: `changes since=2h`. */
  readonly since: number;
}

export const changes: CommandDefinition<ChangesCommand> = {
  words: ["changes", "changed", "change"],
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
  format: ({ since }) => formatSinceCommand("changes", since, DEFAULT_SINCE),
};

/** `changes since=2h`, "what changed in the last 3 hours", "changes today". */
function parseChanges({ rest }: Message): ParseResult<ChangesCommand> {
  const others = withoutSince(rest);
  if (others.length > 0) {
    return parseError(
      "Changes are told of all customers, or of one.",
      "Send “changes since=2h”, or “history” and one customer.",
      [bareToken("changes"), ...rest.filter((token) => !others.includes(token))],
    );
  }
  return mapValue(parseSinceArgument("changes", rest, DEFAULT_SINCE), (since) => ({ name: "changes", since }));
}
