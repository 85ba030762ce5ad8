import { type CustomerRef, formatRef, parseCustomerRef } from "./customer-ref.ts";
import type { CommandDefinition } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { mapValue } from "./parse-error.ts";

export interface FollowCommand {
  readonly name: "follow";
  readonly ref?: CustomerRef;
}

export const follow: CommandDefinition<FollowCommand> = {
  words: ["follow"],
  suggested: { bySlip: ["follow"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "follow 3",
      does: "sends you one 1:1 message with the result for that customer; name it as for customer",
      more: ["It is sent when nothing of the customer is in error or in progress any more."],
    },
  ],
  parse: ({ rest }, distance) =>
    mapValue(parseCustomerRef("follow", rest, distance), ({ ref }) => ({ name: "follow", ...(ref && { ref }) })),
  format: ({ ref }, write) => joinParts("follow", ref && formatRef(ref, write)),
};
