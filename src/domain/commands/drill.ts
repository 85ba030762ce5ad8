import type { CommandDefinition } from "./definition.ts";
import { isWithoutArguments } from "./noise-words.ts";
import { parsed } from "./parse-error.ts";

export interface DrillCommand {
  readonly name: "drill";
}

export const drill: CommandDefinition<DrillCommand> = {
  words: ["drill"],
  suggested: { bySlip: ["drill"] },
  needs: "operator",
  confidential: true,
  help: [
    {
      usage: "drill",
      does: "sends a test alert the same way as a real one, marked DRILL",
      more: ["It shows how long each step took. No customer is changed."],
    },
  ],
  parse: ({ rest }) => (isWithoutArguments(rest) ? parsed({ name: "drill" }) : undefined),
  format: () => "drill",
};
