import { type CustomerRef, formatRef, parseCustomerRef } from "./customer-ref.ts";
import type { CommandDefinition } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { mapValue, type ParseResult } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import type { Token } from "./tokenize.ts";

export interface FollowCommand {
  readonly name: "follow";
  readonly ref?: CustomerRef;
}

/** Without a customer, the reply asks which. */
export interface UnfollowCommand {
  readonly name: "unfollow";
  readonly ref?: CustomerRef;
}

export const follow: CommandDefinition<FollowCommand> = {
  words: ["follow"],
  suggested: { bySlip: ["follow"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["unfollow"],
      usage: "follow 3",
      does: "sends you one 1:1 message with the result for that customer; unfollow 3 takes that back",
      more: [
        "It is sent when nothing of the customer is in error or in progress any more. Name the customer as for customer.",
        "unfollow alone lists the customers that you follow.",
      ],
    },
  ],
  parse: ({ rest }, distance) => parseFollow("follow", rest, distance),
  format: ({ ref }, write) => joinParts("follow", ref && formatRef(ref, write)),
};

export const unfollow: CommandDefinition<UnfollowCommand> = {
  words: ["unfollow"],
  suggested: { bySlip: ["unfollow"] },
  needs: "viewer",
  confidential: true,
  help: [],
  parse: ({ rest }, distance) => parseFollow("unfollow", rest, distance),
  format: ({ ref }, write) => joinParts("unfollow", ref && formatRef(ref, write)),
};

function parseFollow<N extends "follow" | "unfollow">(
  name: N,
  rest: readonly Token[],
  distance: Distance,
): ParseResult<{ readonly name: N; readonly ref?: CustomerRef }> {
  return mapValue(parseCustomerRef(name, rest, distance), ({ ref }) => ({ name, ...(ref && { ref }) }));
}
