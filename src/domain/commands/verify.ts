import type { CommandDefinition } from "./definition.ts";
import { isWithoutArguments } from "./noise-words.ts";
import { parsed } from "./parse-error.ts";

export interface VerifyCommand {
  readonly name: "verify";
}

export const verify: CommandDefinition<VerifyCommand> = {
  words: ["verify"],
  suggested: { bySlip: ["verify"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "verify",
      does: "compares the alerts sent to this space with the errors in Webex",
      more: ["It also shows how old the last complete reading of all customers is."],
    },
  ],
  parse: ({ rest }) => (isWithoutArguments(rest) ? parsed({ name: "verify" }) : undefined),
  format: () => "verify",
};
