import type { Filter } from "../customers/filter.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { formatTerms, joinParts } from "./format-terms.ts";
import { parseList, withoutSettings } from "./list.ts";
import { mapValue, type ParseResult } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import { unquotedWord } from "./tokenize.ts";

export interface SummaryCommand {
  readonly name: "summary";
  readonly filter: Filter;
}

export const summary: CommandDefinition<SummaryCommand> = {
  words: ["summary", "summarise", "summarize", "overview", "totals", "statistics", "stats"],
  suggested: { byEdits: ["summary"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "summary country=DE",
      does: "counts by status, package and error code; without a filter, of all",
      more: ["Takes the same filter as customers."],
      button: { title: "Summary", command: "summary" },
    },
  ],
  parse: parseSummary,
  format: ({ filter }, write) => joinParts("summary", formatTerms(filter, write)),
};

/** "summary by status": a summary counts by everything anyway, so "by" and the word behind it are left out. */
function parseSummary({ rest }: Message, distance: Distance): ParseResult<SummaryCommand> {
  const terms = withoutSettings(rest).filter(
    (_, at) => unquotedWord(rest[at]) !== "by" && unquotedWord(rest[at - 1]) !== "by",
  );
  return mapValue(parseList("summary", terms, distance), ({ filter }) => ({ name: "summary", filter }));
}
