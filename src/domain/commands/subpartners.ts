import type { CommandDefinition } from "./definition.ts";
import { parsed } from "./parse-error.ts";

export interface SubpartnersCommand {
  readonly name: "subpartners";
}

export const subpartners: CommandDefinition<SubpartnersCommand> = {
  words: ["subpartners", "sub-partners"],
  suggested: { byEdits: ["subpartners"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["subpartner"],
      usage: "subpartners",
      does: "lists the sub-partners",
      more: ["customers subpartner=… lists the customers of one."],
    },
  ],
  parse: () => parsed({ name: "subpartners" }),
  format: () => "subpartners",
};
