import type { Filter } from "../customers/filter.ts";
import { type AuditCommand, audit } from "./audit.ts";
import type { CommandDefinition } from "./definition.ts";
import { formatTerms, joinParts } from "./format-terms.ts";
import { parseList } from "./list.ts";
import { skipFillers } from "./noise-words.ts";
import { mapValue, type ParseResult } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import { bareToken, type Token, unquotedWord } from "./tokenize.ts";

export interface ExportCommand {
  readonly name: "export";
  readonly filter: Filter;
  readonly sort?: string;
}

export const exportCustomers: CommandDefinition<ExportCommand, AuditCommand> = {
  words: ["export", "download", "csv"],
  suggested: { byEdits: ["export"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["csv", "download"],
      usage: "export status=error sort=name",
      does: "the matching customers as a CSV file",
      more: ["Takes the same filter and sort= as customers. The file opens in Excel as data."],
    },
  ],
  parse: ({ rest }, distance) =>
    parseAuditExport(rest, distance) ??
    mapValue(parseList("export", rest, distance), ({ filter, sort }) => ({
      name: "export",
      filter,
      ...(sort !== undefined && { sort }),
    })),
  format: ({ filter, sort }, write) => joinParts("export", formatTerms(filter, write), sort && `sort=${sort}`),
};

/** `export audit since=30d`; undefined for customers, such as those of `export Audit Partners`. */
function parseAuditExport(tokens: readonly Token[], distance: Distance): ParseResult<AuditCommand> | undefined {
  const at = skipFillers(tokens, 0);
  if (unquotedWord(tokens[at]) !== "audit") return undefined;
  const rest = [bareToken("export"), ...tokens.slice(at + 1)];
  return audit.parse({ word: "audit", rest }, distance);
}
