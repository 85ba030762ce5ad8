import type { Filter } from "../customers/filter.ts";
import type { CommandDefinition } from "./definition.ts";
import { formatTerms, joinParts } from "./format-terms.ts";
import { parseList, withoutSettings } from "./list.ts";
import { mapValue } from "./parse-error.ts";

/** The filter form, filled in with the filter that was in force. */
export interface FindCommand {
  readonly name: "find";
  readonly filter: Filter;
}

export const find: CommandDefinition<FindCommand> = {
  words: ["find", "filter", "search"],
  suggested: { byEdits: ["find", "filter", "search"] },
  needs: "viewer",
  confidential: false,
  help: [
    {
      also: ["form", "search"],
      usage: "find",
      does: "a form to fill in instead of typing",
      more: ["The Filter button of a list opens the same form, filled in."],
      button: { title: "Find", command: "find" },
    },
  ],
  parse: ({ rest }, distance) =>
    mapValue(parseList("find", withoutSettings(rest), distance), ({ filter }) => ({ name: "find", filter })),
  format: ({ filter }, write) => joinParts("find", formatTerms(filter, write)),
};
