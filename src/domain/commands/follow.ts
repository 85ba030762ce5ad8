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
      does: "tells you once, 1:1, how that customer ended; named as for customer",
      more: ["The customer has ended when nothing of it is in error or under way any more."],
    },
  ],
  parse: ({ rest }, distance) =>
    mapValue(parseCustomerRef("follow", rest, distance), ({ ref }) => ({ name: "follow", ...(ref && { ref }) })),
  format: ({ ref }, write) => joinParts("follow", ref && formatRef(ref, write)),
};
