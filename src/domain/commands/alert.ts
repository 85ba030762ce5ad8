import { numbersOf } from "./alert-arguments.ts";
import { type AlertsCommand, alerts } from "./alerts.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { isWithoutArguments } from "./noise-words.ts";
import { type ParseResult, parsed, parseError } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import { bareToken } from "./tokenize.ts";

/** `alert 1042`: one alert with its story. */
export interface AlertCommand {
  readonly name: "alert";
  readonly number: number;
}

export const alert: CommandDefinition<AlertCommand, AlertsCommand> = {
  words: ["alert"],
  needs: "viewer",
  confidential: true,
  help: [
    {
      usage: "alert 1042",
      does: "one alert with its story: statuses, acknowledgements, and what this space was told",
      more: ["The numbers of alerts are on their cards; alerts lists those that are open."],
    },
  ],
  parse: parseAlert,
  format: ({ number }) => `alert ${number}`,
};

/** Without a number it is the list; other words make it a name: `Alert Logic`. */
function parseAlert({ rest }: Message, distance: Distance): ParseResult<AlertCommand | AlertsCommand> | undefined {
  const [number, ...others] = new Set(rest.flatMap(numbersOf));
  const words = rest.filter((token) => numbersOf(token).length === 0);
  if (!isWithoutArguments(words)) return undefined;
  if (number === undefined) return alerts.parse({ word: "alerts", rest }, distance);
  if (others.length === 0) return parsed({ name: "alert", number });
  return parseError("That is more than one alert.", `One at a time, for example alert ${number}.`, [
    bareToken("alert"),
    bareToken(String(number)),
  ]);
}
