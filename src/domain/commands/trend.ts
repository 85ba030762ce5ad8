import type { CommandDefinition, Message } from "./definition.ts";
import { type ParseResult, parsed, parseError } from "./parse-error.ts";
import { isTimeWord } from "./since-commands.ts";
import { bareToken, unquotedWord } from "./tokenize.ts";

export interface TrendCommand {
  readonly name: "trend";
}

export const trend: CommandDefinition<TrendCommand> = {
  words: ["trend", "trends"],
  suggested: { byEdits: ["trend"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "trend",
      does: "customers by status over the last 30 days, as numbers and a chart",
      more: ["One count a day, from the last complete reading of that day."],
    },
  ],
  parse: parseTrend,
  format: () => "trend",
};

const NOUNS: ReadonlySet<string> = new Set(["chart", "graph", "customers", "customer", "status", "month"]);

/** A trend takes no arguments; words such as "of the last month" are ignored. */
function parseTrend({ rest }: Message): ParseResult<TrendCommand> {
  const others = rest.filter((token) => {
    const word = unquotedWord(token);
    return !isTimeWord(word) && !NOUNS.has(word ?? "");
  });
  if (others.length === 0) return parsed({ name: "trend" });
  return parseError(
    "A trend is about all customers.",
    "Some of them are counted by “summary”, for example summary country=DE.",
    [bareToken("summary"), ...others],
  );
}
