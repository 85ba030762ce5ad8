import type { CommandDefinition } from "./definition.ts";
import { isWithoutArguments } from "./noise-words.ts";
import { parsed } from "./parse-error.ts";

/** `confirm`: most customers are really gone, although the list alone is not believed (ALERTS 6). */
export interface ConfirmCommand {
  readonly name: "confirm";
}

export const confirm: CommandDefinition<ConfirmCommand> = {
  words: ["confirm"],
  suggested: { bySlip: ["confirm"] },
  needs: "operator",
  confidential: false,
  help: [
    {
      usage: "confirm",
      does: "says that the customers missing from the list were really removed, when the bot asks",
      more: [
        "When most of the known customers are missing from the list, the bot removes none of them until somebody confirms it, and three readings over at least one hour agree.",
      ],
    },
  ],
  parse: ({ rest }) => (isWithoutArguments(rest) ? parsed({ name: "confirm" }) : undefined),
  format: () => "confirm",
};
