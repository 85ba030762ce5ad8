import { numbersOf } from "./alert-arguments.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { isWithoutArguments } from "./noise-words.ts";
import { type ParseResult, parsed, parseError } from "./parse-error.ts";
import { bareToken } from "./tokenize.ts";

/** `alert 1042`: one alert with its story. Without a number it is that of the thread, or the list of alerts. */
export interface AlertCommand {
  readonly name: "alert";
  readonly number?: number;
}

export const alert: CommandDefinition<AlertCommand> = {
  words: ["alert"],
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "alert 1042",
      does: "one alert with its story: statuses, acknowledgements, and what this space was told",
      more: [
        "The numbers of alerts are on their cards; alerts lists those that are open.",
        "In the thread of an alert, alert, ack, mute 2h, open, history and follow are about that one without its number.",
      ],
    },
  ],
  parse: parseAlert,
  format: ({ number }) => joinParts("alert", number !== undefined && String(number)),
};

/** Other words make it a name: `Alert Logic`. */
function parseAlert({ rest }: Message): ParseResult<AlertCommand> | undefined {
  const [number, ...others] = new Set(rest.flatMap(numbersOf));
  const words = rest.filter((token) => numbersOf(token).length === 0);
  if (!isWithoutArguments(words)) return undefined;
  if (number === undefined) return parsed({ name: "alert" });
  if (others.length === 0) return parsed({ name: "alert", number });
  return parseError("That is more than one alert.", `One at a time, for example alert ${number}.`, [
    bareToken("alert"),
    bareToken(String(number)),
  ]);
}
