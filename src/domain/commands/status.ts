import { type CustomersCommand, parseCustomerList } from "./customers.ts";
import type { CommandDefinition } from "./definition.ts";
import { isNoiseWord } from "./noise-words.ts";
import { parsed } from "./parse-error.ts";
import { unquotedWord } from "./tokenize.ts";

export interface StatusCommand {
  readonly name: "status";
}

/** `status` alone is about the bot, `status error` about customers. */
export const status: CommandDefinition<StatusCommand, CustomersCommand> = {
  words: ["status", "health"],
  suggested: { byEdits: ["status"] },
  needs: "viewer",
  confidential: false,
  help: [
    {
      also: ["health"],
      usage: "status",
      does: "the state of the bot itself",
      more: ["To filter by a customer’s status, write customers status=…."],
      button: { title: "Bot status", command: "status" },
    },
  ],
  parse: ({ rest }, distance) =>
    rest.every((token) => isNoiseWord(unquotedWord(token)))
      ? parsed({ name: "status" })
      : parseCustomerList(rest, distance),
  format: () => "status",
};
