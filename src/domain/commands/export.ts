import type { Filter } from "../customers/filter.ts";
import type { CommandDefinition } from "./definition.ts";
import { formatTerms, joinParts } from "./format-terms.ts";
import { parseList } from "./list.ts";
import { mapValue } from "./parse-error.ts";

export interface ExportCommand {
  readonly name: "export";
  readonly filter: Filter;
  readonly sort?: string;
}

export const exportCustomers: CommandDefinition<ExportCommand> = {
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
    mapValue(parseList("export", rest, distance), ({ filter, sort }) => ({
      name: "export",
      filter,
      ...(sort !== undefined && { sort }),
    })),
  format: ({ filter, sort }, write) => joinParts("export", formatTerms(filter, write), sort && `sort=${sort}`),
};
