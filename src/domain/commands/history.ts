import { type CustomerRef, formatRef, parseCustomerRef } from "./customer-ref.ts";
import type { CommandDefinition } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { mapValue } from "./parse-error.ts";

export interface HistoryCommand {
  readonly name: "history";
  readonly ref?: CustomerRef;
}

export const history: CommandDefinition<HistoryCommand> = {
  words: ["history", "timeline"],
  suggested: { byEdits: ["history"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "history 3",
      does: "recent changes of one customer; name it as for customer",
      more: ["History is kept for 400 days, also of removed customers."],
    },
  ],
  parse: ({ rest }, distance) =>
    mapValue(parseCustomerRef("history", rest, distance), ({ ref }) => ({ name: "history", ...(ref && { ref }) })),
  format: ({ ref }, write) => joinParts("history", ref && formatRef(ref, write)),
};
