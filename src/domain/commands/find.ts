import { type Filter, normalizeName } from "../customers/filter.ts";
import type { CommandDefinition } from "./definition.ts";
import { formatTerms, joinParts } from "./format-terms.ts";
import { parseList, withoutSettings, yesOrNo } from "./list.ts";
import { mapValue } from "./parse-error.ts";
import type { Token } from "./tokenize.ts";

/** The filter form, filled in with the filter that was in force. */
export interface FindCommand {
  readonly name: "find";
  readonly filter: Filter;
  /** Also the inputs for ids and for the size of a page. */
  readonly more: boolean;
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
      more: [
        "The Filter button of a list opens the same form, filled in.",
        "What is filled in becomes the command that could be typed.",
      ],
      button: { title: "Find", command: "find" },
    },
  ],
  parse: ({ rest }, distance) => {
    const others = withoutSettings(rest).filter((token) => !isMore(token));
    return mapValue(parseList("find", others, distance), ({ filter }) => ({
      name: "find",
      filter,
      more: rest.some(isMore),
    }));
  },
  format: ({ filter, more }, write) => joinParts("find", formatTerms(filter, write), more && "more=yes"),
};

const isMore = (token: Token): boolean =>
  token.kind === "pair" && normalizeName(token.key) === "more" && yesOrNo(token.values[0]?.text ?? "") === true;
