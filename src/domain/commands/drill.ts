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
      does: "sends a trial alert through the real path, marked DRILL",
      more: ["It says how long each step took. No customer is touched."],
    },
  ],
  parse: ({ rest }) => (isWithoutArguments(rest) ? parsed({ name: "drill" }) : undefined),
  format: () => "drill",
};
